#include "store/adopt.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "query/compile.h"
#include "store/adopt_order.h"
#include "store/adopt_record.h"
#include "store/foreign.h"
#include "store/rows.h"

namespace convoy::store {
namespace {

using Adoptees = std::vector<Adoptee>;

// Everything but created rows is known to the server.
Status confirm_rows(sql::Connection& connection, const TableInfo& info) {
  CONVOY_TRY(auto insert,
             connection.prepare("insert into convoy_row (table_number, id, scope, generation) "
                                "select ?, \"id\", 0, 0 from " +
                                query::quoted(info.table->name) +
                                " where \"_status\" is not 'created' and \"id\" is not null on "
                                "conflict (table_number, id) do nothing"));
  return insert.bind_integer(1, info.number).run();
}

// Confirmed rows that are not there any more, and on which nothing pends.
Status forget_missing_rows(sql::Connection& connection, const TableInfo& info) {
  CONVOY_TRY(auto remove, connection.prepare(
                              "delete from convoy_row as r where table_number = ?1 and not exists "
                              "(select 1 from convoy_confirmed c where c.table_number = ?1 and "
                              "c.id = r.id) and not exists (select 1 from " +
                              query::quoted(info.table->name) + " t where t.\"id\" = r.id)"));
  return remove.bind_integer(1, info.number).run();
}

// In the order they were made.
Status list_unsynced(sql::Connection& connection, const TableInfo& info, Adoptees& list) {
  const auto table = query::quoted(info.table->name);
  CONVOY_TRY(
      auto select,
      connection.prepare("select t.\"id\" from " + table +
                         " t where t.\"id\" is not null and (t.\"_status\" in ('created', "
                         "'updated', 'deleted') or exists (select 1 from convoy_mutation_row m "
                         "where m.table_number = ?1 and m.id = t.\"id\")) order by t.rowid"));
  select.bind_integer(1, info.number);
  for (;;) {
    CONVOY_TRY(const bool row, select.step());
    if (!row) break;
    list.push_back({.info = &info, .id = select.text(0)});
  }
  CONVOY_TRY(auto missing,
             connection.prepare("select distinct m.id from convoy_mutation_row m where "
                                "m.table_number = ?1 and not exists (select 1 from " +
                                table + " t where t.\"id\" = m.id)"));
  missing.bind_integer(1, info.number);
  for (;;) {
    CONVOY_TRY(const bool row, missing.step());
    if (!row) return ok_status();
    list.push_back({.info = &info, .id = missing.text(0)});
  }
}

Status adopt_list(sql::Connection& connection, const Tables& tables, Adopter& adopter,
                  Adoptees list) {
  Adoptees created;
  Adoptees changed;
  Adoptees deleted;
  for (auto& record : list) {
    CONVOY_TRY(const auto row, read_row(connection, *record.info, record.id));
    auto& group = !row || row->status == kDeleted ? deleted
                  : row->status == kCreated       ? created
                                                  : changed;
    group.push_back(std::move(record));
  }
  CONVOY_TRY(created, referred_to_first(connection, tables, std::move(created)));
  CONVOY_TRY(deleted, referred_to_first(connection, tables, std::move(deleted)));
  std::ranges::reverse(deleted);
  for (const auto* group : {&created, &changed, &deleted}) {
    for (const auto& [info, id] : *group) CONVOY_CHECK_OK(adopter.adopt(*info, id));
  }
  return ok_status();
}

}  // namespace

Status adopt_all(sql::Connection& connection, const Tables& tables, base::Clock& clock,
                 base::Random& random) {
  Adoptees list;
  for (const auto& info : tables.all()) {
    if (!info.table->is_local_only) {
      CONVOY_CHECK_OK(confirm_rows(connection, info));
      CONVOY_CHECK_OK(forget_missing_rows(connection, info));
    }
    CONVOY_CHECK_OK(list_unsynced(connection, info, list));
  }
  Adopter adopter(connection, tables, clock, random, false);
  return adopt_list(connection, tables, adopter, std::move(list));
}

Status adopt_writes(sql::Connection& connection, const Tables& tables,
                    const std::vector<ForeignWrite>& writes, ForeignNotes notes, base::Clock& clock,
                    base::Random& random) {
  Adoptees list;
  for (const auto& write : writes) {
    const auto* info = tables.find(write.table_number);
    if (info != nullptr) list.push_back({.info = info, .id = write.id});
  }
  Adopter adopter(connection, tables, clock, random, notes == ForeignNotes::Kept);
  return adopt_list(connection, tables, adopter, std::move(list));
}

Status adopt_noted(sql::Connection& connection, const Tables& tables, base::Clock& clock,
                   base::Random& random) {
  CONVOY_TRY(const auto writes, foreign_writes(connection));
  if (writes.empty()) return ok_status();
  CONVOY_CHECK_OK(adopt_writes(connection, tables, writes, ForeignNotes::Kept, clock, random));
  return connection.execute("delete from convoy_foreign");
}

Status send_all_rows(sql::Connection& connection, const Tables& tables,
                     const std::vector<const TableInfo*>& which, base::Clock& clock,
                     base::Random& random) {
  Adoptees list;
  for (const auto* info : which) {
    CONVOY_CHECK_OK(connection.execute("update " + query::quoted(info->table->name) +
                                       R"( set "_status" = 'created', "_changed" = '')"));
    CONVOY_CHECK_OK(list_unsynced(connection, *info, list));
  }
  Adopter adopter(connection, tables, clock, random, false);
  return adopt_list(connection, tables, adopter, std::move(list));
}

}  // namespace convoy::store
