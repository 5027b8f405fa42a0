#include "store/conflict_book.h"

#include <utility>

#include "base/limits.h"
#include "schema/wire.h"

namespace convoy::store {
namespace {

using base::Json;
using sql::Connection;

constexpr const char* kColumns =
    "number, at_ms, table_name, row_id, column_name, base, client, server, kept, coalesce(value, "
    "''), rule, reason, state, resolution, resolved_at_ms";

bool is_open(const schema::Conflict& conflict) {
  return conflict.rule == "manual" && conflict.kept == "server";
}

// SQL that resolves the open conflicts that `where` finds: ?1 how, ?2 when, ?3 by which mutation.
std::string resolving(std::string_view where) {
  return "update convoy_conflict set state = 'resolved', resolution = ?1, resolved_at_ms = ?2, "
         "resolved_by = ?3 where state = 'open' and " +
         std::string(where);
}

// False if there is none.
Result<bool> replace_open(Connection& connection, std::int64_t now_ms, std::int64_t mid,
                          const schema::Conflict& conflict) {
  CONVOY_TRY(auto update,
             connection.prepare("update convoy_conflict set at_ms = ?, mid = ?, base = ?, client = "
                                "?, server = ?, reason = ? where state = 'open' and table_name = ? "
                                "and row_id = ? and column_name = ?"));
  const auto base = conflict.base.dump();
  const auto client = conflict.client.dump();
  const auto server = conflict.server.dump();
  CONVOY_CHECK_OK(update.bind_integer(1, now_ms)
                      .bind_integer(2, mid)
                      .bind_text(3, std::string_view(base))
                      .bind_text(4, std::string_view(client))
                      .bind_text(5, std::string_view(server))
                      .bind_text(6, std::string_view(conflict.reason))
                      .bind_text(7, std::string_view(conflict.table))
                      .bind_text(8, std::string_view(conflict.id))
                      .bind_text(9, std::string_view(conflict.column))
                      .run());
  return connection.changes() > 0;
}

Status insert_conflict(Connection& connection, std::int64_t now_ms, std::int64_t mid,
                       const schema::Conflict& conflict) {
  CONVOY_TRY(auto insert,
             connection.prepare("insert into convoy_conflict (at_ms, mid, table_name, row_id, "
                                "column_name, base, client, server, value, kept, rule, reason, "
                                "state) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  const auto base = conflict.base.dump();
  const auto client = conflict.client.dump();
  const auto server = conflict.server.dump();
  const auto value = conflict.value ? conflict.value->dump() : std::string();
  insert.bind_integer(1, now_ms)
      .bind_integer(2, mid)
      .bind_text(3, std::string_view(conflict.table))
      .bind_text(4, std::string_view(conflict.id))
      .bind_text(5, std::string_view(conflict.column))
      .bind_text(6, std::string_view(base))
      .bind_text(7, std::string_view(client))
      .bind_text(8, std::string_view(server))
      .bind_null(9)
      .bind_text(10, std::string_view(conflict.kept))
      .bind_text(11, std::string_view(conflict.rule))
      .bind_text(12, std::string_view(conflict.reason))
      .bind_text(13, to_string(is_open(conflict) ? ConflictState::Open : ConflictState::Settled));
  if (conflict.value) insert.bind_text(9, std::string_view(value));
  return insert.run();
}

ConflictState state_of(std::string_view text) {
  if (text == to_string(ConflictState::Open)) return ConflictState::Open;
  if (text == to_string(ConflictState::Resolved)) return ConflictState::Resolved;
  return ConflictState::Settled;
}

ConflictInfo read_entry(const sql::Statement& row) {
  return {.number = row.integer(0),
          .at_ms = row.integer(1),
          .table = row.text(2),
          .id = row.text(3),
          .column = row.text(4),
          .base = row.text(5),
          .client = row.text(6),
          .server = row.text(7),
          .kept = row.text(8),
          .value = row.text(9),
          .rule = row.text(10),
          .reason = row.text(11),
          .state = state_of(row.text_view(12)),
          .resolution = row.text(13),
          .resolved_at_ms = row.is_null(14) ? std::nullopt : std::optional(row.integer(14))};
}

}  // namespace

Status keep_conflict(Connection& connection, std::int64_t now_ms, std::int64_t mid,
                     const schema::Conflict& conflict) {
  if (is_open(conflict)) {
    CONVOY_TRY(const bool replaced, replace_open(connection, now_ms, mid, conflict));
    if (replaced) return ok_status();
  }
  return insert_conflict(connection, now_ms, mid, conflict);
}

Status trim_conflicts(Connection& connection) {
  CONVOY_TRY(auto remove,
             connection.prepare("delete from convoy_conflict where number in (select number from "
                                "convoy_conflict where state in ('settled', 'resolved') order by "
                                "number desc limit -1 offset ?)"));
  return remove.bind_integer(1, limits::kConflictsKeptMax).run();
}

Result<bool> has_open_conflicts(Connection& connection) {
  CONVOY_TRY(const auto found,
             connection.integer("select exists (select 1 from convoy_conflict where state = "
                                "'open')"));
  return found != 0;
}

Status resolve_written(Connection& connection, std::int64_t now_ms, std::int64_t seq,
                       const MutationBuilder& builder) {
  CONVOY_TRY(const bool has_open, has_open_conflicts(connection));
  if (!has_open) return ok_status();
  CONVOY_TRY(auto written,
             connection.prepare(resolving("table_name = ?4 and row_id = ?5 and column_name = ?6")));
  CONVOY_TRY(auto deleted, connection.prepare(resolving("table_name = ?4 and row_id = ?5")));
  for (const auto& operation : builder.operations()) {
    const std::string_view table = operation.info->table->name;
    const bool is_deletion = operation.kind == OperationKind::Delete;
    auto& update = is_deletion ? deleted : written;
    update.bind_text(1, is_deletion ? "deleted" : "written")
        .bind_integer(2, now_ms)
        .bind_integer(3, seq)
        .bind_text(4, table)
        .bind_text(5, operation.id);
    if (is_deletion) {
      CONVOY_CHECK_OK(update.run());
      continue;
    }
    for (const auto& member : *operation.values) {
      CONVOY_CHECK_OK(update.bind_text(1, "written")
                          .bind_integer(2, now_ms)
                          .bind_integer(3, seq)
                          .bind_text(4, table)
                          .bind_text(5, operation.id)
                          .bind_text(6, std::string_view(member.first))
                          .run());
    }
  }
  return ok_status();
}

Status reopen_resolved(Connection& connection, std::int64_t seq) {
  CONVOY_TRY(
      auto update,
      connection.prepare(
          "update convoy_conflict as c set state = 'open', resolution = '', resolved_at_ms = null, "
          "resolved_by = null where resolved_by = ?1 and not exists (select 1 from convoy_conflict "
          "o where o.state = 'open' and o.table_name = c.table_name and o.row_id = c.row_id and "
          "o.column_name = c.column_name)"));
  return update.bind_integer(1, seq).run();
}

Status move_resolved(Connection& connection, std::int64_t from, std::int64_t to) {
  CONVOY_TRY(auto update, connection.prepare("update convoy_conflict set resolved_by = ? where "
                                             "resolved_by = ?"));
  return update.bind_integer(1, to).bind_integer(2, from).run();
}

Status follow_server(Connection& connection, std::int64_t now_ms, const TableInfo& info,
                     std::string_view id, const Json::Array& row,
                     const std::vector<std::size_t>& places) {
  struct Open {
    std::int64_t number = 0;
    std::string column;
    std::string client;
  };

  std::vector<Open> found;
  {
    CONVOY_TRY(auto select, connection.prepare("select number, column_name, client from "
                                               "convoy_conflict where state = 'open' and "
                                               "table_name = ? and row_id = ?"));
    select.bind_text(1, std::string_view(info.table->name)).bind_text(2, id);
    for (;;) {
      CONVOY_TRY(const bool more, select.step());
      if (!more) break;
      found.push_back({select.integer(0), select.text(1), select.text(2)});
    }
  }
  for (const auto& [number, column, client] : found) {
    const auto index = info.column_index(column);
    if (!index) continue;
    const auto& value = row[places[*index]];
    CONVOY_TRY(auto update,
               connection.prepare("update convoy_conflict set server = ? where number = ?"));
    const auto text = value.dump();
    CONVOY_CHECK_OK(update.bind_text(1, std::string_view(text)).bind_integer(2, number).run());
    CONVOY_TRY(const auto mine, base::parse_json(client));
    if (schema::same_wire_value(info.table->columns[*index], value, mine)) {
      CONVOY_CHECK_OK(set_resolution(connection, now_ms, number, "agreed"));
    }
  }
  return ok_status();
}

Status close_conflicts(Connection& connection, std::int64_t now_ms, std::string_view table,
                       std::string_view id) {
  CONVOY_TRY(auto update, connection.prepare(resolving("table_name = ?4 and row_id = ?5")));
  return update.bind_text(1, "deleted")
      .bind_integer(2, now_ms)
      .bind_null(3)
      .bind_text(4, table)
      .bind_text(5, id)
      .run();
}

Status close_conflicts_of_scope(Connection& connection, std::int64_t now_ms, const TableInfo& info,
                                std::int64_t scope, std::int64_t generation) {
  CONVOY_TRY(auto update,
             connection.prepare(resolving("table_name = ?4 and row_id in (select id from "
                                          "convoy_row where table_number = ?5 and scope = ?6 and "
                                          "generation < ?7)")));
  return update.bind_text(1, "deleted")
      .bind_integer(2, now_ms)
      .bind_null(3)
      .bind_text(4, std::string_view(info.table->name))
      .bind_integer(5, info.number)
      .bind_integer(6, scope)
      .bind_integer(7, generation)
      .run();
}

Result<std::vector<ConflictInfo>> read_conflicts(Connection& connection,
                                                 const ConflictFilter& filter) {
  CONVOY_TRY(auto select,
             connection.prepare("select " + std::string(kColumns) +
                                " from convoy_conflict where (?1 = '' or state = ?1) and (?2 = '' "
                                "or table_name = ?2) and (?3 = '' or row_id = ?3) order by "
                                "number"));
  select.bind_text(1, filter.state ? to_string(*filter.state) : std::string_view())
      .bind_text(2, std::string_view(filter.table))
      .bind_text(3, std::string_view(filter.id));
  std::vector<ConflictInfo> entries;
  for (;;) {
    CONVOY_TRY(const bool row, select.step());
    if (!row) return entries;
    entries.push_back(read_entry(select));
  }
}

Result<std::optional<ConflictInfo>> read_conflict(Connection& connection, std::int64_t number) {
  CONVOY_TRY(auto select, connection.prepare("select " + std::string(kColumns) +
                                             " from convoy_conflict where number = ?"));
  CONVOY_TRY(const bool found, select.bind_integer(1, number).step());
  if (!found) return std::optional<ConflictInfo>();
  return std::optional(read_entry(select));
}

Status set_resolution(Connection& connection, std::int64_t now_ms, std::int64_t number,
                      std::string_view how) {
  CONVOY_TRY(auto update,
             connection.prepare("update convoy_conflict set state = 'resolved', resolution = ?, "
                                "resolved_at_ms = ? where number = ?"));
  return update.bind_text(1, how).bind_integer(2, now_ms).bind_integer(3, number).run();
}

}  // namespace convoy::store
