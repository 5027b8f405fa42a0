#include "store/search_index.h"

#include <vector>

#include "query/compile.h"
#include "store/meta.h"

namespace convoy::store {
namespace {

constexpr std::string_view kKey = "search_index";
// Changes when the index of the same columns would become another one.
constexpr std::string_view kVersion = "2";

std::vector<std::string> searchable_columns(const Table& table) {
  std::vector<std::string> names;
  for (const auto& column : table.columns) {
    if (column.is_searchable) names.push_back(column.name);
  }
  return names;
}

// What is indexed; "" if nothing is.
std::string describe(const Schema& schema) {
  std::string text;
  for (const auto& table : schema.tables) {
    for (const auto& column : searchable_columns(table)) text += " " + table.name + "." + column;
  }
  return text.empty() ? text : std::string(kVersion) + text;
}

// With the number SQLite counts up whenever the file's structure changes.
Result<std::string> describe_now(sql::Connection& connection, const Schema& schema) {
  auto text = describe(schema);
  if (text.empty()) return text;
  CONVOY_TRY(const auto structure, connection.integer("pragma schema_version"));
  return text + " @" + std::to_string(structure);
}

// `prefix."a", prefix."b"`
std::string list(const std::vector<std::string>& columns, std::string_view prefix) {
  std::string text;
  for (const auto& column : columns) {
    text.append(text.empty() ? "" : ", ").append(prefix).append(query::quoted(column));
  }
  return text;
}

std::string trigger(const Table& table, const std::string& moment, const std::string& when,
                    const std::string& work) {
  return "create trigger " + query::quoted(query::search_table_name(table) + "_" + moment) +
         " after " + moment + " on " + query::quoted(table.name) + when + " begin " + work +
         " end;";
}

std::string index_sql(const Table& table, const std::vector<std::string>& columns) {
  const auto index = query::quoted(query::search_table_name(table));
  const auto names = list(columns, "");
  const auto remove = "insert into " + index + " (" + index + ", rowid, " + names +
                      ") values ('delete', old.rowid, " + list(columns, "old.") + ");";
  const auto insert = "insert into " + index + " (rowid, " + names + ") values (new.rowid, " +
                      list(columns, "new.") + ");";
  std::string is_changed;
  for (const auto& column : columns) {
    is_changed.append(is_changed.empty() ? " when " : " or ");
    is_changed += "old." + query::quoted(column) + " is not new." + query::quoted(column);
  }
  return "create virtual table " + index + " using fts5 (" + names + ", content = '" + table.name +
         "', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');" + "insert into " +
         index + " (" + index + ") values ('rebuild'); create virtual table " +
         query::quoted(vocabulary_name(table)) + " using fts5vocab ('" +
         query::search_table_name(table) + "', 'row');" + trigger(table, "insert", "", insert) +
         trigger(table, "delete", "", remove) +
         trigger(table, "update", is_changed, remove + insert);
}

Result<std::vector<std::string>> names_of(sql::Connection& connection, const char* select) {
  CONVOY_TRY(auto statement, connection.prepare(select));
  std::vector<std::string> names;
  for (;;) {
    CONVOY_TRY(const bool row, statement.step());
    if (!row) return names;
    names.push_back(statement.text(0));
  }
}

}  // namespace

std::string vocabulary_name(const Table& table) { return "convoy_words_" + table.name; }

Result<bool> has_search_index(sql::Connection& connection, const Schema& schema) {
  CONVOY_TRY(const auto wanted, describe_now(connection, schema));
  CONVOY_TRY(const auto found, read_meta(connection, kKey));
  return wanted == found;
}

Status make_search_index(sql::Connection& connection, const Schema& schema) {
  CONVOY_TRY(const bool is_there, has_search_index(connection, schema));
  if (is_there) return ok_status();
  CONVOY_CHECK_OK(drop_search_index(connection));
  for (const auto& table : schema.tables) {
    const auto columns = searchable_columns(table);
    if (columns.empty()) continue;
    CONVOY_CHECK_OK(connection.execute(index_sql(table, columns)));
  }
  return keep_search_index(connection, schema);
}

Status keep_search_index(sql::Connection& connection, const Schema& schema) {
  CONVOY_TRY(const auto made, describe_now(connection, schema));
  return write_meta(connection, kKey, std::string_view(made));
}

Status drop_search_index(sql::Connection& connection) {
  CONVOY_TRY(const auto triggers,
             names_of(connection,
                      "select name from sqlite_schema where type = 'trigger' and "
                      "name like 'convoy\\_fts\\_%' escape '\\'"));
  for (const auto& name : triggers) {
    CONVOY_CHECK_OK(connection.execute("drop trigger " + query::quoted(name)));
  }
  // A vocabulary goes before the index that it reads.
  CONVOY_TRY(const auto tables,
             names_of(connection,
                      "select name from sqlite_schema where sql like 'create virtual table "
                      "\"convoy\\_words\\_%' escape '\\' union all "
                      "select name from sqlite_schema where sql like 'create virtual "
                      "table \"convoy\\_fts\\_%' escape '\\'"));
  for (const auto& name : tables) {
    CONVOY_CHECK_OK(connection.execute("drop table " + query::quoted(name)));
  }
  return write_meta(connection, kKey, std::string_view());
}

}  // namespace convoy::store
