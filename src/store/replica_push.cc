// The outbox's way out: numbers, and what the server made of each mutation.
#include <algorithm>

#include "store/database_impl.h"
#include "store/meta.h"
#include "store/outbox.h"
#include "store/overlay.h"
#include "store/replica.h"

namespace convoy::store {
namespace {

using schema::Outcome;
using schema::OutgoingMutation;
using sql::Connection;

std::int64_t code_of(MutationState state) { return static_cast<std::int64_t>(state); }

struct Candidate {
  std::int64_t seq = 0;
  OutgoingMutation mutation;
};

Result<std::vector<Candidate>> read_candidates(Connection& connection, std::size_t count_max,
                                               std::size_t bytes_max) {
  CONVOY_TRY(auto select,
             connection.prepare("select seq, mid, uid, body from convoy_mutation where state in "
                                "(?, ?) order by state = ? desc, seq"));
  select.bind_integer(1, code_of(MutationState::Sending))
      .bind_integer(2, code_of(MutationState::Pending))
      .bind_integer(3, code_of(MutationState::Sending));
  std::vector<Candidate> candidates;
  std::size_t bytes = 0;
  while (candidates.size() < count_max) {
    CONVOY_TRY(const bool row, select.step());
    if (!row) break;
    Candidate candidate{
        .seq = select.integer(0),
        .mutation = {.mid = select.integer(1), .uid = select.text(2), .body = select.text(3)}};
    bytes += bytes_on_the_wire(candidate.mutation.body);
    // One that is alone too large for the caller's bound still has to go some time.
    if (bytes > bytes_max && !candidates.empty()) break;
    candidates.push_back(std::move(candidate));
  }
  return candidates;
}

Result<std::vector<OutgoingMutation>> number_candidates(Connection& connection,
                                                        std::vector<Candidate> candidates) {
  CONVOY_TRY(auto mid, read_meta_number(connection, "mid_assigned"));
  CONVOY_TRY(auto update, connection.prepare("update convoy_mutation set mid = ?, state = ?, "
                                             "attempts = attempts + 1 where seq = ?"));
  std::vector<OutgoingMutation> mutations;
  for (auto& candidate : candidates) {
    if (candidate.mutation.mid == 0) candidate.mutation.mid = ++mid;
    CONVOY_CHECK_OK(update.bind_integer(1, candidate.mutation.mid)
                        .bind_integer(2, code_of(MutationState::Sending))
                        .bind_integer(3, candidate.seq)
                        .run());
    mutations.push_back(std::move(candidate.mutation));
  }
  if (!mutations.empty()) CONVOY_CHECK_OK(write_meta(connection, "mid_assigned", mid));
  return mutations;
}

Status store_conflict(Connection& connection, std::int64_t at_ms, std::int64_t mid,
                      const schema::Conflict& conflict) {
  CONVOY_TRY(auto insert,
             connection.prepare("insert into convoy_conflict (at_ms, mid, table_name, row_id, "
                                "column_name, base, client, server, kept, rule) values (?, ?, ?, "
                                "?, ?, ?, ?, ?, ?, ?)"));
  const auto base = conflict.base.dump();
  const auto client = conflict.client.dump();
  const auto server = conflict.server.dump();
  return insert.bind_integer(1, at_ms)
      .bind_integer(2, mid)
      .bind_text(3, std::string_view(conflict.table))
      .bind_text(4, std::string_view(conflict.id))
      .bind_text(5, std::string_view(conflict.column))
      .bind_text(6, std::string_view(base))
      .bind_text(7, std::string_view(client))
      .bind_text(8, std::string_view(server))
      .bind_text(9, std::string_view(conflict.kept))
      .bind_text(10, std::string_view(conflict.rule))
      .run();
}

Status park(Connection& connection, const Tables& tables, std::int64_t seq,
            const Outcome& outcome) {
  {
    CONVOY_TRY(auto update,
               connection.prepare("update convoy_mutation set state = ?, code = ?, message = ?, "
                                  "table_name = ?, row_id = ? where seq = ?"));
    CONVOY_CHECK_OK(update.bind_integer(1, code_of(MutationState::Parked))
                        .bind_text(2, std::string_view(outcome.code))
                        .bind_text(3, std::string_view(outcome.message))
                        .bind_text(4, std::string_view(outcome.table))
                        .bind_text(5, std::string_view(outcome.id))
                        .bind_integer(6, seq)
                        .run());
  }
  Overlay overlay(connection, tables);
  CONVOY_TRY(const auto rows, overlay.release(seq));
  return overlay.rebase_all(rows);
}

Status apply_outcome(Connection& connection, const Tables& tables, std::int64_t now_ms,
                     const Outcome& outcome) {
  std::int64_t seq = 0;
  {
    // An outcome that is told again, after a lost reply, finds nothing in this state.
    CONVOY_TRY(auto select,
               connection.prepare("select seq from convoy_mutation where mid = ? and state = ?"));
    CONVOY_TRY(const bool found, select.bind_integer(1, outcome.mid)
                                     .bind_integer(2, code_of(MutationState::Sending))
                                     .step());
    if (!found) return ok_status();
    seq = select.integer(0);
  }
  for (const auto& conflict : outcome.conflicts) {
    CONVOY_CHECK_OK(store_conflict(connection, now_ms, outcome.mid, conflict));
  }
  if (outcome.kind == Outcome::Kind::Rejected) return park(connection, tables, seq, outcome);
  CONVOY_TRY(auto update, connection.prepare("update convoy_mutation set state = ? where seq = ?"));
  return update.bind_integer(1, code_of(MutationState::Sent)).bind_integer(2, seq).run();
}

}  // namespace

Result<std::vector<OutgoingMutation>> Replica::prepare_push(std::size_t count_max,
                                                            std::size_t bytes_max) {
  using Outgoing = Result<std::vector<OutgoingMutation>>;
  return database_->impl().write([&](Connection& connection) -> Outgoing {
    CONVOY_TRY(auto candidates, read_candidates(connection, count_max, bytes_max));
    return number_candidates(connection, std::move(candidates));
  });
}

Status Replica::apply_outcomes(const std::vector<Outcome>& outcomes) {
  auto& impl = database_->impl();
  return impl.write([&](Connection& connection) -> Status {
    const auto now = impl.clock().now_ms();
    for (const auto& outcome : outcomes) {
      CONVOY_CHECK_OK(apply_outcome(connection, impl.tables(), now, outcome));
    }
    return ok_status();
  });
}

}  // namespace convoy::store
