// The client's half that compares what is here with the server.
#include <algorithm>
#include <utility>

#include "client/client_impl.h"
#include "client/sync_state.h"
#include "remote/supabase_remote.h"
#include "supabase/postgrest.h"
#include "sync/verification.h"

namespace convoy {
namespace {

using client::SyncState;

constexpr std::string_view kCause = "verify";

VerificationReport report_of(sync::machine::Verification found) {
  VerificationReport report{.scopes = found.scopes,
                            .scopes_skipped = found.scopes_behind,
                            .rows = found.rows,
                            .differences = {},
                            .tables_left_out = std::move(found.tables_left_out)};
  for (auto& difference : found.differences) {
    report.differences.push_back({.scope = std::move(difference.scope),
                                  .table = std::move(difference.table),
                                  .rows_here = difference.rows_here,
                                  .rows_there = difference.rows_there,
                                  .rows_repaired = difference.rows_repaired,
                                  .is_repaired = difference.is_repaired});
  }
  return report;
}

store::VerificationResult result_of(const VerificationReport& report, std::int64_t now_ms) {
  store::VerificationResult result{.finished_at_ms = now_ms, .rows = report.rows};
  for (const auto& difference : report.differences) {
    result.repaired += difference.rows_repaired;
    if (!difference.is_repaired) ++result.unrepaired;
  }
  return result;
}

std::vector<schema::Recovery> recoveries_of(const VerificationReport& report) {
  std::vector<schema::Recovery> recoveries;
  for (const auto& difference : report.differences) {
    const bool is_refetched = difference.is_repaired && difference.rows_repaired == 0;
    recoveries.push_back({.step = is_refetched ? "back_fill_again" : "repair",
                          .cause = difference.table + " in " + difference.scope});
  }
  return recoveries;
}

bool is_backfilling(const schema::ReplicaState& state) {
  return std::ranges::any_of(state.scopes,
                             [](const auto& entry) { return entry.second.is_backfilling; });
}

}  // namespace

Result<VerificationReport> ClientImpl::run_verification(Tenure& tenure,
                                                        const VerifyOptions& options) {
  const std::lock_guard turn(round_);
  auto& auth = *tenure.access.auth;
  supabase::Rest rest(auth.project(), *transport_, &auth, *clock_);
  remote::SupabaseRemote remote(rest, tenure.access.config.user->id);
  store::Replica replica(*tenure.database);
  CONVOY_TRY(const auto counts, replica.counts());

  store::SyncRun run{.started_at_ms = clock_->now_ms(), .cause = std::string(kCause)};
  const auto on_progress = [&](const sync::machine::Verification& so_far) {
    const SyncProgress now{
        .phase = SyncPhase::Verifying, .rows_received = so_far.rows, .rows_expected = counts.rows};
    board_.progress([&](SyncState& state) {
      state.activity =
          SyncActivity{.cause = run.cause, .started_at_ms = run.started_at_ms, .progress = now};
    });
    if (options.on_progress) options.on_progress(now);
  };
  on_progress({});
  auto found = sync::verify(replica, options_.schema, remote,
                            {.on_progress = on_progress, .cancellation = options.cancellation});
  board_.change([](SyncState& state) { state.activity.reset(); });
  CONVOY_CHECK_OK(found);
  auto report = report_of(*std::move(found));
  const auto traffic = remote.traffic();
  report.bytes_up = traffic.bytes_up;
  report.bytes_down = traffic.bytes_down;

  const auto result = result_of(report, clock_->now_ms());
  run.finished_at_ms = result.finished_at_ms;
  run.pull_ms = run.finished_at_ms - run.started_at_ms;
  run.recoveries = recoveries_of(report);
  run.rows_received = result.repaired;
  run.bytes_up = report.bytes_up;
  run.bytes_down = report.bytes_down;
  CONVOY_CHECK_OK(replica.record_run(run));
  CONVOY_CHECK_OK(replica.record_verification(result));
  return report;
}

// A sync first, because a scope with news can't be compared; and last, where a scope is to be
// fetched anew.
Result<VerificationReport> ClientImpl::verify(const VerifyOptions& options) {
  CONVOY_TRY(auto tenure, take_over());
  board_.open(tenure.database_path);
  const auto result = [&]() -> Result<VerificationReport> {
    const Round round{.on_progress = options.on_progress, .cancellation = options.cancellation};
    CONVOY_CHECK_OK(run_round(tenure, round).report);
    CONVOY_TRY(auto report, run_verification(tenure, options));
    CONVOY_TRY(const auto state, store::Replica(*tenure.database).load());
    if (is_backfilling(state)) CONVOY_CHECK_OK(run_round(tenure, round).report);
    return report;
  }();
  board_.close();
  return result;
}

}  // namespace convoy
