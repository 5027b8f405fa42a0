// The client's half that syncs: rounds by hand and in the background, and waiting for them.
#include <chrono>
#include <utility>

#include "base/condition.h"
#include "base/error_name.h"
#include "client/background.h"
#include "client/client_impl.h"
#include "client/sync_state.h"
#include "convoy/live.h"
#include "remote/supabase_remote.h"
#include "supabase/postgrest.h"
#include "sync/engine.h"

namespace convoy {
namespace {

using client::SyncState;

constexpr std::chrono::milliseconds kAwaitPoll{100};
// The server's word for a device that was signed out from another one.
constexpr std::string_view kRevokedCode = "CV012";

SyncPhase phase_of(sync::machine::Progress::Phase phase) {
  using Phase = sync::machine::Progress::Phase;
  switch (phase) {
    case Phase::Pushing:
      return SyncPhase::Pushing;
    case Phase::Pulling:
      return SyncPhase::Pulling;
    case Phase::BackFilling:
      return SyncPhase::BackFilling;
    case Phase::Done:
      break;
  }
  return SyncPhase::Done;
}

Error nobody_syncs() {
  return {.code = ErrorCode::InvalidState,
          .message = "no process syncs this database",
          .hint = "Start syncing in the background first, or sync by hand."};
}

Error is_running() {
  return {.code = ErrorCode::SyncRunning,
          .message = "another process is syncing this database",
          .hint = "It sends your writes too; try again when it has finished."};
}

Error refused(const store::QueuedMutation& mutation) {
  std::string message = "the server refused a write";
  if (!mutation.table.empty()) message += " to " + mutation.table + " " + mutation.id;
  return {.code = ErrorCode::Rejected,
          .message = message + ": " + mutation.message,
          .hint = "See `convoy queue` for what it was.",
          .sqlstate = mutation.code};
}

// Wakes a thread that waits for the database to change.
class Bell {
 public:
  void ring() {
    base::MutexLock lock(mutex_);
    has_rung_ = true;
    rung_.notify_all();
  }

  void wait_for(std::chrono::milliseconds time) {
    base::MutexLock lock(mutex_);
    if (!has_rung_) rung_.wait_for(mutex_, time);
    has_rung_ = false;
  }

 private:
  base::Mutex mutex_;
  base::Condition rung_;
  bool has_rung_ CONVOY_GUARDED_BY(mutex_) = false;
};

}  // namespace

// One process at a time syncs a file. The lock goes with the process, however that ends.
Result<std::shared_ptr<platform::FileLock>> ClientImpl::lease(const std::string& database_path) {
  const std::lock_guard lock(leasing_);
  if (auto held = lease_.lock()) return held;
  auto acquired = platform::FileLock::acquire(client::sync_lock_path(database_path),
                                              platform::kFileLockLookMax);
  if (!acquired.ok()) {
    if (acquired.error().code == ErrorCode::Busy) return is_running();
    return std::move(acquired).error();
  }
  auto held = std::make_shared<platform::FileLock>(*std::move(acquired));
  lease_ = held;
  return held;
}

Result<ClientImpl::Tenure> ClientImpl::take_over() {
  Tenure tenure;
  CONVOY_TRY(tenure.access, connect());
  CONVOY_TRY(tenure.database, database());  // Also says who is missing.
  tenure.database_path =
      home_.database_path(*tenure.access.config.project, *tenure.access.config.user);
  CONVOY_TRY(tenure.lease, lease(tenure.database_path));
  return tenure;
}

ClientImpl::RoundResult ClientImpl::run_round(Tenure& tenure, const Round& round) {
  const std::lock_guard turn(round_);
  auto& auth = *tenure.access.auth;
  supabase::Rest rest(auth.project(), *transport_, &auth, *clock_);
  remote::SupabaseRemote remote(rest, tenure.access.config.user->id);
  store::Replica replica(*tenure.database);
  const auto before = replica.counts();
  if (!before.ok()) return {.report = before.error(), .retry_after = std::nullopt};

  const auto began_at = clock_->now_ms();
  bool has_reached = false;
  board_.change([&](SyncState& state) {
    state.activity = SyncActivity{.cause = std::string(to_string(round.cause)),
                                  .started_at_ms = began_at,
                                  .progress = {.mutations_expected = before->pending}};
  });
  const auto on_progress = [&](const sync::machine::Progress& progress) {
    const SyncProgress now{.phase = phase_of(progress.phase),
                           .rows_received = progress.rows_received,
                           .rows_expected = progress.rows_expected,
                           .mutations_sent = progress.mutations_sent,
                           .mutations_expected = before->pending};
    if (!has_reached && remote.traffic().requests > 0) {
      has_reached = true;
      if (round.on_reached) round.on_reached();
    }
    board_.progress([&](SyncState& state) {
      if (!state.activity) return;
      state.activity->progress = now;
      state.activity->eta_ms = client::remaining_ms(now, clock_->now_ms() - began_at);
    });
    if (round.on_progress) round.on_progress(now);
  };
  sync::Engine engine(replica, options_.schema, remote, *clock_);
  auto progress = engine.run(
      {.cause = round.cause, .on_progress = on_progress, .cancellation = round.cancellation});
  board_.change([](SyncState& state) { state.activity.reset(); });
  RoundResult result{.report = SyncReport{}, .retry_after = rest.retry_after()};
  if (!progress.ok()) {
    // If that can't be kept, the next round is told the same.
    if (progress.error().sqlstate == kRevokedCode) static_cast<void>(replica.note_revoked());
    result.report = std::move(progress).error();
    return result;
  }
  const auto traffic = remote.traffic();
  result.report = SyncReport{.rows_received = progress->rows_received,
                             .mutations_sent = progress->mutations_sent,
                             .conflicts = progress->conflicts,
                             .parked = progress->parked,
                             .scopes_gained = progress->scopes_gained,
                             .scopes_lost = progress->scopes_lost,
                             .bytes_up = traffic.bytes_up,
                             .bytes_down = traffic.bytes_down,
                             .requests = traffic.requests};
  return result;
}

Result<SyncReport> ClientImpl::sync(const SyncOptions& options) {
  CONVOY_TRY(auto tenure, take_over());
  board_.open(tenure.database_path);
  auto result =
      run_round(tenure, {.on_progress = options.on_progress, .cancellation = options.cancellation});
  board_.close();
  return std::move(result.report);
}

// --- In the background

Status ClientImpl::start(const BackgroundOptions& options) {
  const std::lock_guard lock(helpers_);
  if (background_) {
    return Error{.code = ErrorCode::InvalidState,
                 .message = "syncing in the background has been started already"};
  }
  background_ = std::make_unique<client::Background>(*this, options);
  return ok_status();
}

void ClientImpl::stop() {
  std::unique_ptr<client::Background> ending;
  {
    const std::lock_guard lock(helpers_);
    ending.swap(background_);
  }
}

Status ClientImpl::sync_now() {
  const auto path = database_path();
  {
    const std::lock_guard lock(helpers_);
    if (background_ && background_->ask()) return ok_status();
  }
  CONVOY_CHECK_OK(check_somebody_syncs());
  return client::ask_for_sync(*path, *random_);
}

void ClientImpl::pause() {
  const std::lock_guard lock(helpers_);
  if (background_) background_->pause();
}

void ClientImpl::resume() {
  const std::lock_guard lock(helpers_);
  if (background_) background_->resume();
}

void ClientImpl::set_metered(bool is_metered) {
  const std::lock_guard lock(helpers_);
  if (background_) background_->set_metered(is_metered);
}

// --- Waiting

Status ClientImpl::check_somebody_syncs() {
  {
    const std::lock_guard lock(helpers_);
    if (background_) return ok_status();
  }
  const auto path = database_path();
  if (path && platform::FileLock::is_held(client::sync_lock_path(*path))) return ok_status();
  return nobody_syncs();
}

Result<bool> ClientImpl::has_arrived(store::Replica& replica, SyncTier tier,
                                     const std::vector<std::int64_t>& awaited) {
  CONVOY_TRY(const auto parked, replica.first_parked(awaited));
  if (parked) return refused(*parked);
  CONVOY_TRY(const auto now, replica.outbox());
  // They are sent and confirmed in their order.
  const auto waiting = tier == SyncTier::Sent ? now.first_unsent : now.first_unconfirmed;
  return !waiting || *waiting > awaited.back();
}

// What only a person can mend is not waited for.
Status ClientImpl::check_not_stuck(store::Replica& replica) {
  const auto path = database_path();
  const auto state = board_.state().value_or(path ? client::read_sync_state(*path) : SyncState{});
  const bool is_stuck =
      state.connection == Connection::NeedsSignIn || state.connection == Connection::Blocked;
  if (!is_stuck || state.activity) return ok_status();
  CONVOY_TRY(const auto last, replica.last_run(false));
  if (!last || last->error_code.empty()) return ok_status();
  return Error{.code = base::error_code_named(last->error_code).value_or(ErrorCode::Internal),
               .message = last->error_message,
               .hint = last->error_hint};
}

Status ClientImpl::await_synced(const AwaitOptions& options) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + options.timeout;
  CONVOY_TRY(auto* database, this->database());
  CONVOY_CHECK_OK(check_somebody_syncs());
  store::Replica replica(*database);
  CONVOY_TRY(auto awaited, replica.waiting());
  if (options.mutation) awaited = {*options.mutation};
  if (awaited.empty()) return ok_status();

  Bell bell;
  CONVOY_TRY(const auto subscription,
             observe_select(*database, std::string(store::kOutboxSelect), {},
                            [&bell](const Result<RawRows>&) { bell.ring(); }));
  for (;;) {
    CONVOY_TRY(const bool has_come, has_arrived(replica, options.tier, awaited));
    if (has_come) return ok_status();
    if (options.cancellation != nullptr && options.cancellation->is_cancelled()) {
      return Error{.code = ErrorCode::Cancelled, .message = "waiting for the sync was called off"};
    }
    CONVOY_CHECK_OK(check_not_stuck(replica));
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) {
      return Error{.code = ErrorCode::Timeout,
                   .message = "the writes have not come that far in time",
                   .hint = "Nothing is lost: they are sent when the server can be reached."};
    }
    bell.wait_for(std::min(left, kAwaitPoll));
  }
}

}  // namespace convoy
