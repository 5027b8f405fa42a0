#include "store/page_applier.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "query/compile.h"
#include "schema/wire.h"
#include "store/confirmed.h"
#include "store/conflict_book.h"
#include "store/last_mutation.h"
#include "store/replica.h"
#include "store/revive.h"
#include "store/rows.h"
#include "store/stopped_tables.h"
#include "store/write_history.h"

namespace convoy::store {
namespace {

using base::Json;
using schema::RowChanges;

Error bad_reply(const RowChanges& changes, std::string_view what) {
  return {.code = ErrorCode::BadReply,
          .message = "the server's rows of " + changes.table + " " + std::string(what)};
}

// Where each of our columns stands in the page's rows.
Result<std::vector<std::size_t>> places_of(const Table& table, const RowChanges& changes) {
  std::vector<std::size_t> places;
  for (const auto& column : table.columns) {
    const auto found = std::ranges::find(changes.columns, column.name);
    if (found == changes.columns.end()) {
      return Error{.code = ErrorCode::SchemaMismatch,
                   .message = "the server's table has no column " + table.name + "." + column.name,
                   .hint = "Add it there, or take it out of the program's schema."};
    }
    places.push_back(static_cast<std::size_t>(found - changes.columns.begin()));
  }
  return places;
}

// As it is built for the message of an error only.
std::string name_of(const Table& table, const Column& column, std::string_view id) {
  return table.name + "." + column.name + " of " + std::string(id);
}

}  // namespace

Result<PageApplier> PageApplier::make(sql::Connection& connection, const Tables& tables,
                                      std::int64_t now_ms) {
  PageApplier applier(connection, tables, now_ms);
  CONVOY_TRY(const auto pending,
             connection.integer("select exists (select 1 from convoy_mutation_row)"));
  applier.has_pending_ = pending != 0;
  CONVOY_TRY(applier.has_open_conflicts_, store::has_open_conflicts(connection));
  CONVOY_TRY(applier.stopped_, stopped_numbers(connection, tables));
  return applier;
}

Result<bool> PageApplier::is_pending(const TableInfo& info, std::string_view id) {
  if (!has_pending_) return false;
  return overlay_.is_pending(info, id);
}

Status PageApplier::apply(const RowChanges& changes) {
  if (changes.ids.size() != changes.rows.size()) return bad_reply(changes, "have no ids");
  Target target{.info = tables_.find(changes.table), .scope = {}, .places = {}};
  if (target.info == nullptr || target.info->table->is_local_only) return ok_status();
  // Rows of a scope the device does not have come again when it has it.
  CONVOY_TRY(const auto scope, find_scope(connection_, changes.scope));
  if (!scope) return ok_status();
  target.scope = *scope;
  if (!changes.rows.empty()) {
    CONVOY_TRY(target.places, places_of(*target.info->table, changes));
    CONVOY_CHECK_OK(put_rows(target, changes));
  }
  for (const auto& id : changes.gone) CONVOY_CHECK_OK(remove_row(target, id));
  return ok_status();
}

Status PageApplier::put_rows(const Target& target, const RowChanges& changes) {
  const auto& info = *target.info;
  const auto& columns = info.table->columns;
  CONVOY_TRY(auto upsert, connection_.prepare(info.upsert_sql));
  CONVOY_TRY(auto place, connection_.prepare(
                             "insert into convoy_row (table_number, id, scope, generation) values "
                             "(?, ?, ?, ?) on conflict (table_number, id) do update set scope = "
                             "excluded.scope, generation = excluded.generation"));
  std::vector<Value> values(columns.size());
  for (std::size_t r = 0; r < changes.rows.size(); ++r) {
    const auto& row = changes.rows[r];
    const std::string_view id = changes.ids[r];
    if (id.empty() || row.size() != changes.columns.size()) {
      return bad_reply(changes, "have other columns than their list says");
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
      auto value = schema::from_wire(columns[i], row[target.places[i]]);
      if (!value.ok()) {
        return std::move(value).error().with_context(name_of(*info.table, columns[i], id));
      }
      values[i] = *std::move(value);
    }
    if (has_open_conflicts_) {
      CONVOY_CHECK_OK(follow_server(connection_, now_ms_, info, id, row, target.places));
    }
    CONVOY_TRY(const bool pending, is_pending(info, id));
    if (pending) {
      CONVOY_CHECK_OK(put_under_overlay(target, id, row));
      continue;
    }
    upsert.bind_text(1, id).bind_text(2, kSynced).bind_text(3, "");
    for (std::size_t i = 0; i < columns.size(); ++i) {
      upsert.bind(static_cast<int>(i) + 4, values[i]);
    }
    CONVOY_CHECK_OK(upsert.run());
    CONVOY_CHECK_OK(place.bind_integer(1, info.number)
                        .bind_text(2, id)
                        .bind_integer(3, target.scope.number)
                        .bind_integer(4, target.scope.generation)
                        .run());
  }
  return ok_status();
}

Status PageApplier::put_under_overlay(const Target& target, std::string_view id,
                                      const Json::Array& row) {
  const auto& info = *target.info;
  Json::Object confirmed;
  for (std::size_t i = 0; i < target.places.size(); ++i) {
    confirmed.emplace_back(info.table->columns[i].name, row[target.places[i]]);
  }
  {
    CONVOY_TRY(auto place, connection_.prepare(
                               "insert into convoy_row (table_number, id, scope, generation) "
                               "values (?, ?, ?, ?) on conflict (table_number, id) do update set "
                               "scope = excluded.scope, generation = excluded.generation"));
    CONVOY_CHECK_OK(place.bind_integer(1, info.number)
                        .bind_text(2, id)
                        .bind_integer(3, target.scope.number)
                        .bind_integer(4, target.scope.generation)
                        .run());
  }
  const auto content = Json(std::move(confirmed)).dump();
  CONVOY_CHECK_OK(replace_confirmed(connection_, info.number, id, content));
  return overlay_.rebase(info, id);
}

Status PageApplier::remove_row(const Target& target, const std::string& id) {
  const auto& info = *target.info;
  {
    CONVOY_TRY(auto select, connection_.prepare("select 1 from convoy_row where table_number = ? "
                                                "and id = ? and scope = ?"));
    CONVOY_TRY(const bool held, select.bind_integer(1, info.number)
                                    .bind_text(2, std::string_view(id))
                                    .bind_integer(3, target.scope.number)
                                    .step());
    // Held in another scope, or not at all.
    if (!held) return ok_status();
  }
  CONVOY_TRY(const bool pending, is_pending(info, id));
  if (pending) CONVOY_CHECK_OK(revive_gone(connection_, overlay_, rules_, info, id));
  if (has_open_conflicts_) gone_.push_back({.table_number = info.number, .id = id});
  {
    CONVOY_TRY(auto remove, connection_.prepare("delete from convoy_row where table_number = ? and "
                                                "id = ? and scope = ?"));
    CONVOY_CHECK_OK(remove.bind_integer(1, info.number)
                        .bind_text(2, std::string_view(id))
                        .bind_integer(3, target.scope.number)
                        .run());
  }
  return pending ? overlay_.rebase(info, id) : erase_row(connection_, info, id);
}

Status PageApplier::remove_older(std::int64_t scope, std::int64_t generation, Loss loss) {
  std::vector<Overlay::RowKey> pending;
  for (const auto& info : tables_.all()) {
    // The back-fill did not bring any rows of these.
    if (loss == Loss::Gone && stopped_.contains(info.number)) continue;
    CONVOY_TRY(auto select, connection_.prepare(
                                "select r.id from convoy_row r where r.table_number = ?1 and "
                                "r.scope = ?2 and r.generation < ?3 and exists (select 1 from "
                                "convoy_mutation_row m where m.table_number = r.table_number and "
                                "m.id = r.id)"));
    select.bind_integer(1, info.number).bind_integer(2, scope).bind_integer(3, generation);
    while (has_pending_) {
      CONVOY_TRY(const bool row, select.step());
      if (!row) break;
      pending.push_back({.table_number = info.number, .id = select.text(0)});
    }
    if (has_open_conflicts_) {
      CONVOY_CHECK_OK(close_conflicts_of_scope(connection_, now_ms_, info, scope, generation));
    }
    for (const auto& row : pending) {
      if (loss != Loss::Gone || row.table_number != info.number) continue;
      CONVOY_CHECK_OK(revive_gone(connection_, overlay_, rules_, info, row.id));
    }
    // Rows with pending mutations go here as well; rebasing brings back what remains of them.
    CONVOY_TRY(auto remove,
               connection_.prepare("delete from " + query::quoted(info.table->name) +
                                   " where \"id\" in (select id from convoy_row where scope = ?2 "
                                   "and generation < ?3 and table_number = ?1)"));
    CONVOY_CHECK_OK(remove.bind_integer(1, info.number)
                        .bind_integer(2, scope)
                        .bind_integer(3, generation)
                        .run());
    CONVOY_TRY(auto forget, connection_.prepare("delete from convoy_row where scope = ? and "
                                                "generation < ? and table_number = ?"));
    CONVOY_CHECK_OK(forget.bind_integer(1, scope)
                        .bind_integer(2, generation)
                        .bind_integer(3, info.number)
                        .run());
  }
  return overlay_.rebase_all(pending);
}

Status PageApplier::remove_scope(const std::string& scope) {
  CONVOY_TRY(const auto found, find_scope(connection_, scope));
  if (!found) return ok_status();
  CONVOY_CHECK_OK(
      remove_older(found->number, std::numeric_limits<std::int64_t>::max(), Loss::OfScope));
  return forget_scope(connection_, found->number);
}

Status PageApplier::finish_backfill(const std::string& scope) {
  CONVOY_TRY(const auto found, find_scope(connection_, scope));
  if (!found) return ok_status();
  return remove_older(found->number, found->generation, Loss::Gone);
}

Status PageApplier::acknowledge(std::int64_t mid) {
  std::vector<std::int64_t> done;
  {
    // What was sent under a former client id is in any window.
    CONVOY_TRY(auto select,
               connection_.prepare("select seq from convoy_mutation where state = ?2 and (mid <= "
                                   "?1 or sender <> '') or state = ?3 and mid between 1 and ?1 "
                                   "and sender = ''"));
    select.bind_integer(1, mid)
        .bind_integer(2, static_cast<std::int64_t>(MutationState::Sent))
        .bind_integer(3, static_cast<std::int64_t>(MutationState::Sending));
    for (;;) {
      CONVOY_TRY(const bool row, select.step());
      if (!row) break;
      done.push_back(select.integer(0));
    }
  }
  if (done.empty()) return ok_status();
  CONVOY_CHECK_OK(note_last_mutation(connection_));
  std::vector<Overlay::RowKey> rows;
  CONVOY_TRY(auto forget, connection_.prepare("delete from convoy_mutation_need where seq = ?"));
  CONVOY_TRY(auto remove, connection_.prepare("delete from convoy_mutation where seq = ?"));
  for (const auto seq : done) {
    CONVOY_CHECK_OK(note_departure(connection_, seq, {.how = kConfirmed, .at_ms = now_ms_}));
    CONVOY_TRY(auto released, overlay_.release(seq));
    rows.insert(rows.end(), std::move_iterator(released.begin()),
                std::move_iterator(released.end()));
    CONVOY_CHECK_OK(forget.bind_integer(1, seq).run());
    CONVOY_CHECK_OK(remove.bind_integer(1, seq).run());
  }
  CONVOY_CHECK_OK(trim_history(connection_));
  return overlay_.rebase_all(rows);
}

// A row that is gone from one scope may have come with another.
Status PageApplier::finish() {
  CONVOY_TRY(auto select, connection_.prepare("select 1 from convoy_row where table_number = ? and "
                                              "id = ?"));
  for (const auto& row : gone_) {
    CONVOY_TRY(
        const bool is_there,
        select.bind_integer(1, row.table_number).bind_text(2, std::string_view(row.id)).step());
    select.reset();
    const auto* info = tables_.find(row.table_number);
    if (is_there || info == nullptr) continue;
    CONVOY_CHECK_OK(close_conflicts(connection_, now_ms_, info->table->name, row.id));
  }
  return ok_status();
}

}  // namespace convoy::store
