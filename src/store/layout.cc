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
  primary key (table_number, id)) without rowid;
create index convoy_row_scope on convoy_row (scope, generation);
create table convoy_confirmed (
  number integer primary key,
  table_number integer not null,
  id text not null,
  content text not null);
create unique index convoy_confirmed_row on convoy_confirmed (table_number, id);
create table convoy_mutation (
  seq integer primary key,
  mid integer not null default 0,
  sender text not null default '',
  uid text not null,
  hlc integer not null default 0,
  state integer not null,
  created_at_ms integer not null,
  attempts integer not null default 0,
  body text not null,
  replay text,
  code text not null default '',
  message text not null default '',
  table_name text not null default '',
  row_id text not null default '',
  depends_on integer not null default 0,
  sent_at_ms integer,
  answered_at_ms integer,
  outcome text not null default '');
create index convoy_mutation_state on convoy_mutation (state, seq) where state <> 0;
create index convoy_mutation_mid on convoy_mutation (mid) where mid > 0;
create index convoy_mutation_depends_on on convoy_mutation (depends_on) where depends_on > 0;
create table convoy_mutation_row (
  table_number integer not null,
  id text not null,
  seq integer not null,
  primary key (table_number, id, seq)) without rowid;
create table convoy_mutation_need (
  table_number integer not null,
  id text not null,
  seq integer not null,
  primary key (table_number, id, seq)) without rowid;
create index convoy_mutation_need_seq on convoy_mutation_need (seq);
create table convoy_parked_row (
  table_number integer not null,
  id text not null,
  seq integer not null,
  is_insert integer not null,
  primary key (table_number, id, seq)) without rowid;
create index convoy_parked_row_seq on convoy_parked_row (seq);
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
  value text,
  kept text not null,
  rule text not null,
  reason text not null,
  state text not null,
  resolution text not null default '',
  resolved_at_ms integer,
  resolved_by integer);
create index convoy_conflict_state on convoy_conflict (state, number);
create index convoy_conflict_open on convoy_conflict (table_name, row_id, column_name) where state = 'open';
create index convoy_conflict_resolved_by on convoy_conflict (resolved_by) where resolved_by is not null;
create table convoy_write (
  seq integer primary key,
  mid integer not null,
  state text not null,
  attempts integer not null,
  created_at_ms integer not null,
  sent_at_ms integer,
  answered_at_ms integer,
  left_at_ms integer not null,
  outcome text not null,
  code text not null,
  message text not null,
  absorbed_by integer not null,
  operations text not null);
create table convoy_server_table (
  name text primary key not null,
  conflict text not null,
  on_delete text not null,
  columns text not null) without rowid;
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
  recoveries text not null default '[]',
  rows_received integer not null,
  mutations_sent integer not null,
  bytes_up integer not null,
  bytes_down integer not null);
create view convoy_record_state (table_name, id, state) as
  select t.name, s.id, case max(s.rank) when 4 then 'conflict' when 3 then 'parked' when 2 then 'sending' else 'pending' end
  from (
    select r.table_number, r.id, case m.state when 0 then 1 when 3 then 3 else 2 end as rank
      from convoy_mutation_row r join convoy_mutation m on m.seq = r.seq
    union all
    select table_number, id, 3 from convoy_parked_row
    union all
    select t.number, c.row_id, 4 from convoy_conflict c join convoy_table t on t.name = c.table_name where c.state = 'open'
  ) s join convoy_table t on t.number = s.table_number
  group by s.table_number, s.id;
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
