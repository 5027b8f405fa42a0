#include "query/compile.h"

#include <algorithm>
#include <iterator>

#include "base/limits.h"
#include "query/parts.h"

namespace convoy::query {
namespace {

constexpr std::string_view kFound = "\"convoy_found\"";

// Bounds are checked before anything walks the conditions for good.
struct Size {
  std::size_t conditions = 0;

  Status add(const std::vector<Condition>& list, int depth, int relations) {
    if (list.empty()) return ok_status();
    if (depth > limits::kQueryDepthMax) {
      return invalid_query("conditions are nested more than " +
                           std::to_string(limits::kQueryDepthMax) + " deep");
    }
    if (relations > limits::kQueryRelationDepthMax) {
      return invalid_query("on() is nested more than " +
                           std::to_string(limits::kQueryRelationDepthMax) + " deep");
    }
    conditions += list.size();
    if (conditions > limits::kQueryConditionsMax) {
      return invalid_query(
          "the query has more than " + std::to_string(limits::kQueryConditionsMax) + " conditions",
          "one_of() takes long lists of values.");
    }
    for (const auto& condition : list) {
      if (const auto* all = std::get_if<AllOf>(&condition.node)) {
        CONVOY_CHECK_OK(add(all->conditions, depth + 1, relations));
      } else if (const auto* any = std::get_if<AnyOf>(&condition.node)) {
        CONVOY_CHECK_OK(add(any->conditions, depth + 1, relations));
      } else if (const auto* on = std::get_if<On>(&condition.node)) {
        CONVOY_CHECK_OK(add(on->conditions, depth + 1, relations + 1));
      }
    }
    return ok_status();
  }
};

std::string columns_of(const Table& table, std::string_view prefix) {
  std::string sql;
  for (const std::string_view name : {"id", "_status", "_changed"}) {
    sql.append(sql.empty() ? "" : ", ").append(prefix).append(quoted(name));
  }
  for (const auto& column : table.columns)
    sql.append(", ").append(prefix).append(quoted(column.name));
  return sql;
}

Result<std::string> order_sql(const Table& table, const Query& query) {
  // Without an order pages would still need one, or they could overlap.
  if (query.order.empty() && !query.limit && !query.offset) return std::string();
  std::string sql = " order by ";
  std::vector<std::string_view> seen;
  for (const auto& by : query.order) {
    if (by.by_rank) {
      if (!by.column.empty() || by.descending) {
        return invalid_query("an order by rank has neither a column nor a direction");
      }
    } else {
      CONVOY_CHECK_OK(check_column(table, by.column));
    }
    // What comes again decides nothing, nor does what comes after the id.
    if (std::ranges::find(seen, by.column) != seen.end()) continue;
    if (std::ranges::find(seen, "id") == seen.end()) {
      sql += by.by_rank ? std::string(kFound) + ".\"convoy_rank\" asc, "
                        : qualified(table, by.column) + (by.descending ? " desc, " : " asc, ");
    }
    seen.push_back(by.column);
  }
  if (std::ranges::find(seen, "id") == seen.end()) return sql + qualified(table, "id") + " asc";
  sql.resize(sql.size() - 2);
  return sql;
}

Result<std::string> limit_sql(const Query& query) {
  if (query.limit.value_or(0) < 0) {
    return invalid_query("take() needs a count that is not negative");
  }
  if (query.offset.value_or(0) < 0) {
    return invalid_query("skip() needs a count that is not negative");
  }
  if (!query.limit && !query.offset) return std::string();
  auto sql = " limit " + std::to_string(query.limit.value_or(-1));
  if (query.offset) sql += " offset " + std::to_string(*query.offset);
  return sql;
}

// The search by whose rank the result is ordered; null if it is not.
Result<const Condition*> ranked_search(const Query& query) {
  const Condition* found = nullptr;
  if (std::ranges::none_of(query.order, &Order::by_rank)) return found;
  for (const auto& condition : query.conditions) {
    if (std::holds_alternative<Search>(condition.node)) return &condition;
  }
  return invalid_query("best_first() needs a search among the outermost conditions of the query");
}

// The index stands in a select of its own, so that its columns, which are called as the table's,
// are not in the way of unqualified names in the caller's SQL.
std::string join_sql(const Table& table) {
  const auto index = quoted(search_table_name(table));
  const std::string found(kFound);
  return " join (select rowid as \"convoy_rowid\", bm25(" + index + ") as \"convoy_rank\" from " +
         index + " where " + index + " match ?) as " + found + " on " + found +
         ".\"convoy_rowid\" = " + quoted(table.name) + ".rowid";
}

Result<Compiled> compile_whole(const Table& table, const Query& query, Select select) {
  if (!query.conditions.empty() || !query.order.empty() || query.limit || query.offset) {
    return invalid_query("a whole SQL statement can't be combined with other parts of a query",
                         "Write conditions, order and limit into the statement.");
  }
  CONVOY_TRY(auto statement, compile_statement(*query.statement));
  auto sql = "select " + columns_of(table, {}) + " from " + statement.sql;
  // Counted are the rows it would give, so that it fails where they would.
  if (select == Select::Count) sql = "select count(*) from (" + sql + ")";
  return Compiled{.sql = std::move(sql), .args = std::move(statement.args)};
}

Result<Compiled> compile_parts(const Schema& schema, const Table& table, const Query& query,
                               Select select) {
  CONVOY_CHECK_OK(Size().add(query.conditions, 1, 0));
  const bool is_count = select == Select::Count;
  const bool is_bounded = query.limit || query.offset;
  const auto what = is_bounded ? "select 1 from " : "select count(*) from ";
  Compiled result{.sql = is_count ? what + quoted(table.name) : select_rows(table)};
  CONVOY_TRY(const auto* ranked, ranked_search(query));
  if (is_count) ranked = nullptr;
  if (ranked != nullptr) {
    CONVOY_TRY(auto argument, search_argument(table, std::get<Search>(ranked->node)));
    result.sql += join_sql(table);
    result.args.push_back(std::move(argument));
  }
  std::vector<const Condition*> conditions;
  for (const auto& condition : query.conditions) conditions.push_back(&condition);
  CONVOY_TRY(auto filter, compile_filter(schema, table, conditions, ranked));
  result.sql += " where " + filter.sql;
  std::ranges::move(filter.args, std::back_inserter(result.args));
  // A column that does not exist is a mistake, whether or not its order matters.
  CONVOY_TRY(const auto order, order_sql(table, query));
  if (!is_count) result.sql += order;
  CONVOY_TRY(const auto limit, limit_sql(query));
  result.sql += limit;
  if (is_count && is_bounded) result.sql = "select count(*) from (" + result.sql + ")";
  return result;
}

}  // namespace

std::string select_rows(const Table& table) {
  return "select " + columns_of(table, quoted(table.name) + ".") + " from " + quoted(table.name);
}

Result<Compiled> compile(const Schema& schema, const Table& table, const Query& query,
                         Select select) {
  auto result = query.statement ? compile_whole(table, query, select)
                                : compile_parts(schema, table, query, select);
  if (result.ok() && result->args.size() > limits::kQueryArgumentsMax) {
    return invalid_query("the query has more than " + std::to_string(limits::kQueryArgumentsMax) +
                         " arguments");
  }
  return result;
}

}  // namespace convoy::query
