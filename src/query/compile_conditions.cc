// How conditions stand together, and what they say about other tables.
#include <algorithm>
#include <string>

#include "query/compile.h"
#include "query/compiler.h"
#include "query/fragment.h"
#include "query/relation.h"
#include "query/search_text.h"

namespace convoy::query {
namespace {

// Chains up to here are left as they are, for whoever reads the SQL.
constexpr std::size_t kChainMax = 8;

std::string join_range(const std::string* pieces, std::size_t count, std::string_view word) {
  if (count <= kChainMax) {
    std::string sql = pieces[0];
    for (std::size_t i = 1; i < count; ++i) sql.append(word).append(pieces[i]);
    return sql;
  }
  const std::size_t half = count / 2;
  return "(" + join_range(pieces, half, word) + ")" + std::string(word) + "(" +
         join_range(pieces + half, count - half, word) + ")";
}

std::vector<const Condition*> pointers_to(const std::vector<Condition>& conditions) {
  std::vector<const Condition*> pointers;
  pointers.reserve(conditions.size());
  for (const auto& condition : conditions) pointers.push_back(&condition);
  return pointers;
}

std::string names(const std::vector<std::string>& list) {
  std::string text;
  for (const auto& name : list) text.append(text.empty() ? "" : ", ").append(name);
  return text;
}

}  // namespace

// Conditions on one and the same related record.
struct Compiler::RelatedGroup {
  const Condition* first = nullptr;  // Where the group stands.
  Relation relation;
  std::vector<const Condition*> conditions;
};

std::string join_pieces(const std::vector<std::string>& pieces, std::string_view word) {
  return join_range(pieces.data(), pieces.size(), word);
}

Result<std::string> Compiler::filter(const Table& table,
                                     const std::vector<const Condition*>& conditions,
                                     const Condition* joined) {
  CONVOY_TRY(auto list, pieces(table, conditions, joined));
  list.push_back(qualified(table, "_status") + " is not 'deleted'");
  return join_pieces(list, " and ");
}

Result<std::vector<std::string>> Compiler::pieces(const Table& table,
                                                  const std::vector<const Condition*>& conditions,
                                                  const Condition* joined) {
  CONVOY_TRY(const auto groups, related_groups(table, conditions));
  std::vector<std::string> list;
  for (const auto* item : conditions) {
    if (item == joined) continue;
    if (!std::holds_alternative<On>(item->node)) {
      CONVOY_TRY(auto sql, condition(table, *item));
      list.push_back(std::move(sql));
      continue;
    }
    const auto group = std::ranges::find(groups, item, &RelatedGroup::first);
    if (group == groups.end()) continue;
    CONVOY_TRY(auto sql, related(table, *group));
    list.push_back(std::move(sql));
  }
  return list;
}

Result<std::vector<Compiler::RelatedGroup>> Compiler::related_groups(
    const Table& table, const std::vector<const Condition*>& conditions) {
  std::vector<RelatedGroup> groups;
  for (const auto* item : conditions) {
    const auto* on = std::get_if<On>(&item->node);
    if (on == nullptr) continue;
    CONVOY_TRY(const auto relation, find_relation(schema_, table, *on));
    auto group = std::ranges::find(groups, relation, &RelatedGroup::relation);
    if (group == groups.end()) {
      groups.push_back({.first = item, .relation = relation});
      group = groups.end() - 1;
    }
    for (const auto& there : on->conditions) group->conditions.push_back(&there);
  }
  return groups;
}

// A sub-select rather than a join: a record is found once however many related ones there are. Its
// table needs no alias even if it is the outer one: nothing inside speaks of the outer record.
Result<std::string> Compiler::related(const Table& table, const RelatedGroup& group) {
  const auto& [other, column, is_own] = group.relation;
  CONVOY_TRY(const auto sql, filter(*other, group.conditions));
  const auto left = qualified(table, is_own ? column->name : "id");
  const auto result = qualified(*other, is_own ? "id" : column->name);
  return left + " in (select " + result + " from " + quoted(other->name) + " where " + sql + ")";
}

Result<std::string> Compiler::condition(const Table& table, const Condition& condition) {
  if (const auto* where = std::get_if<Where>(&condition.node)) return comparison(table, *where);
  if (const auto* all = std::get_if<AllOf>(&condition.node)) {
    return group(table, all->conditions, true);
  }
  if (const auto* any = std::get_if<AnyOf>(&condition.node)) {
    return group(table, any->conditions, false);
  }
  if (const auto* sql = std::get_if<SqlFragment>(&condition.node)) return fragment(table, *sql);
  if (const auto* text = std::get_if<Search>(&condition.node)) return search(table, *text);
  CONVOY_TRY(const auto groups, related_groups(table, {&condition}));
  return related(table, groups.front());
}

Result<std::string> Compiler::group(const Table& table, const std::vector<Condition>& conditions,
                                    bool is_all) {
  if (conditions.empty()) return std::string(is_all ? "1" : "0");
  if (is_all) {
    CONVOY_TRY(const auto list, pieces(table, pointers_to(conditions), nullptr));
    return "(" + join_pieces(list, " and ") + ")";
  }
  std::vector<std::string> list;
  for (const auto& item : conditions) {
    CONVOY_TRY(auto sql, condition(table, item));
    list.push_back(std::move(sql));
  }
  return "(" + join_pieces(list, " or ") + ")";
}

Result<std::string> Compiler::fragment(const Table& table, const SqlFragment& fragment) {
  const auto what = "the SQL expression on " + table.name;
  CONVOY_TRY(const auto info, inspect_fragment(fragment.sql, FragmentKind::Expression, what));
  CONVOY_CHECK_OK(arguments(fragment, info.parameters, what));
  return "(" + std::string(info.sql) + ")";
}

Result<std::string> Compiler::statement(const SqlFragment& statement) {
  const std::string what = "the SQL statement";
  CONVOY_TRY(const auto info, inspect_fragment(statement.sql, FragmentKind::Statement, what));
  CONVOY_CHECK_OK(arguments(statement, info.parameters, what));
  return "(" + std::string(info.sql) + ")";
}

Result<std::string> Compiler::search(const Table& table, const Search& search) {
  CONVOY_CHECK_OK(search_argument(table, search));
  const auto index = quoted(search_table_name(table));
  return quoted(table.name) + ".rowid in (select rowid from " + index + " where " + index +
         " match ?)";
}

Status Compiler::search_argument(const Table& table, const Search& search) {
  std::vector<std::string> searchable;
  for (const auto& column : table.columns) {
    if (column.is_searchable) searchable.push_back(column.name);
  }
  if (searchable.empty()) {
    return invalid_query("the table \"" + table.name + "\" has no searchable columns",
                         "Set Column::is_searchable in the schema.");
  }
  if (search.is_expression && !search.columns.empty()) {
    return invalid_query("a search expression on " + table.name + " comes with a list of columns",
                         "Write {column} : … in the expression.");
  }
  const auto what = "the search in " + table.name;
  if (search.is_expression) return argument(search.words, what);
  std::string columns;
  for (const auto& name : search.columns) {
    CONVOY_CHECK_OK(check_column(table, name));
    if (std::ranges::find(searchable, name) == searchable.end()) {
      return invalid_query(table.name + "." + name + " is not searchable",
                           "Searchable columns: " + names(searchable) + ".");
    }
    columns += quoted(name) + " ";
  }
  auto expression = match_expression(search.words);
  if (!columns.empty()) expression = "{" + columns + "} : (" + expression + ")";
  return argument(std::move(expression), what);
}

}  // namespace convoy::query
