#include "store/foreign.h"

#include <algorithm>
#include <utility>

#include "query/compile.h"

namespace convoy::store {
namespace {

// Before the values of the row in convoy_foreign: number, table_number, id, moment, status,
// changed.
constexpr int kFirstValue = 6;
constexpr int kTriggersOfTable = 3;

// Columns of all tables share these.
std::string value_column(std::size_t i) { return "v" + std::to_string(i); }

std::string table_sql(const Tables& tables) {
  std::size_t width = 0;
  for (const auto& info : tables.all()) width = std::max(width, info.table->columns.size());
  std::string sql =
      "create table convoy_foreign (number integer primary key, table_number integer not null, "
      "id text not null, moment text not null, status text, changed text";
  for (std::size_t i = 0; i < width; ++i) sql += ", " + value_column(i);
  return sql + ");create index convoy_foreign_row on convoy_foreign (table_number, id);";
}

// The row `prefix` (old or new) is noted; with its content, or as one that was not there.
std::string note_sql(const TableInfo& info, const std::string& prefix, const char* moment,
                     bool has_content, const std::string& condition) {
  std::string names = "table_number, id, moment";
  std::string values = std::to_string(info.number) + ", " + prefix + ".\"id\", '" + moment + "'";
  if (has_content) {
    names += ", status, changed";
    values += ", " + prefix + ".\"_status\", " + prefix + ".\"_changed\"";
    for (std::size_t i = 0; i < info.table->columns.size(); ++i) {
      names += ", " + value_column(i);
      values += ", " + prefix + "." + query::quoted(info.table->columns[i].name);
    }
  }
  return "insert into convoy_foreign (" + names + ") select " + values + " where " + prefix +
         ".\"id\" is not null" + condition + ";";
}

// Only the first touch tells what the row was.
std::string is_first(const TableInfo& info, const std::string& prefix) {
  return " and not exists (select 1 from convoy_foreign f where f.table_number = " +
         std::to_string(info.number) + " and f.id = " + prefix + ".\"id\")";
}

std::string trigger_sql(const TableInfo& info, const std::string& moment, const std::string& work) {
  return "create trigger convoy_foreign_" + std::to_string(info.number) + "_" + moment + " after " +
         moment + " on " + query::quoted(info.table->name) + " begin " + work + "end;";
}

std::string triggers_sql(const TableInfo& info) {
  const auto made = note_sql(info, "new", "insert", false, is_first(info, "new"));
  const auto changed = note_sql(info, "old", "update", true, is_first(info, "old"));
  const auto renamed = note_sql(info, "new", "insert", false,
                                " and new.\"id\" is not old.\"id\"" + is_first(info, "new"));
  // Always noted: how it went matters.
  const auto removed = note_sql(info, "old", "delete", true, "");
  return trigger_sql(info, "insert", made) + trigger_sql(info, "update", changed + renamed) +
         trigger_sql(info, "delete", removed);
}

}  // namespace

Result<ForeignWrites> look_for_foreign_writes(sql::Connection& connection, std::size_t tables) {
  CONVOY_TRY(const auto triggers,
             connection.integer("select count(*) from sqlite_schema where type = 'trigger' and "
                                "name glob 'convoy_foreign_*'"));
  if (triggers != kTriggersOfTable * static_cast<std::int64_t>(tables)) {
    return ForeignWrites::Unknown;
  }
  if (triggers == 0) return ForeignWrites::None;
  CONVOY_TRY(const auto noted, connection.integer("select exists (select 1 from convoy_foreign)"));
  return noted == 0 ? ForeignWrites::None : ForeignWrites::Noted;
}

Result<std::vector<ForeignWrite>> foreign_writes(sql::Connection& connection) {
  CONVOY_TRY(auto select, connection.prepare("select table_number, id from convoy_foreign group by "
                                             "table_number, id order by min(number)"));
  std::vector<ForeignWrite> writes;
  for (;;) {
    CONVOY_TRY(const bool row, select.step());
    if (!row) return writes;
    writes.push_back({.table_number = select.integer(0), .id = select.text(1)});
  }
}

Result<std::optional<ForeignNote>> foreign_note(sql::Connection& connection, const TableInfo& info,
                                                std::string_view id) {
  CONVOY_TRY(auto select, connection.prepare("select * from convoy_foreign where table_number = ? "
                                             "and id = ? order by number"));
  select.bind_integer(1, info.number).bind_text(2, id);
  std::optional<ForeignNote> note;
  for (;;) {
    CONVOY_TRY(const bool more, select.step());
    if (!more) return note;
    if (!note) {
      note.emplace();
      if (select.text(3) != "insert") {
        note->before = Row{.status = select.text(4), .changed = select.text(5), .values = {}};
        int at = kFirstValue;
        for (const auto& column : info.table->columns) {
          note->before->values.push_back(fitting(column, select.value(at++)));
        }
      }
    }
    note->was_marked = select.text(3) == "delete" && select.text(4) == kDeleted;
  }
}

Status start_noting(sql::Connection& connection, const Tables& tables) {
  CONVOY_CHECK_OK(stop_noting(connection));
  CONVOY_CHECK_OK(connection.execute("drop table if exists convoy_foreign"));
  std::string sql = table_sql(tables);
  for (const auto& info : tables.all()) sql += triggers_sql(info);
  return connection.execute(sql);
}

Result<bool> has_other_triggers(sql::Connection& connection) {
  CONVOY_TRY(const auto others,
             connection.integer("select exists (select 1 from sqlite_schema where type = 'trigger' "
                                "and name not glob 'convoy_foreign_*')"));
  return others != 0;
}

Status stop_noting(sql::Connection& connection) {
  std::string sql;
  {
    CONVOY_TRY(auto select, connection.prepare("select name from sqlite_schema where type = "
                                               "'trigger' and name glob 'convoy_foreign_*'"));
    for (;;) {
      CONVOY_TRY(const bool row, select.step());
      if (!row) break;
      sql += "drop trigger " + query::quoted(select.text(0)) + ";";
    }
  }
  return connection.execute(sql);
}

}  // namespace convoy::store
