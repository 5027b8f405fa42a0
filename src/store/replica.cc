#include "store/replica.h"

#include "base/uuid.h"
#include "store/database_impl.h"
#include "store/meta.h"
#include "store/scopes.h"

namespace convoy::store {
namespace {

using sql::Connection;

std::int64_t code_of(MutationState state) { return static_cast<std::int64_t>(state); }

Result<schema::ReplicaState> load_state(Connection& connection) {
  schema::ReplicaState state;
  CONVOY_TRY(state.client_id, read_meta(connection, "client_id"));
  CONVOY_TRY(state.epoch, read_meta(connection, "epoch"));
  CONVOY_TRY(state.fingerprint, read_meta(connection, "fingerprint"));
  CONVOY_TRY(state.scopes, read_scopes(connection));
  CONVOY_TRY(state.mid_assigned, read_meta_number(connection, "mid_assigned"));
  CONVOY_TRY(state.mid_seen, read_meta_number(connection, "mid_seen"));
  return state;
}

Result<ReplicaCounts> read_counts(Connection& connection) {
  ReplicaCounts counts;
  CONVOY_TRY(auto select, connection.prepare("select count(*) filter (where state <> ?1), count(*) "
                                             "filter (where state = ?1), min(created_at_ms) filter "
                                             "(where state <> ?1) from convoy_mutation"));
  CONVOY_TRY(const bool row, select.bind_integer(1, code_of(MutationState::Parked)).step());
  if (row) {
    counts.pending = select.integer(0);
    counts.parked = select.integer(1);
    if (!select.is_null(2)) counts.oldest_pending_ms = select.integer(2);
  }
  CONVOY_TRY(counts.conflicts, connection.integer("select count(*) from convoy_conflict"));
  CONVOY_TRY(counts.rows, connection.integer("select count(*) from convoy_row"));
  return counts;
}

Result<std::vector<QueuedMutation>> read_queue(Connection& connection) {
  CONVOY_TRY(auto select,
             connection.prepare("select seq, mid, uid, state, created_at_ms, attempts, body, code, "
                                "message, table_name, row_id from convoy_mutation order by seq"));
  std::vector<QueuedMutation> queue;
  for (;;) {
    CONVOY_TRY(const bool row, select.step());
    if (!row) return queue;
    queue.push_back({.seq = select.integer(0),
                     .mid = select.integer(1),
                     .uid = select.text(2),
                     .state = static_cast<MutationState>(select.integer(3)),
                     .created_at_ms = select.integer(4),
                     .attempts = static_cast<int>(select.integer(5)),
                     .body = select.text(6),
                     .code = select.text(7),
                     .message = select.text(8),
                     .table = select.text(9),
                     .id = select.text(10)});
  }
}

Result<std::vector<ConflictEntry>> read_conflicts(Connection& connection) {
  CONVOY_TRY(auto select,
             connection.prepare("select number, at_ms, mid, table_name, row_id, column_name, base, "
                                "client, server, kept, rule from convoy_conflict order by number"));
  std::vector<ConflictEntry> entries;
  for (;;) {
    CONVOY_TRY(const bool row, select.step());
    if (!row) return entries;
    ConflictEntry entry{
        .number = select.integer(0), .at_ms = select.integer(1), .mid = select.integer(2)};
    entry.conflict.table = select.text(3);
    entry.conflict.id = select.text(4);
    entry.conflict.column = select.text(5);
    CONVOY_TRY(entry.conflict.base, base::parse_json(select.text(6)));
    CONVOY_TRY(entry.conflict.client, base::parse_json(select.text(7)));
    CONVOY_TRY(entry.conflict.server, base::parse_json(select.text(8)));
    entry.conflict.kept = select.text(9);
    entry.conflict.rule = select.text(10);
    entries.push_back(std::move(entry));
  }
}

// A new log can be that of a server restored from a backup, which may have lost what it had taken.
// All that no pull has shown yet is sent again under its number: a server that still has it says
// so, and one that has not takes it now.
Status resend_unseen(Connection& connection) {
  CONVOY_TRY(
      auto update,
      connection.prepare("update convoy_mutation set state = case when mid > 0 then ?2 else ?3 end "
                         "where state = ?1"));
  return update.bind_integer(1, code_of(MutationState::Sent))
      .bind_integer(2, code_of(MutationState::Sending))
      .bind_integer(3, code_of(MutationState::Pending))
      .run();
}

Status restart_scopes(Connection& connection, const std::string& epoch) {
  CONVOY_CHECK_OK(write_meta(connection, "epoch", epoch));
  CONVOY_CHECK_OK(resend_unseen(connection));
  return restart_backfills(connection);
}

// Mutations the server has under the old id keep their state, but no number: any window that ends
// from now on contains them.
Status renumber(Connection& connection, const std::string& client_id) {
  CONVOY_CHECK_OK(write_meta(connection, "client_id", client_id));
  CONVOY_CHECK_OK(write_meta(connection, "mid_assigned", std::int64_t{0}));
  CONVOY_CHECK_OK(write_meta(connection, "mid_seen", std::int64_t{0}));
  CONVOY_TRY(auto reset, connection.prepare("update convoy_mutation set mid = 0, state = case "
                                            "state when ?1 then ?2 else state end"));
  return reset.bind_integer(1, code_of(MutationState::Sending))
      .bind_integer(2, code_of(MutationState::Pending))
      .run();
}

}  // namespace

Result<schema::ReplicaState> Replica::load() { return database_->impl().read_state(load_state); }

Result<std::string> Replica::fork() {
  auto& impl = database_->impl();
  return impl.write([&](Connection& connection) -> Result<std::string> {
    auto client_id = base::uuid_v4(impl.random());
    CONVOY_CHECK_OK(renumber(connection, client_id));
    return client_id;
  });
}

Status Replica::start_over(const std::string& epoch) {
  return database_->impl().write(
      [&](Connection& connection) { return restart_scopes(connection, epoch); });
}

Result<ReplicaCounts> Replica::counts() { return database_->impl().read_state(read_counts); }

Result<std::vector<QueuedMutation>> Replica::queue() { return database_->impl().read(read_queue); }

Result<std::vector<ConflictEntry>> Replica::conflicts() {
  return database_->impl().read(read_conflicts);
}

}  // namespace convoy::store
