#include "query/compile.h"

#include <algorithm>
#include <cmath>

#include "base/json.h"
#include "base/number_text.h"
#include "schema/suggest.h"

namespace convoy::query {
namespace {

// Longer lists travel as one JSON argument: SQLite bounds the number of arguments, and each length
// would be another statement to prepare.
constexpr std::size_t kListArgumentsMax = 64;

Error invalid(std::string message) {
  return {.code = ErrorCode::InvalidQuery, .message = std::move(message)};
}

Status check_column(const Table& table, std::string_view name) {
  if (name == "id" || name == "_status" || name == "_changed") return ok_status();
  if (table.find_column(name) != nullptr) return ok_status();
  return schema::unknown_column(table, name);
}

class Compiler {
 public:
  explicit Compiler(const Table& table) : table_(table) {}

  Status conditions(const std::vector<Condition>& list) {
    out_.sql += " where ";
    for (const auto& condition : list) {
      CONVOY_CHECK_OK(check_column(table_, condition.column));
      CONVOY_CHECK_OK(condition_sql(condition));
      out_.sql += " and ";
    }
    out_.sql += "\"_status\" is not 'deleted'";
    return ok_status();
  }

  Status order(const Query& query) {
    // Without an order pages would still need one, or they could overlap.
    if (query.order.empty() && !query.limit && !query.offset) return ok_status();
    bool has_id = false;
    out_.sql += " order by ";
    for (const auto& by : query.order) {
      CONVOY_CHECK_OK(check_column(table_, by.column));
      out_.sql += quoted(by.column) + (by.descending ? " desc, " : " asc, ");
      has_id = has_id || by.column == "id";
    }
    if (has_id) {
      out_.sql.resize(out_.sql.size() - 2);
    } else {
      out_.sql += "\"id\" asc";
    }
    return ok_status();
  }

  Status limit(const Query& query) {
    if (query.limit.value_or(0) < 0) return invalid("take() needs a count that is not negative");
    if (query.offset.value_or(0) < 0) return invalid("skip() needs a count that is not negative");
    if (!query.limit && !query.offset) return ok_status();
    out_.sql += " limit " + std::to_string(query.limit.value_or(-1));
    if (query.offset) out_.sql += " offset " + std::to_string(*query.offset);
    return ok_status();
  }

  Compiled take() { return std::move(out_); }

  void start(std::string sql) { out_.sql = std::move(sql); }

 private:
  Status condition_sql(const Condition& condition) {
    const auto& [column, comparison] = condition;
    switch (comparison.op) {
      case Operator::Eq:
        return binary(condition, " is ?");
      case Operator::NotEq:
        return binary(condition, " is not ?");
      case Operator::Gt:
        return binary(condition, " > ?");
      case Operator::Gte:
        return binary(condition, " >= ?");
      case Operator::Lt:
        return binary(condition, " < ?");
      case Operator::Lte:
        return binary(condition, " <= ?");
      case Operator::Like:
        return text(condition, quoted(column) + " like ?");
      case Operator::NotLike:
        return text(condition, quoted(column) + " not like ?");
      case Operator::Includes:
        return text(condition, "instr(" + quoted(column) + ", ?) > 0");
      case Operator::OneOf:
        return list(condition, " in (");
      case Operator::NotIn:
        return list(condition, " not in (");
    }
    return invalid("an operator that does not exist");
  }

  Status argument(const Condition& condition, const Value& value) {
    const auto* number = std::get_if<double>(&value);
    if (number != nullptr && std::isnan(*number)) {
      return invalid(table_.name + "." + condition.column + " is compared to NaN");
    }
    out_.args.push_back(value);
    return ok_status();
  }

  Status binary(const Condition& condition, std::string_view sql) {
    if (condition.comparison.values.size() != 1) {
      return invalid(table_.name + "." + condition.column + " is compared to no value, or several");
    }
    out_.sql += quoted(condition.column);
    out_.sql += sql;
    return argument(condition, condition.comparison.values.front());
  }

  Status text(const Condition& condition, const std::string& sql) {
    const auto& values = condition.comparison.values;
    if (values.size() != 1 || !std::holds_alternative<std::string>(values.front())) {
      return invalid(table_.name + "." + condition.column + " is compared to a pattern, not text");
    }
    out_.sql += sql;
    return argument(condition, values.front());
  }

  Status list(const Condition& condition, std::string_view opening) {
    const auto& values = condition.comparison.values;
    if (std::ranges::any_of(values, is_null)) {
      // `x not in (null)` is never true in SQL, which is not what anybody means by it.
      return invalid("a list for " + table_.name + "." + condition.column + " holds null");
    }
    out_.sql += quoted(condition.column);
    out_.sql += opening;
    if (values.size() > kListArgumentsMax) {
      out_.sql += "select value from json_each(?))";
      return long_list(condition);
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      out_.sql += i == 0 ? "?" : ", ?";
      CONVOY_CHECK_OK(argument(condition, values[i]));
    }
    out_.sql += ')';
    return ok_status();
  }

  Status long_list(const Condition& condition) {
    std::string json = "[";
    for (const auto& value : condition.comparison.values) {
      if (json.size() > 1) json += ',';
      if (const auto* string = std::get_if<std::string>(&value)) {
        base::append_json_string(json, *string);
      } else if (const auto* boolean = std::get_if<bool>(&value)) {
        json += *boolean ? '1' : '0';
      } else if (const auto* number = std::get_if<double>(&value);
                 number != nullptr && std::isfinite(*number)) {
        json += base::format_double(*number);
      } else {
        return invalid("a list for " + table_.name + "." + condition.column +
                       " holds a number that is not finite");
      }
    }
    out_.args.emplace_back(json + "]");
    return ok_status();
  }

  const Table& table_;
  Compiled out_;
};

}  // namespace

std::string quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

std::string select_rows(const Table& table) {
  std::string sql = R"(select "id", "_status", "_changed")";
  for (const auto& column : table.columns) sql += ", " + quoted(column.name);
  return sql + " from " + quoted(table.name);
}

Result<Compiled> compile(const Table& table, const Query& query, Select select) {
  const bool is_count = select == Select::Count;
  const bool is_bounded = query.limit || query.offset;
  Compiler compiler(table);
  if (is_count) {
    compiler.start((is_bounded ? "select 1 from " : "select count(*) from ") + quoted(table.name));
  } else {
    compiler.start(select_rows(table));
  }
  CONVOY_CHECK_OK(compiler.conditions(query.conditions));
  if (is_count) {
    Compiler checked(table);  // An unknown column is one, whether or not its order matters.
    CONVOY_CHECK_OK(checked.order(query));
  } else {
    CONVOY_CHECK_OK(compiler.order(query));
  }
  CONVOY_CHECK_OK(compiler.limit(query));
  auto compiled = compiler.take();
  if (is_count && is_bounded) compiled.sql = "select count(*) from (" + compiled.sql + ")";
  return compiled;
}

}  // namespace convoy::query
