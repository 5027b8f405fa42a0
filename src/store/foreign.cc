#include "store/foreign.h"

#include <algorithm>
#include <utility>

#include "query/compile.h"

namespace convoy::store {
namespace {

// Before the values of the row in convoy_foreign: number, table_number, id, moment, status,
// changed.
constexpr int kFirstValue = 6;
constexpr int kTriggersOfTable = 4;

// Columns of all tables share these.
std::string value_column(std::size_t i) { return "v" + std::to_string(i); }

std::size_t width_of(const Tables& tables) {
  std::size_t width = 0;
  for (const auto& info : tables.all()) width = std::max(width, info.table->columns.size());
  return width;
}

std::string table_sql(std::size_t width) {
  std::string sql =
      "create table convoy_foreign (number integer primary key, table_number integer not null, "
      "id text not null, moment text not null, status text, changed text";
  for (std::size_t i = 0; i < width; ++i) sql += ", " + value_column(i);
  return sql + ");create index convoy_foreign_row on convoy_foreign (table_number, id);";
}

// Each opening of the file reads these texts, so they are kept short.
std::string trigger_sql(const TableInfo& info, std::string_view name, std::string_view event,
                        const std::string& condition, const std::string& note) {
  return "create trigger convoy_foreign_" + std::to_string(info.number) + "_" + std::string(name) +
         " after " + std::string(event) + " on " + query::quoted(info.table->name) + " when " +
         condition + " begin insert into convoy_foreign " + note + ";end;";
}

// Only the first touch tells what the row was.
std::string is_first(const TableInfo& info, const std::string& row) {
  return row +
         ".\"id\" is not null and not exists (select 1 from convoy_foreign where "
         "table_number = " +
         std::to_string(info.number) + " and id = " + row + ".\"id\")";
}

// A row that was not there.
std::string new_row(const TableInfo& info) {
  return "(table_number, id, moment) values (" + std::to_string(info.number) +
         ", new.\"id\", 'insert')";
}

// A row with its content, in a table of so many values.
std::string old_row(const TableInfo& info, std::string_view moment, std::size_t width) {
  std::string values = "values (null, " + std::to_string(info.number) + ", old.\"id\", '" +
                       std::string(moment) + "', old.\"_status\", old.\"_changed\"";
  for (const auto& column : info.table->columns) values += ", old." + query::quoted(column.name);
  for (auto i = info.table->columns.size(); i < width; ++i) values += ", null";
  return values + ")";
}

std::string triggers_sql(const TableInfo& info, std::size_t width) {
  return trigger_sql(info, "insert", "insert", is_first(info, "new"), new_row(info)) +
         trigger_sql(info, "update", "update", is_first(info, "old"),
                     old_row(info, "update", width)) +
         trigger_sql(info, "rename", "update of \"id\"", is_first(info, "new"), new_row(info)) +
         // Always noted: how it went matters.
         trigger_sql(info, "delete", "delete", "old.\"id\" is not null",
                     old_row(info, "delete", width));
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
  const auto width = width_of(tables);
  std::string sql = table_sql(width);
  for (const auto& info : tables.all()) sql += triggers_sql(info, width);
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
