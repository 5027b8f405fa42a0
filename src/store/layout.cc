#include "store/layout.h"

#include "base/json.h"
#include "query/compile.h"
#include "schema/check.h"

namespace convoy::store {
namespace {

const char* name_of(ColumnType type) {
  switch (type) {
    case ColumnType::String:
      return "string";
    case ColumnType::Number:
      return "number";
    case ColumnType::Boolean:
      return "boolean";
  }
  return "";
}

}  // namespace

std::string index_sql(std::string_view table, std::string_view column) {
  return "create index if not exists " + query::quoted(schema::index_name(table, column)) + " on " +
         query::quoted(table) + " (" + query::quoted(column) + ");";
}

std::string table_sql(const Table& table) {
  std::string sql =
      "create table " + query::quoted(table.name) + R"( ("id" primary key, "_changed", "_status")";
  for (const auto& column : table.columns) sql += ", " + query::quoted(column.name);
  sql += ");";
  for (const auto& column : table.columns) {
    if (column.is_indexed) sql += index_sql(table.name, column.name);
  }
  return sql + index_sql(table.name, "_status");
}

std::string user_tables_sql(const Schema& schema) {
  std::string sql =
      R"(create table "local_storage" ("key" varchar(16) primary key not null, "value" text not null);)"
      R"(create index "local_storage_key_index" on "local_storage" ("key");)";
  for (const auto& table : schema.tables) sql += table_sql(table);
  return sql;
}

std::string engine_tables_sql() {
  return /* sql */ R"(
create table convoy_meta (key text primary key not null, value not null) without rowid;
create table convoy_table (number integer primary key, name text not null unique, columns text not null);
create table convoy_scope (
  number integer primary key,
  id text not null unique,
  visibility text not null,
  base text not null,
  is_backfilling integer not null,
  backfill_after text,
  generation integer not null,
  rows_expected integer not null,
  rows_received integer not null);
create table convoy_row (
  table_number integer not null,
  id text not null,
  scope integer not null,
  generation integer not null,
  confirmed text,
  primary key (table_number, id)) without rowid;
create index convoy_row_scope on convoy_row (scope, generation);
create table convoy_mutation (
  seq integer primary key autoincrement,
  mid integer not null default 0,
  uid text not null,
  state integer not null,
  created_at_ms integer not null,
  attempts integer not null default 0,
  body text not null,
  replay text,
  code text not null default '',
  message text not null default '',
  table_name text not null default '',
  row_id text not null default '');
create index convoy_mutation_state on convoy_mutation (state, seq);
create table convoy_mutation_row (
  table_number integer not null,
  id text not null,
  seq integer not null,
  primary key (table_number, id, seq)) without rowid;
create index convoy_mutation_row_seq on convoy_mutation_row (seq);
create table convoy_conflict (
  number integer primary key autoincrement,
  at_ms integer not null,
  mid integer not null,
  table_name text not null,
  row_id text not null,
  column_name text not null,
  base text not null,
  client text not null,
  server text not null,
  kept text not null,
  rule text not null);
create table convoy_sync_run (
  number integer primary key autoincrement,
  started_at_ms integer not null,
  finished_at_ms integer not null,
  cause text not null default '',
  error_code text not null,
  error_message text not null,
  error_hint text not null default '',
  push_ms integer not null default 0,
  pull_ms integer not null default 0,
  back_fill_ms integer not null default 0,
  rows_received integer not null,
  mutations_sent integer not null,
  bytes_up integer not null,
  bytes_down integer not null);
)";
}

std::string fingerprint(const Column& column) {
  return std::string(name_of(column.type)) + (column.is_indexed ? " indexed" : "");
}

std::string fingerprint(const Table& table) {
  base::Json::Object columns;
  for (const auto& column : table.columns) {
    columns.emplace_back(column.name, fingerprint(column));
  }
  return base::Json(std::move(columns)).dump();
}

}  // namespace convoy::store
