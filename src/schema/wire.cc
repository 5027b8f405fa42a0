#include "schema/wire.h"

#include <cmath>
#include <limits>

#include "base/number_text.h"
#include "base/text.h"
#include "base/time_text.h"

namespace convoy::schema {
namespace {

using base::Json;

Error mismatch(const Column& column, std::string_view wants, const Json& got) {
  constexpr std::size_t kShownMax = 60;
  auto shown = got.dump();
  if (shown.size() > kShownMax) shown = "a value of " + std::to_string(shown.size()) + " bytes";
  return {.code = ErrorCode::SchemaMismatch,
          .message = "the column \"" + column.name + "\" takes " + std::string(wants) +
                     ", but the server has " + shown,
          .hint = "Change the column in the program's schema to fit the server's."};
}

Result<Value> text_from_wire(const Column& column, const Json& wire, std::string_view wants) {
  const auto* text = wire.string();
  if (text == nullptr || text->find('\0') != std::string::npos) {
    return mismatch(column, wants, wire);
  }
  return Value(*text);
}

Result<Value> digits_from_wire(const Column& column, const Json& wire) {
  if (const auto* number = wire.number()) return Value(number->text);
  return text_from_wire(column, wire, "a number");
}

Result<Value> time_from_wire(const Column& column, const Json& wire) {
  const auto* text = wire.string();
  const auto time = text == nullptr ? std::nullopt : base::parse_timestamp(*text);
  if (!time) return mismatch(column, "a time between the years 1 and 9999", wire);
  return Value(*time);
}

Result<Value> number_from_wire(const Column& column, const Json& wire) {
  if (const auto number = wire.real()) return Value(*number == 0 ? 0.0 : *number);
  if (const auto* text = wire.string()) {
    if (*text == "Infinity") return Value(std::numeric_limits<double>::infinity());
    if (*text == "-Infinity") return Value(-std::numeric_limits<double>::infinity());
    // SQLite keeps no NaN.
    if (*text == "NaN" && column.is_optional) return Value(Null{});
  }
  return mismatch(column, "a number", wire);
}

Result<Value> string_from_wire(const Column& column, const Json& wire) {
  switch (column.pg_type) {
    case PgType::Native:
    case PgType::Date:
    case PgType::Uuid:
    case PgType::Timestamptz:
      return text_from_wire(column, wire, "text");
    case PgType::Jsonb:
      return Value(wire.dump());
    case PgType::Array:
      if (wire.array() == nullptr) return mismatch(column, "an array", wire);
      return Value(wire.dump());
    case PgType::Bigint:
    case PgType::Numeric:
      return digits_from_wire(column, wire);
  }
  return mismatch(column, "another type", wire);
}

Json number_to_wire(const Column& column, double number) {
  if (column.pg_type == PgType::Timestamptz) {
    const auto text = base::format_timestamp(number);
    return text ? Json(*text) : Json();
  }
  if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
  return Json::from_double(number);
}

Json string_to_wire(const Column& column, const std::string& text) {
  switch (column.pg_type) {
    case PgType::Jsonb:
    case PgType::Array: {
      auto json = base::parse_json(text);
      return json.ok() ? *std::move(json) : Json(text);
    }
    case PgType::Bigint:
    case PgType::Numeric:
      if (base::is_json_number(text)) return Json::Number{text};
      return text;
    case PgType::Native:
    case PgType::Timestamptz:
    case PgType::Date:
    case PgType::Uuid:
      return text;
  }
  return text;
}

// The text of a number that may travel as a token or as text; empty for anything else.
std::string_view digits_of(const Json& wire) {
  if (const auto* number = wire.number()) return number->text;
  if (const auto* text = wire.string()) return *text;
  return {};
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

}  // namespace

Result<Value> from_wire(const Column& column, const Json& wire) {
  if (wire.is_null()) {
    // On the wire JSON's null and SQL's are one; where SQL's is not allowed, it must be JSON's.
    if (column.is_optional) return Value(Null{});
    if (column.pg_type == PgType::Jsonb) return Value(std::string("null"));
    return mismatch(column, "a value; it is not optional here", wire);
  }
  switch (column.type) {
    case ColumnType::String:
      return string_from_wire(column, wire);
    case ColumnType::Number:
      return column.pg_type == PgType::Timestamptz ? time_from_wire(column, wire)
                                                   : number_from_wire(column, wire);
    case ColumnType::Boolean:
      if (const auto* boolean = wire.boolean()) return Value(*boolean);
      return mismatch(column, "true or false", wire);
  }
  return mismatch(column, "another type", wire);
}

Json to_wire(const Column& column, const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return string_to_wire(column, *text);
  if (const auto* number = std::get_if<double>(&value)) return number_to_wire(column, *number);
  if (const auto* boolean = std::get_if<bool>(&value)) return *boolean;
  return {};
}

bool same_wire_value(const Column& column, const Json& left, const Json& right) {
  if (left == right) return true;
  if (left.is_null() || right.is_null()) return false;
  const auto left_text = digits_of(left);
  const auto right_text = digits_of(right);
  if (left_text.empty() || right_text.empty()) return false;
  switch (column.pg_type) {
    case PgType::Timestamptz: {
      const auto time = base::parse_timestamp(left_text);
      return time && time == base::parse_timestamp(right_text);
    }
    case PgType::Bigint:
    case PgType::Numeric:
      return base::canonical_decimal(left_text) == base::canonical_decimal(right_text);
    case PgType::Uuid:
      return lower(left_text) == lower(right_text);
    case PgType::Native:
      if (column.type == ColumnType::Number) {
        const auto number = base::parse_double(left_text);
        return number && number == base::parse_double(right_text);
      }
      return false;
    case PgType::Date:
    case PgType::Jsonb:
    case PgType::Array:
      return false;
  }
  return false;
}

}  // namespace convoy::schema
