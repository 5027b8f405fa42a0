#include "base/json.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/number_text.h"

namespace convoy::base {
namespace {

void append_indent(std::string& out, int depth) {
  out += '\n';
  out.append(static_cast<std::size_t>(depth) * 2, ' ');
}

// Writes `json`; `depth` < 0 means on one line.
void write(const Json& json, std::string& out, int depth) {
  const int inner = depth < 0 ? depth : depth + 1;
  if (const auto* array = json.array()) {
    out += '[';
    for (std::size_t i = 0; i < array->size(); ++i) {
      if (i > 0) out += ',';
      if (depth >= 0) append_indent(out, inner);
      write((*array)[i], out, inner);
    }
    if (depth >= 0 && !array->empty()) append_indent(out, depth);
    out += ']';
  } else if (const auto* object = json.object()) {
    out += '{';
    for (std::size_t i = 0; i < object->size(); ++i) {
      if (i > 0) out += ',';
      if (depth >= 0) append_indent(out, inner);
      append_json_string(out, (*object)[i].first);
      out += depth < 0 ? ":" : ": ";
      write((*object)[i].second, out, inner);
    }
    if (depth >= 0 && !object->empty()) append_indent(out, depth);
    out += '}';
  } else if (const auto* text = json.string()) {
    append_json_string(out, *text);
  } else if (const auto* number = json.number()) {
    out += number->text;
  } else if (const auto* boolean = json.boolean()) {
    out += *boolean ? "true" : "false";
  } else {
    out += "null";
  }
}

void append_escape(std::string& out, unsigned char byte) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (byte) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
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
      out += "\\u00";
      out += kHex[byte >> 4U];
      out += kHex[byte & 0xFU];
  }
}

bool same_number(const Json::Number& left, const Json::Number& right) {
  return left.text == right.text || canonical_decimal(left.text) == canonical_decimal(right.text);
}

bool same_object(const Json::Object& left, const Json::Object& right) {
  if (left.size() != right.size()) return false;
  return std::ranges::all_of(left, [&](const Json::Member& member) {
    const auto other = std::ranges::find(
        right, member.first, [](const Json::Member& m) -> const std::string& { return m.first; });
    return other != right.end() && other->second == member.second;
  });
}

}  // namespace

Json Json::from_double(double value) {
  if (!std::isfinite(value)) return {};
  return Number{format_double(value)};
}

std::optional<std::int64_t> Json::integer() const {
  const auto* n = number();
  if (n == nullptr) return std::nullopt;
  std::int64_t value = 0;
  const char* end = n->text.data() + n->text.size();
  const auto [stop, error] = std::from_chars(n->text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

std::optional<double> Json::real() const {
  const auto* n = number();
  if (n == nullptr) return std::nullopt;
  return parse_double(n->text);
}

const Json* Json::find(std::string_view name) const {
  const auto* members = object();
  if (members == nullptr) return nullptr;
  const auto found =
      std::ranges::find_if(*members, [&](const Member& m) { return m.first == name; });
  return found == members->end() ? nullptr : &found->second;
}

Json& Json::set(std::string_view name, Json value) {
  if (is_null()) value_ = Object{};
  auto* members = object();
  const auto found =
      std::ranges::find_if(*members, [&](const Member& m) { return m.first == name; });
  if (found != members->end()) {
    found->second = std::move(value);
    return found->second;
  }
  return members->emplace_back(std::string(name), std::move(value)).second;
}

std::string Json::dump() const {
  std::string out;
  dump_to(out);
  return out;
}

void Json::dump_to(std::string& out) const { write(*this, out, -1); }

std::string Json::dump_pretty() const {
  std::string out;
  write(*this, out, 0);
  return out;
}

bool operator==(const Json& left, const Json& right) {
  if (left.value_.index() != right.value_.index()) return false;
  if (const auto* number = left.number()) return same_number(*number, *right.number());
  if (const auto* object = left.object()) return same_object(*object, *right.object());
  if (const auto* array = left.array()) return *array == *right.array();
  return left.value_ == right.value_;
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t copied = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
    out.append(text, copied, i - copied);
    append_escape(out, byte);
    copied = i + 1;
  }
  out.append(text, copied);
  out += '"';
}

}  // namespace convoy::base
