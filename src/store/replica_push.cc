// The outbox's way out: numbers, and what the server made of each mutation.
#include <algorithm>
#include <utility>

#include "base/uuid.h"
#include "store/conflict_book.h"
#include "store/database_impl.h"
#include "store/hybrid_clock.h"
#include "store/merge_mutations.h"
#include "store/meta.h"
#include "store/outbox_writer.h"
#include "store/overlay.h"
#include "store/parking.h"
#include "store/replica.h"
#include "store/revive.h"
#include "store/server_rules.h"
#include "store/stopped_tables.h"

namespace convoy::store {
namespace {

using schema::Outcome;
using schema::OutgoingMutation;
using sql::Connection;
using RowKey = Overlay::RowKey;

constexpr std::string_view kGoneCode = "CV004";

std::int64_t code_of(MutationState state) { return static_cast<std::int64_t>(state); }

struct Candidate {
  std::int64_t seq = 0;
  OutgoingMutation mutation;
  bool may_merge = false;
  std::vector<std::int64_t> absorbed;  // Later ones that became part of it.
};

Candidate read_candidate(const sql::Statement& row) {
  return {.seq = row.integer(0),
          .mutation = {.mid = row.integer(1),
                       .uid = row.text(2),
                       .body = row.text(3),
                       .hlc = static_cast<std::uint64_t>(row.integer(4)),
                       .sender = row.text(6)},
          .may_merge = row.integer(5) != 0,
          .absorbed = {}};
}

// Whether `later`, the next in the outbox, became part of `last`. Neither was ever sent, so that
// the server can't know one of them by itself; and neither has effects of the server's foreign
// keys, which belong to the one operation that causes them.
bool absorb(Candidate& last, const Candidate& later) {
  if (!last.may_merge || !later.may_merge) return false;
  auto merged = merge_mutations(last.mutation.body, later.mutation.body);
  if (!merged) return false;
  last.mutation.body = *std::move(merged);
  last.mutation.hlc = later.mutation.hlc;
  last.absorbed.push_back(later.seq);
  return true;
}

// In its order either way: those under way by the index, which leaves out the pending ones to keep
// a commit cheap; those by the table, where nearly all of the rest are pending.
std::string candidates_sql(MutationState state) {
  const std::string sql =
      "select seq, mid, uid, body, hlc, attempts = 0 and replay is null, sender from "
      "convoy_mutation where ";
  return sql + (state == MutationState::Pending
                    ? "state = 0 order by seq"
                    : "state <> 0 and state = 1 order by sender = '', sender, mid");
}

struct Candidates {
  std::vector<Candidate> to_send;
  std::vector<std::pair<std::int64_t, std::int64_t>> stuck;  // With the parked one they need.
};

Result<Candidates> read_candidates(Connection& connection, const Tables& tables,
                                   std::size_t count_max, std::size_t bytes_max) {
  Candidates candidates;
  if (count_max == 0) return candidates;
  CONVOY_TRY(auto held, Held::make(connection, tables));
  CONVOY_TRY(const auto has_parked,
             connection.integer("select exists (select 1 from convoy_parked_row where is_insert)"));
  // In two parts, each in its order.
  std::size_t bytes = 0;
  for (const auto state : {MutationState::Sending, MutationState::Pending}) {
    CONVOY_TRY(auto select, connection.prepare(candidates_sql(state)));
    for (;;) {
      CONVOY_TRY(const bool row, select.step());
      if (!row) break;
      auto candidate = read_candidate(select);
      if (state == MutationState::Pending) {
        if (held.holds(candidate.seq)) continue;
      }
      if (has_parked != 0 && state == MutationState::Pending) {
        CONVOY_TRY(const auto need, parked_need(connection, candidate.seq));
        if (need) {
          candidates.stuck.emplace_back(candidate.seq, *need);
          continue;
        }
      }
      auto& to_send = candidates.to_send;
      // A call is one client's.
      if (!to_send.empty() && to_send.back().mutation.sender != candidate.mutation.sender) {
        return candidates;
      }
      if (!to_send.empty()) {
        const auto before = bytes_on_the_wire(to_send.back().mutation.body);
        if (absorb(to_send.back(), candidate)) {
          bytes += bytes_on_the_wire(to_send.back().mutation.body) - before;
          continue;
        }
      }
      if (to_send.size() == count_max) return candidates;
      bytes += bytes_on_the_wire(candidate.mutation.body);
      // One that is alone too large for the caller's bound still has to go some time.
      if (bytes > bytes_max && !to_send.empty()) return candidates;
      to_send.push_back(std::move(candidate));
    }
  }
  return candidates;
}

Status write_merged(Connection& connection, const Candidate& candidate) {
  CONVOY_TRY(auto update, connection.prepare("update convoy_mutation set uid = ?, body = ?, hlc = "
                                             "? where seq = ?"));
  return update.bind_text(1, std::string_view(candidate.mutation.uid))
      .bind_text(2, std::string_view(candidate.mutation.body))
      .bind_integer(3, static_cast<std::int64_t>(candidate.mutation.hlc))
      .bind_integer(4, candidate.seq)
      .run();
}

Status move_needs(Connection& connection, std::int64_t from, std::int64_t to) {
  CONVOY_TRY(auto copy,
             connection.prepare("insert or ignore into convoy_mutation_need (table_number, id, "
                                "seq) select table_number, id, ? from convoy_mutation_need n where "
                                "n.seq = ? and not exists (select 1 from convoy_mutation_row r "
                                "where r.table_number = n.table_number and r.id = n.id and r.seq = "
                                "?1)"));
  return copy.bind_integer(1, to).bind_integer(2, from).run();
}

// What was absorbed leaves the outbox; what it had resolved is now the candidate's doing. A copy of
// this file may send the first one alone, or with others: under one identity, the server would take
// the one for the other.
Status carry_over(Connection& connection, Overlay& overlay, base::Random& random,
                  std::int64_t now_ms, Candidate& candidate, std::vector<RowKey>& stale) {
  if (candidate.absorbed.empty()) return ok_status();
  candidate.mutation.uid = base::uuid_v4(random);
  CONVOY_CHECK_OK(write_merged(connection, candidate));
  for (const auto seq : candidate.absorbed) {
    CONVOY_CHECK_OK(move_resolved(connection, seq, candidate.seq));
    CONVOY_CHECK_OK(move_needs(connection, seq, candidate.seq));
    const Departure departure{.how = kAbsorbed, .at_ms = now_ms, .absorbed_by = candidate.seq};
    CONVOY_CHECK_OK(erase_mutation(connection, overlay, seq, departure, stale));
  }
  overlay.forget(candidate.seq);
  return ok_status();
}

Status park_stuck(Connection& connection, const Tables& tables, std::int64_t seq, std::int64_t need,
                  std::vector<RowKey>& stale) {
  return park(connection, tables, seq,
              {.code = std::string(kDependsCode),
               .message = "it needs a record that mutation " + std::to_string(need) +
                          " would make, which was refused",
               .table = "",
               .id = "",
               .depends_on = need},
              stale);
}

// A parked one may keep others back that were read before it was known to be: they are looked at
// again until none is left.
Result<Candidates> choose(Connection& connection, const DatabaseImpl& impl, std::size_t count_max,
                          std::size_t bytes_max) {
  const auto& tables = impl.tables();
  std::vector<RowKey> stale;
  for (;;) {
    CONVOY_TRY(auto candidates, read_candidates(connection, tables, count_max, bytes_max));
    for (const auto& [seq, need] : candidates.stuck) {
      CONVOY_CHECK_OK(park_stuck(connection, tables, seq, need, stale));
    }
    if (!candidates.stuck.empty()) continue;
    Overlay overlay(connection, tables);
    for (auto& candidate : candidates.to_send) {
      CONVOY_CHECK_OK(
          carry_over(connection, overlay, impl.random(), impl.clock().now_ms(), candidate, stale));
    }
    CONVOY_CHECK_OK(overlay.rebase_all(stale));
    return candidates;
  }
}

Result<std::vector<OutgoingMutation>> number_candidates(Connection& connection,
                                                        std::vector<Candidate> candidates,
                                                        std::int64_t now_ms) {
  CONVOY_TRY(auto mid, read_meta_number(connection, "mid_assigned"));
  CONVOY_TRY(auto update,
             connection.prepare("update convoy_mutation set mid = ?, state = ?, "
                                "attempts = attempts + 1, sent_at_ms = ? where seq = ?"));
  std::vector<OutgoingMutation> mutations;
  for (auto& candidate : candidates) {
    const bool is_numbered = candidate.mutation.mid != 0;
    const auto number = is_numbered ? candidate.mutation.mid : mid + 1;
    // A call's numbers are consecutive. One that was parked leaves a gap between those sent again.
    if (!mutations.empty() && number != mutations.back().mid + 1) break;
    if (!is_numbered) candidate.mutation.mid = ++mid;
    CONVOY_CHECK_OK(update.bind_integer(1, candidate.mutation.mid)
                        .bind_integer(2, code_of(MutationState::Sending))
                        .bind_integer(3, now_ms)
                        .bind_integer(4, candidate.seq)
                        .run());
    mutations.push_back(std::move(candidate.mutation));
  }
  if (!mutations.empty()) CONVOY_CHECK_OK(write_meta(connection, "mid_assigned", mid));
  return mutations;
}

// What the server made of one batch. Rows are put together anew when all of it is in.
class OutcomeApplier {
 public:
  // `sender`: the former client id the mutations have their numbers under; empty: the present one.
  OutcomeApplier(Connection& connection, const DatabaseImpl& impl, std::string sender)
      : connection_(connection),
        sender_(std::move(sender)),
        tables_(impl.tables()),
        random_(impl.random()),
        now_ms_(impl.clock().now_ms()),
        overlay_(connection, tables_),
        rules_(connection) {}

  Status apply(const Outcome& outcome);

  Status finish();

 private:
  Status reject(std::int64_t seq, const Outcome& outcome);
  Result<bool> revive(std::int64_t seq, const Outcome& outcome);
  // The server has never seen the number: those behind it take it.
  Status take_back(std::int64_t mid);

  Connection& connection_;
  std::string sender_;
  const Tables& tables_;
  base::Random& random_;
  std::int64_t now_ms_;
  Overlay overlay_;
  ServerRules rules_;
  std::vector<RowKey> stale_;
  bool has_conflicts_ = false;
};

Status OutcomeApplier::finish() {
  if (has_conflicts_) CONVOY_CHECK_OK(trim_conflicts(connection_));
  return overlay_.rebase_all(stale_);
}

Status OutcomeApplier::apply(const Outcome& outcome) {
  std::int64_t seq = 0;
  {
    // An outcome that is told again, after a lost reply, finds nothing in this state.
    CONVOY_TRY(auto select, connection_.prepare("select seq from convoy_mutation where mid = ? and "
                                                "mid > 0 and state = ? and sender = ?"));
    CONVOY_TRY(const bool found, select.bind_integer(1, outcome.mid)
                                     .bind_integer(2, code_of(MutationState::Sending))
                                     .bind_text(3, std::string_view(sender_))
                                     .step());
    if (!found) return ok_status();
    seq = select.integer(0);
  }
  for (const auto& conflict : outcome.conflicts) {
    CONVOY_CHECK_OK(keep_conflict(connection_, now_ms_, outcome.mid, conflict));
    has_conflicts_ = true;
  }
  {
    CONVOY_TRY(auto answered, connection_.prepare("update convoy_mutation set answered_at_ms = ? "
                                                  "where seq = ?"));
    CONVOY_CHECK_OK(answered.bind_integer(1, now_ms_).bind_integer(2, seq).run());
  }
  if (outcome.kind == Outcome::Kind::Rejected) return reject(seq, outcome);
  CONVOY_TRY(auto update, connection_.prepare("update convoy_mutation set state = ?, outcome = ?, "
                                              "code = '', message = '', table_name = '', row_id = "
                                              "'' where seq = ?"));
  return update.bind_integer(1, code_of(MutationState::Sent))
      .bind_text(2, outcome.kind == Outcome::Kind::Merged ? "merged" : "applied")
      .bind_integer(3, seq)
      .run();
}

Status OutcomeApplier::reject(std::int64_t seq, const Outcome& outcome) {
  CONVOY_TRY(const bool revived, revive(seq, outcome));
  if (revived) return ok_status();
  // What it needs may have been refused just before.
  CONVOY_TRY(const auto need, parked_need(connection_, seq));
  CONVOY_CHECK_OK(park(connection_, tables_, seq,
                       {.code = outcome.code,
                        .message = outcome.message,
                        .table = outcome.table,
                        .id = outcome.id,
                        .depends_on = need.value_or(0)},
                       stale_));
  // A former id's numbers are given to nobody any more.
  return outcome.is_counted || !sender_.empty() ? ok_status() : take_back(outcome.mid);
}

Result<bool> OutcomeApplier::revive(std::int64_t seq, const Outcome& outcome) {
  if (outcome.code != kGoneCode) return false;
  const auto* info = tables_.find(outcome.table);
  if (info == nullptr || outcome.id.empty()) return false;
  CONVOY_TRY(const bool revived,
             revive_refused(connection_, overlay_, rules_, random_, seq, *info, outcome.id));
  if (revived) stale_.push_back({.table_number = info->number, .id = outcome.id});
  return revived;
}

Status OutcomeApplier::take_back(std::int64_t mid) {
  {
    CONVOY_TRY(auto update, connection_.prepare("update convoy_mutation set mid = 0, state = ? "
                                                "where mid > ? and state = ? and sender = ''"));
    CONVOY_CHECK_OK(update.bind_integer(1, code_of(MutationState::Pending))
                        .bind_integer(2, mid)
                        .bind_integer(3, code_of(MutationState::Sending))
                        .run());
  }
  CONVOY_TRY(auto forget, connection_.prepare("update convoy_mutation set mid = 0 where mid = ? "
                                              "and sender = ''"));
  CONVOY_CHECK_OK(forget.bind_integer(1, mid).run());
  return write_meta(connection_, "mid_assigned", mid - 1);
}

}  // namespace

Result<std::vector<OutgoingMutation>> Replica::prepare_push(std::size_t count_max,
                                                            std::size_t bytes_max) {
  using Outgoing = Result<std::vector<OutgoingMutation>>;
  auto& impl = database_->impl();
  return impl.write([&](Connection& connection) -> Outgoing {
    CONVOY_TRY(auto candidates, choose(connection, impl, count_max, bytes_max));
    return number_candidates(connection, std::move(candidates.to_send), impl.clock().now_ms());
  });
}

Status Replica::apply_outcomes(const std::vector<Outcome>& outcomes,
                               const schema::PushAnswer& answer) {
  auto& impl = database_->impl();
  return impl.write([&](Connection& connection) -> Status {
    if (answer.server_time_ms) {
      CONVOY_CHECK_OK(note_server_time(connection, impl.clock(), *answer.server_time_ms));
    }
    if (answer.epoch) CONVOY_CHECK_OK(write_meta(connection, "epoch", *answer.epoch));
    OutcomeApplier applier(connection, impl, answer.sender);
    for (const auto& outcome : outcomes) CONVOY_CHECK_OK(applier.apply(outcome));
    return applier.finish();
  });
}

}  // namespace convoy::store
