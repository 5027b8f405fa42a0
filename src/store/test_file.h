// test_file.h: whole files as text to compare, and files as another program writes them.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "sql/connection.h"
#include "store/overlay.h"
#include "store/tables.h"

namespace convoy::store::testing {

inline std::unique_ptr<sql::Connection> connect(const std::string& path) {
  const auto created = path == ":memory:" ? ok_status() : sql::Connection::create_file(path);
  auto connection = sql::Connection::open(path, sql::Access::Write);
  if (!created.ok() || !connection.ok()) {
    ADD_FAILURE() << (connection.ok() ? created.error().message : connection.error().message);
    std::abort();
  }
  return *std::move(connection);
}

// Runs SQL as another program would.
inline void run_sql(const std::string& path, const std::string& sql) {
  const auto status = connect(path)->execute(sql);
  EXPECT_TRUE(status.ok()) << status.error().message;
}

// The first column of each row.
inline std::vector<std::string> column(sql::Connection& connection, const std::string& sql) {
  std::vector<std::string> values;
  auto statement = connection.prepare(sql);
  EXPECT_TRUE(statement.ok()) << (statement.ok() ? "" : statement.error().message);
  while (statement.ok()) {
    const auto row = statement->step();
    EXPECT_TRUE(row.ok()) << (row.ok() ? "" : row.error().message);
    if (!row.ok() || !*row) break;
    values.push_back(statement->text(0));
  }
  return values;
}

inline std::vector<std::string> column(const std::string& path, const std::string& sql) {
  return column(*connect(path), sql);
}

inline std::string text(const std::string& path, const std::string& sql) {
  const auto values = column(path, sql);
  return values.empty() ? "(none)" : values.front();
}

// Whether 1 and 1.0 are the same, as they are to whoever reads a record.
enum class Numbers { AsStored, ByValue };

// Rows with each value as SQL writes it.
inline std::vector<std::string> rows(sql::Connection& connection, const std::string& table,
                                     Numbers numbers = Numbers::AsStored) {
  const auto names = column(connection, "select name from pragma_table_info('" + table + "')");
  std::string list;
  for (const auto& name : names) {
    const auto column_name = "\"" + name + "\"";
    const auto value = numbers == Numbers::AsStored
                           ? column_name
                           : "iif(typeof(" + column_name + ") = 'integer', " + column_name +
                                 " + 0.0, " + column_name + ")";
    list += (list.empty() ? "'" : " || ', ") + name + "=' || quote(" + value + ")";
  }
  return column(connection, "select " + list + " from \"" + table + "\" order by 1");
}

inline std::vector<std::string> rows(const std::string& path, const std::string& table) {
  return rows(*connect(path), table);
}

// Everything in the file but the index of words and what SQLite counts for itself.
inline std::string dump(sql::Connection& connection, Numbers numbers = Numbers::AsStored) {
  std::string result = "version " + column(connection, "pragma user_version").front() + "\n";
  for (const auto& line : column(connection,
                                 "select type || ' ' || name || ' ' || coalesce(sql, '') from "
                                 "sqlite_schema where name not like 'sqlite_%' and tbl_name not "
                                 "like 'convoy_fts_%' order by type, name")) {
    result += line + "\n";
  }
  for (const auto& table : column(connection,
                                  "select name from sqlite_schema where type = 'table' and name "
                                  "not like 'sqlite_%' and name not like 'convoy_fts_%' order by "
                                  "name")) {
    result += table + ":\n";
    for (const auto& row : rows(connection, table, numbers)) result += "  " + row + "\n";
  }
  return result;
}

inline std::string dump(const std::string& path) { return dump(*connect(path)); }

// Tables, columns in any order, and indices with what they are on; without the engine's.
inline std::set<std::string> layout(sql::Connection& connection) {
  const auto parts = column(
      connection,
      "select 'table ' || t.name || '.' || c.name from sqlite_schema t, pragma_table_info(t.name) "
      "c where t.type = 'table' and t.name not like 'sqlite_%' and t.name not like 'convoy_%' "
      "union all select 'index ' || i.name || ' on ' || i.tbl_name || '.' || c.name from "
      "sqlite_schema i, pragma_index_info(i.name) c where i.type = 'index' and i.tbl_name not like "
      "'convoy_%' and i.sql is not null");
  return {parts.begin(), parts.end()};
}

// Every row with pending writes is what the server confirmed with those writes on top: to put it
// together anew changes nothing.
inline void expect_settled(sql::Connection& connection, const Tables& tables) {
  const auto before = dump(connection, Numbers::ByValue);
  std::vector<Overlay::RowKey> keys;
  {
    auto select = connection.prepare("select distinct table_number, id from convoy_mutation_row");
    ASSERT_TRUE(select.ok());
    while (*select->step()) {
      keys.push_back({.table_number = select->integer(0), .id = select->text(1)});
    }
  }
  for (const auto& key : keys) {
    ASSERT_NE(tables.find(key.table_number), nullptr) << key.table_number << " " << key.id;
  }
  const auto status = Overlay(connection, tables).rebase_all(keys);
  ASSERT_TRUE(status.ok()) << status.error().message;
  EXPECT_EQ(dump(connection, Numbers::ByValue), before);
}

}  // namespace convoy::store::testing
