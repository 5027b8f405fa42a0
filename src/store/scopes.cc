#include "store/scopes.h"

#include <utility>

namespace convoy::store {

Result<std::map<std::string, schema::ScopeState>> read_scopes(sql::Connection& connection) {
  CONVOY_TRY(auto select,
             connection.prepare("select id, visibility, base, is_backfilling, backfill_after, "
                                "generation, rows_expected, rows_received from convoy_scope"));
  std::map<std::string, schema::ScopeState> scopes;
  for (;;) {
    CONVOY_TRY(const bool row, select.step());
    if (!row) return scopes;
    schema::ScopeState scope{.id = select.text(0),
                             .visibility = select.text(1),
                             .base = select.text(2),
                             .is_backfilling = select.integer(3) != 0,
                             .backfill_after = std::nullopt,
                             .generation = select.integer(5),
                             .rows_expected = select.integer(6),
                             .rows_received = select.integer(7)};
    if (!select.is_null(4)) {
      CONVOY_TRY(auto after, base::parse_json(select.text(4)));
      scope.backfill_after = std::move(after);
    }
    auto id = scope.id;
    scopes.emplace(std::move(id), std::move(scope));
  }
}

Result<std::optional<ScopeNumber>> find_scope(sql::Connection& connection, const std::string& id) {
  CONVOY_TRY(auto select,
             connection.prepare("select number, generation from convoy_scope where id = ?"));
  CONVOY_TRY(const bool found, select.bind_text(1, std::string_view(id)).step());
  if (!found) return std::optional<ScopeNumber>();
  return std::optional(ScopeNumber{.number = select.integer(0), .generation = select.integer(1)});
}

Status save_scope(sql::Connection& connection, const schema::ScopeState& scope) {
  CONVOY_TRY(
      auto upsert,
      connection.prepare(
          "insert into convoy_scope (id, visibility, base, is_backfilling, backfill_after, "
          "generation, rows_expected, rows_received) values (?, ?, ?, ?, ?, ?, ?, ?) on conflict "
          "(id) do update set visibility = excluded.visibility, base = excluded.base, "
          "is_backfilling = excluded.is_backfilling, backfill_after = excluded.backfill_after, "
          "generation = excluded.generation, rows_expected = excluded.rows_expected, "
          "rows_received = excluded.rows_received"));
  upsert.bind_text(1, std::string_view(scope.id))
      .bind_text(2, std::string_view(scope.visibility))
      .bind_text(3, std::string_view(scope.base))
      .bind_integer(4, scope.is_backfilling ? 1 : 0)
      .bind_null(5)
      .bind_integer(6, scope.generation)
      .bind_integer(7, scope.rows_expected)
      .bind_integer(8, scope.rows_received);
  const auto after = scope.backfill_after ? scope.backfill_after->dump() : std::string();
  if (scope.backfill_after) upsert.bind_text(5, std::string_view(after));
  return upsert.run();
}

Status forget_scope(sql::Connection& connection, std::int64_t number) {
  CONVOY_TRY(auto remove, connection.prepare("delete from convoy_scope where number = ?"));
  return remove.bind_integer(1, number).run();
}

Status restart_backfills(sql::Connection& connection) {
  return connection.execute(
      "update convoy_scope set base = '', is_backfilling = 1, backfill_after = null, generation = "
      "generation + 1, rows_expected = 0, rows_received = 0");
}

}  // namespace convoy::store
