#include "store/replica.h"

#include "store/database_impl.h"
#include "store/hybrid_clock.h"
#include "store/meta.h"
#include "store/queue_reader.h"
#include "store/renumber.h"
#include "store/scopes.h"
#include "store/stopped_tables.h"

namespace convoy::store {
namespace {

using sql::Connection;

constexpr std::string_view kRevoked = "is_revoked";

std::int64_t code_of(MutationState state) { return static_cast<std::int64_t>(state); }

Result<schema::ReplicaState> load_state(Connection& connection) {
  schema::ReplicaState state;
  CONVOY_TRY(state.client_id, read_meta(connection, "client_id"));
  CONVOY_TRY(state.epoch, read_meta(connection, "epoch"));
  CONVOY_TRY(state.fingerprint, read_meta(connection, "fingerprint"));
  CONVOY_TRY(state.scopes, read_scopes(connection));
  CONVOY_TRY(state.stopped, read_stopped(connection));
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
  CONVOY_TRY(counts.conflicts_open,
             connection.integer("select count(*) from convoy_conflict where state = 'open'"));
  CONVOY_TRY(counts.clock_offset_ms, clock_offset_ms(connection));
  CONVOY_TRY(counts.rows, connection.integer("select count(*) from convoy_row"));
  return counts;
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

}  // namespace

Result<schema::ReplicaState> Replica::load() { return database_->impl().read_state(load_state); }

Result<std::string> Replica::fork() {
  auto& impl = database_->impl();
  return impl.write(
      [&](Connection& connection) { return take_new_identity(connection, impl.random()); });
}

Status Replica::note_revoked() {
  return database_->impl().write(
      [](Connection& connection) { return write_meta(connection, kRevoked, std::int64_t{1}); });
}

Result<bool> Replica::renew_revoked() {
  auto& impl = database_->impl();
  return impl.write([&](Connection& connection) -> Result<bool> {
    CONVOY_TRY(const auto is_revoked, read_meta_number(connection, kRevoked));
    if (is_revoked == 0) return false;
    CONVOY_CHECK_OK(write_meta(connection, kRevoked, std::int64_t{0}));
    CONVOY_TRY(const auto revoked, read_meta(connection, "client_id"));
    CONVOY_CHECK_OK(take_new_identity(connection, impl.random()));
    CONVOY_CHECK_OK(forget_sender(connection, revoked));
    return true;
  });
}

Status Replica::renumber(const std::string& sender, const std::vector<std::int64_t>& mids) {
  return database_->impl().write(
      [&](Connection& connection) { return give_up_numbers(connection, sender, mids); });
}

Status Replica::start_over(const std::string& epoch) {
  return database_->impl().write(
      [&](Connection& connection) { return restart_scopes(connection, epoch); });
}

Result<ReplicaCounts> Replica::counts() { return database_->impl().read_state(read_counts); }

Result<std::vector<QueuedMutation>> Replica::queue() { return database_->impl().read(read_queue); }

}  // namespace convoy::store
