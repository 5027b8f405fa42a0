// The replica's books for people: how far the outbox is, and what became of each sync.
#include <algorithm>
#include <utility>

#include "base/json.h"
#include "store/database_impl.h"
#include "store/meta.h"
#include "store/replica.h"

namespace convoy::store {
namespace {

using sql::Connection;

std::string to_text(const std::vector<schema::Recovery>& recoveries) {
  base::Json::Array all;
  for (const auto& recovery : recoveries) {
    all.emplace_back(base::Json::Array{recovery.step, recovery.cause});
  }
  return base::Json(std::move(all)).dump();
}

std::vector<schema::Recovery> recoveries_of(const std::string& text) {
  std::vector<schema::Recovery> recoveries;
  const auto json = base::parse_json(text);
  if (!json.ok() || json->array() == nullptr) return recoveries;
  for (const auto& entry : *json->array()) {
    const auto* pair = entry.array();
    if (pair == nullptr || pair->size() != 2) continue;
    const auto* step = pair->front().string();
    const auto* cause = pair->back().string();
    if (step != nullptr && cause != nullptr) recoveries.push_back({.step = *step, .cause = *cause});
  }
  return recoveries;
}

std::optional<std::int64_t> number_or_nothing(const sql::Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return row.integer(column);
}

Result<OutboxProgress> read_outbox(Connection& connection) {
  CONVOY_TRY(auto select, connection.prepare(
                              "select min(seq) filter (where state < ?1), min(seq), max(seq) from "
                              "convoy_mutation where state <> ?2"));
  CONVOY_TRY(const bool row, select.bind_integer(1, static_cast<std::int64_t>(MutationState::Sent))
                                 .bind_integer(2, static_cast<std::int64_t>(MutationState::Parked))
                                 .step());
  if (!row) return OutboxProgress{};
  return OutboxProgress{.first_unsent = number_or_nothing(select, 0),
                        .first_unconfirmed = number_or_nothing(select, 1),
                        .last = number_or_nothing(select, 2)};
}

Result<std::vector<std::int64_t>> read_waiting(Connection& connection) {
  CONVOY_TRY(auto select,
             connection.prepare("select seq from convoy_mutation where state <> ? order by seq"));
  select.bind_integer(1, static_cast<std::int64_t>(MutationState::Parked));
  std::vector<std::int64_t> seqs;
  for (;;) {
    CONVOY_TRY(const bool row, select.step());
    if (!row) return seqs;
    seqs.push_back(select.integer(0));
  }
}

Result<std::optional<QueuedMutation>> read_first_parked(Connection& connection,
                                                        const std::vector<std::int64_t>& seqs) {
  if (seqs.empty()) return std::optional<QueuedMutation>();
  CONVOY_TRY(auto select,
             connection.prepare("select seq, mid, uid, code, message, table_name, row_id from "
                                "convoy_mutation where state = ?1 and seq between ?2 and ?3 "
                                "order by seq"));
  select.bind_integer(1, static_cast<std::int64_t>(MutationState::Parked))
      .bind_integer(2, seqs.front())
      .bind_integer(3, seqs.back());
  for (;;) {
    CONVOY_TRY(const bool row, select.step());
    if (!row) return std::optional<QueuedMutation>();
    if (!std::binary_search(seqs.begin(), seqs.end(), select.integer(0))) continue;
    return std::optional(QueuedMutation{.seq = select.integer(0),
                                        .mid = select.integer(1),
                                        .uid = select.text(2),
                                        .state = MutationState::Parked,
                                        .code = select.text(3),
                                        .message = select.text(4),
                                        .table = select.text(5),
                                        .id = select.text(6)});
  }
}

Status insert_run(Connection& connection, const SyncRun& run) {
  CONVOY_TRY(auto insert,
             connection.prepare("insert into convoy_sync_run (started_at_ms, finished_at_ms, "
                                "cause, error_code, error_message, error_hint, push_ms, pull_ms, "
                                "back_fill_ms, rows_received, mutations_sent, bytes_up, "
                                "bytes_down, recoveries) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                                "?, ?, ?)"));
  const auto recoveries = to_text(run.recoveries);
  return insert.bind_integer(1, run.started_at_ms)
      .bind_integer(2, run.finished_at_ms)
      .bind_text(3, std::string_view(run.cause))
      .bind_text(4, std::string_view(run.error_code))
      .bind_text(5, std::string_view(run.error_message))
      .bind_text(6, std::string_view(run.error_hint))
      .bind_integer(7, run.push_ms)
      .bind_integer(8, run.pull_ms)
      .bind_integer(9, run.back_fill_ms)
      .bind_integer(10, run.rows_received)
      .bind_integer(11, run.mutations_sent)
      .bind_integer(12, run.bytes_up)
      .bind_integer(13, run.bytes_down)
      .bind_text(14, std::string_view(recoveries))
      .run();
}

// A history, not a log.
Status trim_runs(Connection& connection) {
  CONVOY_TRY(auto remove,
             connection.prepare("delete from convoy_sync_run where number <= (select max(number) "
                                "- ? from convoy_sync_run) and number <> coalesce((select "
                                "max(number) from convoy_sync_run where error_code = ''), 0)"));
  return remove.bind_integer(1, kSyncRunsMax).run();
}

Result<Replica::Traffic> read_traffic(Connection& connection) {
  Replica::Traffic traffic;
  CONVOY_TRY(traffic.bytes_up, read_meta_number(connection, "bytes_up"));
  CONVOY_TRY(traffic.bytes_down, read_meta_number(connection, "bytes_down"));
  return traffic;
}

Status count_traffic(Connection& connection, const SyncRun& run) {
  if (run.bytes_up == 0 && run.bytes_down == 0) return ok_status();
  CONVOY_TRY(const auto before, read_traffic(connection));
  CONVOY_CHECK_OK(write_meta(connection, "bytes_up", before.bytes_up + run.bytes_up));
  return write_meta(connection, "bytes_down", before.bytes_down + run.bytes_down);
}

Result<std::vector<SyncRun>> read_runs(Connection& connection, bool successful_only,
                                       std::size_t count_max) {
  CONVOY_TRY(
      auto select,
      connection.prepare("select started_at_ms, finished_at_ms, cause, error_code, "
                         "error_message, error_hint, push_ms, pull_ms, back_fill_ms, "
                         "rows_received, mutations_sent, bytes_up, bytes_down, recoveries "
                         "from convoy_sync_run where ? or error_code = '' order by number desc "
                         "limit ?"));
  select.bind_integer(1, successful_only ? 0 : 1)
      .bind_integer(2, static_cast<std::int64_t>(count_max));
  std::vector<SyncRun> runs;
  for (;;) {
    CONVOY_TRY(const bool row, select.step());
    if (!row) return runs;
    runs.push_back({.started_at_ms = select.integer(0),
                    .finished_at_ms = select.integer(1),
                    .cause = select.text(2),
                    .error_code = select.text(3),
                    .error_message = select.text(4),
                    .error_hint = select.text(5),
                    .push_ms = select.integer(6),
                    .pull_ms = select.integer(7),
                    .back_fill_ms = select.integer(8),
                    .recoveries = recoveries_of(select.text(13)),
                    .rows_received = select.integer(9),
                    .mutations_sent = select.integer(10),
                    .bytes_up = select.integer(11),
                    .bytes_down = select.integer(12)});
  }
}

}  // namespace

Result<OutboxProgress> Replica::outbox() { return database_->impl().read(read_outbox); }

Result<std::vector<std::int64_t>> Replica::waiting() {
  return database_->impl().read(read_waiting);
}

Result<std::optional<QueuedMutation>> Replica::first_parked(const std::vector<std::int64_t>& seqs) {
  return database_->impl().read(
      [&](Connection& connection) { return read_first_parked(connection, seqs); });
}

Status Replica::record_run(const SyncRun& run) {
  return database_->impl().write([&](Connection& connection) -> Status {
    CONVOY_CHECK_OK(insert_run(connection, run));
    CONVOY_CHECK_OK(count_traffic(connection, run));
    return trim_runs(connection);
  });
}

Result<std::optional<SyncRun>> Replica::last_run(bool successful_only) {
  CONVOY_TRY(auto runs, database_->impl().read([&](Connection& connection) {
    return read_runs(connection, successful_only, 1);
  }));
  if (runs.empty()) return std::optional<SyncRun>();
  return std::optional<SyncRun>(std::move(runs.front()));
}

Result<std::vector<SyncRun>> Replica::runs(std::size_t count_max) {
  return database_->impl().read(
      [&](Connection& connection) { return read_runs(connection, false, count_max); });
}

Result<Replica::Traffic> Replica::traffic() { return database_->impl().read_state(read_traffic); }

}  // namespace convoy::store
