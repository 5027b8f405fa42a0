// test_database.h: what queries find in real SQLite, for the tests.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "query/compile.h"
#include "sql/connection.h"

namespace convoy::query::testing {

// Projects have tasks, tasks have a parent and comments; a comment has two tasks it speaks of.
inline Schema task_schema() {
  Column project{.name = "project_id", .references = Reference{.table = "projects"}};
  Column parent{.name = "parent_id", .references = Reference{.table = "tasks"}};
  Column task{.name = "task_id", .references = Reference{.table = "tasks"}};
  Column about{.name = "about_id", .references = Reference{.table = "tasks"}};
  Schema schema;
  schema.tables.push_back({.name = "projects", .columns = {{.name = "name"}, {.name = "title"}}});
  schema.tables.push_back({.name = "tasks",
                           .columns = {project,
                                       parent,
                                       {.name = "title", .is_searchable = true},
                                       {.name = "notes", .is_searchable = true},
                                       {.name = "rank", .type = ColumnType::Number},
                                       {.name = "due", .type = ColumnType::Number},
                                       {.name = "done", .type = ColumnType::Boolean}}});
  schema.tables.push_back({.name = "comments", .columns = {task, about, {.name = "text"}}});
  schema.tables.push_back({.name = "values", .columns = {{.name = "select"}}});
  return schema;
}

// The tables of a schema in memory, laid out as the store does.
class TestDatabase {
 public:
  explicit TestDatabase(Schema schema)
      : schema_(std::move(schema)),
        connection_(*sql::Connection::open(":memory:", sql::Access::Write)) {
    for (const auto& table : schema_.tables) create(table);
  }

  [[nodiscard]] const Schema& schema() const { return schema_; }

  [[nodiscard]] sql::Connection& connection() { return *connection_; }

  void execute(const std::string& sql) {
    const auto status = connection_->execute(sql);
    ASSERT_TRUE(status.ok()) << status.error().message << "\n" << sql;
  }

  // id, _status, _changed, then the columns' values.
  void insert(const Table& table, const std::vector<Value>& row) {
    std::string sql =
        "insert into " + query::quoted(table.name) + R"( ("id", "_status", "_changed")";
    for (const auto& column : table.columns) sql += ", " + query::quoted(column.name);
    sql += ") values (?, ?, ?";
    for (std::size_t i = 0; i < table.columns.size(); ++i) sql += ", ?";
    auto statement = *connection_->prepare(sql + ")");
    statement.bind_all(row);
    const auto status = statement.run();
    ASSERT_TRUE(status.ok()) << status.error().message;
  }

  Result<Compiled> compile(const Query& query, Select select = Select::Rows) {
    return query::compile(schema_, *schema_.find_table(query.table), query, select);
  }

  // The ids in the query's order. Compiles, and counts as well: both must say the same.
  Result<std::vector<std::string>> find(const Query& query) {
    CONVOY_TRY(const auto rows, compile(query));
    CONVOY_TRY(const auto found, first_column(rows));
    CONVOY_TRY(const auto counted, compile(query, Select::Count));
    CONVOY_TRY(const auto count, first_column(counted));
    EXPECT_EQ(count, std::vector<std::string>{std::to_string(found.size())}) << counted.sql;
    return found;
  }

  std::vector<std::string> ids(const Query& query) {
    const auto found = find(query);
    EXPECT_TRUE(found.ok()) << (found.ok() ? "" : found.error().message);
    return found.ok() ? *found : std::vector<std::string>{"error"};
  }

  Error error(const Query& query) {
    auto found = find(query);
    EXPECT_FALSE(found.ok());
    return found.ok() ? Error{} : std::move(found).error();
  }

 private:
  void create(const Table& table) {
    std::string names;
    std::string searchable;
    for (const auto& column : table.columns) {
      names += ", " + query::quoted(column.name);
      if (column.is_searchable) searchable += query::quoted(column.name) + ", ";
    }
    execute("create table " + query::quoted(table.name) +
            R"( ("id" primary key, "_changed", "_status")" + names + ")");
    if (searchable.empty()) return;
    execute("create virtual table " + query::quoted(search_table_name(table)) + " using fts5 (" +
            searchable + "content = '" + table.name + "')");
  }

  Result<std::vector<std::string>> first_column(const Compiled& compiled) {
    CONVOY_TRY(auto statement, connection_->prepare_one(compiled.sql));
    EXPECT_EQ(statement.argument_count(), static_cast<int>(compiled.args.size())) << compiled.sql;
    statement.bind_all(compiled.args);
    std::vector<std::string> found;
    for (;;) {
      CONVOY_TRY(const bool row, statement.step());
      if (!row) return found;
      found.push_back(statement.text(0));
    }
  }

  Schema schema_;
  std::unique_ptr<sql::Connection> connection_;
};

}  // namespace convoy::query::testing
