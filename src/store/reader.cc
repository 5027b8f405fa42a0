#include "store/reader.h"

#include <map>
#include <utility>

#include "base/text.h"
#include "query/compile.h"
#include "query/following.h"
#include "query/fragment.h"
#include "store/relations.h"
#include "store/rows.h"

namespace convoy::store {
namespace {

Result<sql::Statement> start(sql::Connection& connection, const Tables& tables, const Query& query,
                             query::Select select, query::Compiled& compiled) {
  CONVOY_TRY(const auto* info, tables.require(query.table));
  CONVOY_TRY(compiled, query::compile(tables.schema(), *info->table, query, select));
  CONVOY_TRY(auto statement, connection.prepare_one(compiled.sql));
  statement.bind_all(compiled.args);
  return statement;
}

// What SQLite finds wrong only while it runs lies in the caller's own SQL, search expression or
// arguments: a sum that overflows, JSON that is none.
Result<bool> next(sql::Statement& statement) {
  auto row = statement.step();
  if (row.ok() || row.error().code != ErrorCode::Internal) return row;
  auto error = std::move(row).error();
  error.code = ErrorCode::InvalidQuery;
  return error;
}

// A select, and no pragma or begin, which would change the connection for its next user.
bool is_select(std::string_view sql) {
  const auto word = query::first_word(sql);
  return query::begins_select(word) || word == "explain";
}

std::vector<Value> read_plain_row(const sql::Statement& statement, int columns) {
  std::vector<Value> row;
  row.reserve(static_cast<std::size_t>(columns));
  for (int i = 0; i < columns; ++i) row.push_back(statement.value(i));
  return row;
}

// SQLite's plan names each step's parent; people read depth by indentation.
Result<std::vector<std::string>> read_plan(sql::Connection& connection,
                                           const query::Compiled& compiled) {
  CONVOY_TRY(auto statement, connection.prepare_one("explain query plan " + compiled.sql));
  statement.bind_all(compiled.args);
  std::map<std::int64_t, std::size_t> depths;
  std::vector<std::string> lines;
  for (;;) {
    CONVOY_TRY(const bool row, statement.step());
    if (!row) return lines;
    const auto parent = depths.find(statement.integer(1));
    const auto depth = parent == depths.end() ? 0 : parent->second + 1;
    depths[statement.integer(0)] = depth;
    lines.push_back(std::string(2 * depth, ' ') + statement.text(3));
  }
}

}  // namespace

Result<std::optional<Record>> ConnectionReader::find(std::string_view table, std::string_view id) {
  CONVOY_TRY(const auto* info, tables_.require(table));
  return find_record(connection_, *info, id);
}

Result<std::vector<Record>> ConnectionReader::fetch(const Query& query) {
  query::Compiled compiled;
  CONVOY_TRY(auto statement, start(connection_, tables_, query, query::Select::Rows, compiled));
  const auto& table = *tables_.find(query.table)->table;
  std::vector<Record> records;
  for (;;) {
    CONVOY_TRY(const bool row, next(statement));
    if (!row) return records;
    records.push_back(read_record(statement, table));
  }
}

Result<std::vector<std::string>> ConnectionReader::fetch_ids(const Query& query) {
  query::Compiled compiled;
  CONVOY_TRY(auto statement, start(connection_, tables_, query, query::Select::Rows, compiled));
  std::vector<std::string> ids;
  for (;;) {
    CONVOY_TRY(const bool row, next(statement));
    if (!row) return ids;
    ids.push_back(statement.text(0));
  }
}

Result<std::int64_t> ConnectionReader::count(const Query& query) {
  query::Compiled compiled;
  CONVOY_TRY(auto statement, start(connection_, tables_, query, query::Select::Count, compiled));
  CONVOY_TRY(const bool row, next(statement));
  return row ? statement.integer(0) : 0;
}

Result<sql::Statement> prepare_select(sql::Connection& connection, std::string_view sql,
                                      std::span<const Value> args) {
  CONVOY_TRY(auto statement, connection.prepare_one(sql));
  if (!is_select(sql) || !statement.is_read_only()) {
    return Error{.code = ErrorCode::InvalidQuery,
                 .message = "this is no select that only reads: " + std::string(sql),
                 .hint = "Records are written with Database::write."};
  }
  if (static_cast<std::size_t>(statement.argument_count()) != args.size()) {
    return Error{.code = ErrorCode::InvalidQuery,
                 .message = "the select takes " + std::to_string(statement.argument_count()) +
                            " arguments and got " + std::to_string(args.size())};
  }
  for (const auto& value : args) {
    const auto* text = std::get_if<std::string>(&value);
    if (text != nullptr) CONVOY_CHECK_OK(base::check_text(*text, "an argument of the select"));
  }
  statement.bind_all(args);
  return statement;
}

Result<RawRows> ConnectionReader::select(std::string_view sql, std::span<const Value> args) {
  CONVOY_TRY(auto statement, prepare_select(connection_, sql, args));
  RawRows result;
  const int columns = statement.column_count();
  for (int i = 0; i < columns; ++i) result.columns.push_back(statement.column_name(i));
  for (;;) {
    CONVOY_TRY(const bool row, next(statement));
    if (!row) return result;
    result.rows.push_back(read_plain_row(statement, columns));
  }
}

Result<Explanation> ConnectionReader::explain(const Query& query) {
  CONVOY_TRY(const auto* info, tables_.require(query.table));
  CONVOY_TRY(auto compiled,
             query::compile(tables_.schema(), *info->table, query, query::Select::Rows));
  Explanation explanation;
  CONVOY_TRY(explanation.plan, read_plan(connection_, compiled));
  CONVOY_TRY(explanation.tables, connection_.tables_read(compiled.sql));
  explanation.sql = std::move(compiled.sql);
  explanation.args = std::move(compiled.args);
  CONVOY_TRY(const auto following, query::Following::make(*info->table, query));
  explanation.is_maintained = following.has_value();
  return explanation;
}

Result<std::vector<std::optional<Record>>> ConnectionReader::parents(
    std::span<const Record> records, std::string_view column) {
  return parents_of(*this, tables_, records, column);
}

Result<std::vector<std::vector<Record>>> ConnectionReader::children(std::span<const Record> records,
                                                                    std::string_view table,
                                                                    std::string_view column) {
  return children_of(*this, tables_, records, table, column);
}

}  // namespace convoy::store
