// Comparisons of a column with values, or with another column.
#include <algorithm>
#include <cmath>
#include <string>

#include "base/json.h"
#include "base/limits.h"
#include "query/parts.h"

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

bool is_exact_in_json(const Value& value) {
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

// The column, `sql`, and the arguments it takes.
Result<Piece> with_args(const Table& table, const Where& where, std::string_view sql) {
  const auto& values = where.comparison.values;
  for (const auto& value : values) CONVOY_CHECK_OK(check_argument(value, name_of(table, where)));
  return Piece{.sql = qualified(table, where.column) + std::string(sql), .args = values};
}

Result<Piece> compile_columns(const Table& table, const Where& where) {
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
  if (right.op == Operator::WeakGt) {
    sql = "(" + sql + " or (" + left + " is not null and " + other + " is null))";
  }
  return Piece{.sql = std::move(sql)};
}

Result<Piece> compile_value(const Table& table, const Where& where) {
  if (where.comparison.values.size() != 1) {
    return invalid_query(name_of(table, where) + " is compared to no value, or several");
  }
  return with_args(table, where, std::string(symbol(where.comparison.op)) + "?");
}

Result<Piece> compile_between(const Table& table, const Where& where) {
  const auto& values = where.comparison.values;
  const auto is_number = [](const Value& value) { return std::holds_alternative<double>(value); };
  if (values.size() != 2 || !std::ranges::all_of(values, is_number)) {
    return invalid_query(name_of(table, where) + " is to be between what are not two numbers");
  }
  return with_args(table, where, " between ? and ?");
}

Result<Piece> compile_pattern(const Table& table, const Where& where) {
  const auto& [op, values, column, escape] = where.comparison;
  const auto* text = values.size() == 1 ? std::get_if<std::string>(&values.front()) : nullptr;
  if (text == nullptr) {
    return invalid_query(name_of(table, where) + " is compared to a pattern that is no text");
  }
  if (op == Operator::Includes) {
    CONVOY_TRY(auto piece, with_args(table, where, ", ?) > 0"));
    piece.sql.insert(0, "instr(");
    return piece;
  }
  if (text->size() > limits::kLikePatternBytesMax) {
    return invalid_query(name_of(table, where) + " is compared to a pattern of " +
                         std::to_string(text->size()) + " bytes; at most " +
                         std::to_string(limits::kLikePatternBytesMax) + " are allowed");
  }
  std::string sql = op == Operator::Like ? " like ?" : " not like ?";
  if (static_cast<unsigned char>(escape) >= 0x80) {
    return invalid_query(name_of(table, where) + " has an escape character beyond ASCII");
  }
  if (escape != '\0') {
    sql += " escape '" + (escape == '\'' ? "''" : std::string(1, escape)) + "'";
  }
  return with_args(table, where, sql);
}

Result<Piece> compile_short_list(const Table& table, const Where& where) {
  std::string sql = where.comparison.op == Operator::OneOf ? " in (" : " not in (";
  for (std::size_t i = 0; i < where.comparison.values.size(); ++i) sql += i == 0 ? "?" : ", ?";
  return with_args(table, where, sql + ")");
}

// Whole numbers and texts as JSON; the other numbers one by one, as reading them from text may cost
// their last bit.
Result<Piece> compile_long_list(const Table& table, const Where& where) {
  const bool is_one_of = where.comparison.op == Operator::OneOf;
  std::string json = "[";
  Where rest{.column = where.column, .comparison = {.op = where.comparison.op}};
  for (const auto& value : where.comparison.values) {
    CONVOY_CHECK_OK(check_argument(value, name_of(table, where)));
    if (!is_exact_in_json(value)) {
      rest.comparison.values.push_back(value);
      continue;
    }
    if (json.size() > 1) json += ',';
    append_json(json, value);
  }
  Piece piece{.sql = qualified(table, where.column) + (is_one_of ? " in " : " not in ") +
                     "(select value from json_each(?))",
              .args = {json + "]"}};
  if (rest.comparison.values.empty()) return piece;
  CONVOY_TRY(auto other, compile_short_list(table, rest));
  auto both = join_pieces({std::move(piece), std::move(other)}, is_one_of ? " or " : " and ");
  return Piece{.sql = "(" + both.sql + ")", .args = std::move(both.args)};
}

Result<Piece> compile_list(const Table& table, const Where& where) {
  const auto& values = where.comparison.values;
  if (std::ranges::any_of(values, is_null)) {
    // `x not in (null)` is never true in SQL, which is not what anybody means by it.
    return invalid_query("a list for " + name_of(table, where) + " holds null");
  }
  return values.size() > kListArgumentsMax ? compile_long_list(table, where)
                                           : compile_short_list(table, where);
}

}  // namespace

Result<Piece> compile_comparison(const Table& table, const Where& where) {
  CONVOY_CHECK_OK(check_column(table, where.column));
  const auto& right = where.comparison;
  const bool takes_escape = right.op == Operator::Like || right.op == Operator::NotLike;
  if (right.escape != '\0' && !takes_escape) {
    return invalid_query(name_of(table, where) + " has an escape character, but no pattern");
  }
  if (!right.column.empty()) return compile_columns(table, where);
  switch (right.op) {
    case Operator::Eq:
    case Operator::NotEq:
    case Operator::Gt:
    case Operator::WeakGt:
    case Operator::Gte:
    case Operator::Lt:
    case Operator::Lte:
      return compile_value(table, where);
    case Operator::Between:
      return compile_between(table, where);
    case Operator::OneOf:
    case Operator::NotIn:
      return compile_list(table, where);
    case Operator::Like:
    case Operator::NotLike:
    case Operator::Includes:
      return compile_pattern(table, where);
  }
  return invalid_query(name_of(table, where) + " has an operator that does not exist");
}

}  // namespace convoy::query
