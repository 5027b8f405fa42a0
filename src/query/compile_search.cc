// Full-text search, and SQL of the caller's.
#include <algorithm>
#include <string>

#include "query/compile.h"
#include "query/fragment.h"
#include "query/parts.h"
#include "query/search_text.h"

namespace convoy::query {
namespace {

std::string names(const std::vector<std::string>& list) {
  std::string text;
  for (const auto& name : list) text.append(text.empty() ? "" : ", ").append(name);
  return text;
}

Result<Piece> in_parentheses(const SqlFragment& fragment, FragmentKind kind,
                             const std::string& what) {
  CONVOY_TRY(const auto info, inspect_fragment(fragment.sql, kind, what));
  if (fragment.args.size() != info.parameters) {
    return invalid_query(what + " has " + std::to_string(info.parameters) + " ?, but comes with " +
                         std::to_string(fragment.args.size()) + " arguments");
  }
  for (const auto& value : fragment.args) CONVOY_CHECK_OK(check_argument(value, what));
  return Piece{.sql = "(" + std::string(info.sql) + ")", .args = fragment.args};
}

}  // namespace

Result<Piece> compile_fragment(const Table& table, const SqlFragment& fragment) {
  return in_parentheses(fragment, FragmentKind::Expression, "the SQL expression on " + table.name);
}

Result<Piece> compile_statement(const SqlFragment& statement) {
  CONVOY_TRY(auto piece, in_parentheses(statement, FragmentKind::Statement, "the SQL statement"));
  // In the parentheses behind `from`, the name of a table would do as well.
  if (!begins_select(first_word(statement.sql))) {
    return invalid_query("the SQL statement is no select", "Begin it with select, with or values.");
  }
  return piece;
}

std::string search_table_name(const Table& table) { return "convoy_fts_" + table.name; }

Result<Piece> compile_search(const Table& table, const Search& search) {
  CONVOY_TRY(auto argument, search_argument(table, search));
  const auto index = quoted(search_table_name(table));
  return Piece{.sql = quoted(table.name) + ".rowid in (select rowid from " + index + " where " +
                      index + " match ?)",
               .args = {std::move(argument)}};
}

Result<Value> search_argument(const Table& table, const Search& search) {
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
  CONVOY_CHECK_OK(check_argument(search.words, what));
  if (search.is_expression) return Value(search.words);
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
  if (!expression.ok()) return std::move(expression).error().with_context(what);
  if (columns.empty()) return Value(*std::move(expression));
  return Value("{" + columns + "} : (" + *expression + ")");
}

}  // namespace convoy::query
