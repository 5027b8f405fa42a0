// Comparisons of a column with values, or with another column.
#include <algorithm>
#include <cmath>
#include <string>

#include "base/json.h"
#include "base/limits.h"
#include "base/number_text.h"
#include "query/compiler.h"

namespace convoy::query {
namespace {

// Longer lists travel as one JSON argument: SQLite bounds the number of arguments, and each length
// would be another statement to prepare.
constexpr std::size_t kListArgumentsMax = 64;

// Integers up to here are the same in JSON text as in SQLite's 64 bits.
constexpr double kExactIntegerMax = 9007199254740992.0;

std::string name_of(const Table& table, const Where& where) {
  return table.name + "." + where.column;
}

// Nothing for the operators that are not written between their two sides.
std::string_view symbol(Operator op) {
  switch (op) {
    case Operator::Eq:
      return " is ";
    case Operator::NotEq:
      return " is not ";
    case Operator::Gt:
    case Operator::WeakGt:
      return " > ";
    case Operator::Gte:
      return " >= ";
    case Operator::Lt:
      return " < ";
    case Operator::Lte:
      return " <= ";
    case Operator::OneOf:
    case Operator::NotIn:
    case Operator::Between:
    case Operator::Like:
    case Operator::NotLike:
    case Operator::Includes:
      return {};
  }
  return {};
}

bool is_whole(const Value& value) {
  const auto* number = std::get_if<double>(&value);
  return number == nullptr ||
         (std::abs(*number) <= kExactIntegerMax && std::trunc(*number) == *number);
}

void append_json(std::string& json, const Value& value) {
  if (const auto* string = std::get_if<std::string>(&value)) {
    base::append_json_string(json, *string);
  } else if (const auto* boolean = std::get_if<bool>(&value)) {
    json += *boolean ? '1' : '0';
  } else if (const auto* number = std::get_if<double>(&value)) {
    json += std::to_string(static_cast<std::int64_t>(*number));
  }
}

}  // namespace

Result<std::string> Compiler::comparison(const Table& table, const Where& where) {
  CONVOY_CHECK_OK(check_column(table, where.column));
  const auto& right = where.comparison;
  const bool takes_escape = right.op == Operator::Like || right.op == Operator::NotLike;
  if (right.escape != '\0' && !takes_escape) {
    return invalid_query(name_of(table, where) + " has an escape character, but no pattern");
  }
  if (!right.column.empty()) return column_comparison(table, where);
  switch (right.op) {
    case Operator::Eq:
    case Operator::NotEq:
    case Operator::Gt:
    case Operator::WeakGt:
    case Operator::Gte:
    case Operator::Lt:
    case Operator::Lte:
      return value_comparison(table, where);
    case Operator::Between:
      return between(table, where);
    case Operator::OneOf:
    case Operator::NotIn:
      return list(table, where);
    case Operator::Like:
    case Operator::NotLike:
    case Operator::Includes:
      return pattern(table, where);
  }
  return invalid_query(name_of(table, where) + " has an operator that does not exist");
}

Result<std::string> Compiler::column_comparison(const Table& table, const Where& where) {
  const auto& right = where.comparison;
  CONVOY_CHECK_OK(check_column(table, right.column));
  if (symbol(right.op).empty()) {
    return invalid_query(name_of(table, where) + " can't be compared to a column in this way",
                         "Columns can be compared with eq, neq, gt, weak_gt, gte, lt and lte.");
  }
  if (!right.values.empty()) {
    return invalid_query(name_of(table, where) + " is compared to a column and a value at once");
  }
  const auto left = qualified(table, where.column);
  const auto other = qualified(table, right.column);
  auto sql = left + std::string(symbol(right.op)) + other;
  if (right.op != Operator::WeakGt) return sql;
  return "(" + sql + " or (" + left + " is not null and " + other + " is null))";
}

Result<std::string> Compiler::value_comparison(const Table& table, const Where& where) {
  const auto& values = where.comparison.values;
  if (values.size() != 1) {
    return invalid_query(name_of(table, where) + " is compared to no value, or several");
  }
  CONVOY_CHECK_OK(argument(values.front(), name_of(table, where)));
  return qualified(table, where.column) + std::string(symbol(where.comparison.op)) + "?";
}

Result<std::string> Compiler::between(const Table& table, const Where& where) {
  const auto& values = where.comparison.values;
  const auto is_number = [](const Value& value) { return std::holds_alternative<double>(value); };
  if (values.size() != 2 || !std::ranges::all_of(values, is_number)) {
    return invalid_query(name_of(table, where) + " is to be between what are not two numbers");
  }
  for (const auto& value : values) CONVOY_CHECK_OK(argument(value, name_of(table, where)));
  return qualified(table, where.column) + " between ? and ?";
}

Result<std::string> Compiler::pattern(const Table& table, const Where& where) {
  const auto& [op, values, column, escape] = where.comparison;
  const auto* text = values.size() == 1 ? std::get_if<std::string>(&values.front()) : nullptr;
  if (text == nullptr) {
    return invalid_query(name_of(table, where) + " is compared to a pattern that is no text");
  }
  const auto left = qualified(table, where.column);
  CONVOY_CHECK_OK(argument(values.front(), name_of(table, where)));
  if (op == Operator::Includes) return "instr(" + left + ", ?) > 0";
  if (text->size() > limits::kLikePatternBytesMax) {
    return invalid_query(name_of(table, where) + " is compared to a pattern of " +
                         std::to_string(text->size()) + " bytes; at most " +
                         std::to_string(limits::kLikePatternBytesMax) + " are allowed");
  }
  auto sql = left + (op == Operator::Like ? " like ?" : " not like ?");
  if (escape == '\0') return sql;
  if (static_cast<unsigned char>(escape) >= 0x80) {
    return invalid_query(name_of(table, where) + " has an escape character beyond ASCII");
  }
  return sql + " escape '" + (escape == '\'' ? "''" : std::string(1, escape)) + "'";
}

Result<std::string> Compiler::list(const Table& table, const Where& where) {
  const auto& values = where.comparison.values;
  if (std::ranges::any_of(values, is_null)) {
    // `x not in (null)` is never true in SQL, which is not what anybody means by it.
    return invalid_query("a list for " + name_of(table, where) + " holds null");
  }
  if (values.size() > kListArgumentsMax) return long_list(table, where);
  const bool is_one_of = where.comparison.op == Operator::OneOf;
  auto sql = qualified(table, where.column) + (is_one_of ? " in (" : " not in (");
  for (const auto& value : values) {
    if (&value != &values.front()) sql += ", ";
    sql += '?';
    CONVOY_CHECK_OK(argument(value, name_of(table, where)));
  }
  return sql + ")";
}

// Whole numbers and texts as JSON; the other numbers one by one, as reading them from text may cost
// their last bit.
Result<std::string> Compiler::long_list(const Table& table, const Where& where) {
  std::string json = "[";
  Where rest{.column = where.column, .comparison = {.op = where.comparison.op}};
  for (const auto& value : where.comparison.values) {
    const auto* text = std::get_if<std::string>(&value);
    if (text != nullptr) CONVOY_CHECK_OK(check_argument(value, name_of(table, where)));
    if (!is_whole(value)) {
      rest.comparison.values.push_back(value);
      continue;
    }
    if (json.size() > 1) json += ',';
    append_json(json, value);
  }
  const bool is_one_of = where.comparison.op == Operator::OneOf;
  const auto left = qualified(table, where.column) + (is_one_of ? " in (" : " not in (");
  CONVOY_CHECK_OK(argument(json + "]", name_of(table, where)));
  auto sql = left + "select value from json_each(?))";
  if (rest.comparison.values.empty()) return sql;
  sql = "(" + sql + (is_one_of ? " or " : " and ") + left;
  for (const auto& value : rest.comparison.values) {
    sql += &value == &rest.comparison.values.front() ? "?" : ", ?";
    CONVOY_CHECK_OK(argument(value, name_of(table, where)));
  }
  return sql + "))";
}

}  // namespace convoy::query
