#include "schema/sanitise.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/json.h"
#include "base/number_text.h"
#include "base/text.h"
#include "base/time_text.h"
#include "base/uuid.h"

namespace convoy::schema {
namespace {

std::string name_of(const Table& table, const Column& column) {
  return table.name + "." + column.name;
}

Error misfit(const Table& table, const Column& column, std::string_view wants) {
  return {.code = ErrorCode::InvalidArgument,
          .message = name_of(table, column) + " takes " + std::string(wants)};
}

Status check_storable(const Table& table, const Column& column, std::string_view text) {
  // The name is put together for the message of an error only.
  if (base::is_storable(text)) return ok_status();
  return base::check_text(text, name_of(table, column));
}

std::string lower_hex(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

bool is_special_number(std::string_view text) {
  constexpr std::array<std::string_view, 3> kSpecial{"NaN", "Infinity", "-Infinity"};
  return std::ranges::find(kSpecial, text) != kSpecial.end();
}

// "+007.50" as "7.50"; what is no number stays as it is.
std::string without_leading_zeros(std::string_view text) {
  std::string sign;
  if (text.starts_with('+') || text.starts_with('-')) {
    if (text.front() == '-') sign = "-";
    text.remove_prefix(1);
  }
  while (text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9') {
    text.remove_prefix(1);
  }
  if (text == "0") sign.clear();
  return sign + std::string(text);
}

// Within -2^63 … 2^63-1. Digits of one length compare like text.
bool is_bigint(std::string_view text) {
  const bool negative = text.starts_with('-');
  const auto digits = text.substr(negative ? 1 : 0);
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) {
    return false;
  }
  const std::string_view bound = negative ? "9223372036854775808" : "9223372036854775807";
  return digits.size() < bound.size() || (digits.size() == bound.size() && digits <= bound);
}

bool is_date(std::string_view text) {
  if (text == "infinity" || text == "-infinity") return true;
  return text.size() == 10 && base::parse_timestamp(text).has_value();
}

// An escaped NUL is well-formed JSON, but nothing that Postgres' jsonb can hold.
bool has_nul(const base::Json& json) {
  if (const auto* text = json.string()) return text->find('\0') != std::string::npos;
  if (const auto* array = json.array()) return std::ranges::any_of(*array, has_nul);
  const auto* object = json.object();
  return object != nullptr && std::ranges::any_of(*object, [](const base::Json::Member& member) {
           return member.first.find('\0') != std::string::npos || has_nul(member.second);
         });
}

Result<Value> check_json(const Table& table, const Column& column, const std::string& text) {
  auto json = base::parse_json(text);
  if (!json.ok()) return misfit(table, column, "JSON text: " + json.error().message);
  if (has_nul(*json)) return base::check_text({"\0", 1}, name_of(table, column)).error();
  // On the wire JSON's null and SQL's are one.
  if (json->is_null() && column.is_optional) return Value(Null{});
  if (column.pg_type == PgType::Array && json->array() == nullptr) {
    return misfit(table, column, "a JSON array");
  }
  return Value(json->dump());
}

Result<Value> check_string(const Table& table, const Column& column, std::string text) {
  CONVOY_CHECK_OK(check_storable(table, column, text));
  switch (column.pg_type) {
    case PgType::Native:
    case PgType::Timestamptz:
      return Value(std::move(text));
    case PgType::Date:
      if (!is_date(text)) return misfit(table, column, "a date such as 2026-11-22");
      return Value(std::move(text));
    case PgType::Uuid:
      text = lower_hex(std::move(text));
      if (!base::is_uuid(text)) return misfit(table, column, "a UUID");
      return Value(std::move(text));
    case PgType::Jsonb:
    case PgType::Array:
      return check_json(table, column, text);
    case PgType::Bigint:
      text = without_leading_zeros(text);
      if (!is_bigint(text)) return misfit(table, column, "the digits of a 64-bit integer");
      return Value(std::move(text));
    case PgType::Numeric:
      if (is_special_number(text)) return Value(std::move(text));
      text = without_leading_zeros(text);
      if (!base::is_json_number(text)) return misfit(table, column, "a decimal number as text");
      return Value(std::move(text));
  }
  return misfit(table, column, "another type");
}

Result<Value> check_number(const Table& table, const Column& column, double number) {
  if (std::isnan(number)) return misfit(table, column, "a number, not NaN");
  if (column.pg_type != PgType::Timestamptz) {
    if (std::isinf(number)) return misfit(table, column, "a finite number");
    return Value(number == 0 ? 0.0 : number);
  }
  // Whole milliseconds between the years 1 and 9999 are as they are to be stored.
  if (number >= -62'135'596'800'000 && number <= 253'402'300'799'999 &&
      std::trunc(number) == number) {
    return Value(number == 0 ? 0.0 : number);
  }
  const auto text = base::format_timestamp(number);
  if (!text) return misfit(table, column, "milliseconds of a time between the years 1 and 9999");
  return Value(base::parse_timestamp(*text).value_or(number));
}

Value sanitise_string(const Column& column, Value value) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr || !base::check_text(*text, {}).ok()) return default_value(column);
  return value;
}

Value sanitise_number(const Column& column, const Value& value) {
  const auto* number = std::get_if<double>(&value);
  if (number == nullptr || std::isnan(*number)) return default_value(column);
  if (std::isinf(*number) && column.pg_type != PgType::Timestamptz) return default_value(column);
  return *number == 0 ? 0.0 : *number;
}

Value sanitise_boolean(const Column& column, const Value& value) {
  if (std::holds_alternative<bool>(value)) return value;
  const auto* number = std::get_if<double>(&value);
  if (number != nullptr && (*number == 0 || *number == 1)) return *number == 1;
  return default_value(column);
}

}  // namespace

Value default_value(const Column& column) {
  if (column.is_optional) return Null{};
  switch (column.type) {
    case ColumnType::String:
      return std::string();
    case ColumnType::Number:
      return 0.0;
    case ColumnType::Boolean:
      return false;
  }
  return Null{};
}

Value sanitise(const Column& column, Value value) {
  switch (column.type) {
    case ColumnType::String:
      return sanitise_string(column, std::move(value));
    case ColumnType::Number:
      return sanitise_number(column, value);
    case ColumnType::Boolean:
      return sanitise_boolean(column, value);
  }
  return default_value(column);
}

Result<Value> check_value(const Table& table, const Column& column, Value value) {
  if (is_null(value)) {
    if (!column.is_optional) return misfit(table, column, "a value; it is not optional");
    return value;
  }
  switch (column.type) {
    case ColumnType::String:
      if (auto* text = std::get_if<std::string>(&value)) {
        return check_string(table, column, std::move(*text));
      }
      return misfit(table, column, "text");
    case ColumnType::Number:
      if (const auto* number = std::get_if<double>(&value)) {
        return check_number(table, column, *number);
      }
      return misfit(table, column, "a number");
    case ColumnType::Boolean:
      if (std::holds_alternative<bool>(value)) return value;
      return misfit(table, column, "true or false");
  }
  return misfit(table, column, "another type");
}

Result<const Value*> check_in_place(const Table& table, const Column& column, const Value& given,
                                    Value& scratch) {
  const auto* text = std::get_if<std::string>(&given);
  if (text != nullptr && column.type == ColumnType::String) {
    CONVOY_CHECK_OK(check_storable(table, column, *text));
    if (column.pg_type == PgType::Native) return &given;
    // is_uuid() knows lower case only.
    if (column.pg_type == PgType::Uuid && base::is_uuid(*text)) return &given;
  }
  CONVOY_TRY(scratch, check_value(table, column, given));
  return &scratch;
}

Result<std::string> check_id(const Table& table, std::string_view id) {
  if (!base::is_storable(id)) {
    return base::check_text(id, "the id of a record of " + table.name).error();
  }
  if (table.ids == IdKind::Watermelon) {
    if (!id.empty()) return std::string(id);
    return Error{.code = ErrorCode::InvalidArgument,
                 .message = "the id of a record of " + table.name + " is empty"};
  }
  auto lowered = lower_hex(std::string(id));
  if (base::is_uuid(lowered)) return lowered;
  return Error{
      .code = ErrorCode::InvalidArgument,
      .message = "\"" + std::string(id) + "\" is not a UUID, as ids of " + table.name + " must be"};
}

bool same_value(const Column& column, const Value& left, const Value& right) {
  if (left == right) return true;
  if (column.pg_type != PgType::Jsonb && column.pg_type != PgType::Array) return false;
  const auto* left_text = std::get_if<std::string>(&left);
  const auto* right_text = std::get_if<std::string>(&right);
  if (left_text == nullptr || right_text == nullptr) return false;
  const auto left_json = base::parse_json(*left_text);
  const auto right_json = base::parse_json(*right_text);
  return left_json.ok() && right_json.ok() && *left_json == *right_json;
}

}  // namespace convoy::schema
