#include "schema/row_hash.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/number_text.h"
#include "base/sha256.h"
#include "base/time_text.h"

namespace convoy::schema {
namespace {

using base::Json;

constexpr std::size_t kHashDigits = 16;

// As Postgres writes a JSON string: only what must be escaped is.
void append_string(std::string& out, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
      case '\\':
        out += '\\';
        out += c;
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20) {
          out += c;
        } else {
          const auto code = static_cast<unsigned char>(c);
          out += "\\u00";
          out += kDigits[code >> 4U];
          out += kDigits[code & 15U];
        }
    }
  }
  out += '"';
}

// The number without an exponent: 1e3 as 1000.
std::string plain(std::string_view number) {
  const auto canonical = base::canonical_decimal(number);
  const auto e = canonical.find('e');
  if (e == std::string::npos) return canonical;
  const bool is_negative = canonical.front() == '-';
  auto digits = canonical.substr(is_negative ? 1 : 0, e - (is_negative ? 1 : 0));
  int exponent = 0;
  std::from_chars(canonical.data() + e + 1, canonical.data() + canonical.size(), exponent);
  if (exponent >= 0) {
    digits.append(static_cast<std::size_t>(exponent), '0');
  } else {
    const auto places = static_cast<std::size_t>(-exponent);
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    digits.insert(digits.size() - places, 1, '.');
  }
  return (is_negative ? "-" : "") + digits;
}

// A document as jsonb prints it: shorter names first, then by their bytes; numbers as they are.
void append_document(std::string& out, const Json& json) {
  if (const auto* object = json.object()) {
    std::vector<const Json::Member*> members;
    members.reserve(object->size());
    for (const auto& member : *object) members.push_back(&member);
    std::ranges::sort(members, [](const Json::Member* left, const Json::Member* right) {
      const auto& a = left->first;
      const auto& b = right->first;
      return a.size() != b.size() ? a.size() < b.size() : a < b;
    });
    out += '{';
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (i > 0) out += ", ";
      append_string(out, members[i]->first);
      out += ": ";
      append_document(out, members[i]->second);
    }
    out += '}';
  } else if (const auto* array = json.array()) {
    out += '[';
    for (std::size_t i = 0; i < array->size(); ++i) {
      if (i > 0) out += ", ";
      append_document(out, (*array)[i]);
    }
    out += ']';
  } else if (const auto* text = json.string()) {
    append_string(out, *text);
  } else {
    json.dump_to(out);
  }
}

// 2026-11-22T10:46:02.5+00:00: no zeros at the end of the fraction, UTC as an offset.
std::string postgres_time(const std::string& wire) {
  const auto time = base::parse_timestamp(wire);
  auto text = time ? base::format_timestamp(*time).value_or(wire) : wire;
  if (text.empty() || text.back() != 'Z') return text;
  text.pop_back();
  if (text.find('.') != std::string::npos) {
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
  }
  return text + "+00:00";
}

}  // namespace

void append_hashed_value(std::string& out, const Column& column, const Json& wire) {
  if (column.pg_type == PgType::Jsonb || column.pg_type == PgType::Array) {
    append_document(out, wire);
    return;
  }
  if (const auto* number = wire.number()) {
    out += plain(number->text);
    return;
  }
  const auto* text = wire.string();
  if (text == nullptr) {
    wire.dump_to(out);
    return;
  }
  const bool has_digits = column.pg_type == PgType::Bigint || column.pg_type == PgType::Numeric;
  if (has_digits && base::is_json_number(*text)) {
    out += plain(*text);
  } else if (column.pg_type == PgType::Timestamptz) {
    append_string(out, postgres_time(*text));
  } else {
    append_string(out, *text);
  }
}

std::uint64_t row_hash(std::string_view text) {
  const auto digest = base::sha256(text);
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < sizeof hash; ++i) hash = hash << 8U | digest[i];
  return hash;
}

int bucket_of(std::string_view id) { return base::sha256(id)[0]; }

std::string hash_text(std::uint64_t hash) {
  std::string text(kHashDigits, '0');
  std::string digits(kHashDigits, '0');
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), hash, 16);
  const auto length = static_cast<std::size_t>(end - digits.data());
  text.replace(kHashDigits - length, length, digits, 0, length);
  return text;
}

std::optional<std::uint64_t> parse_hash(std::string_view text) {
  std::uint64_t hash = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), hash, 16);
  if (text.size() != kHashDigits || error != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return hash;
}

}  // namespace convoy::schema
