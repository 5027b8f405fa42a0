#include "client/background.h"

#include <array>
#include <utility>

#include "client/sync_state.h"
#include "convoy/live.h"
#include "store/replica.h"

namespace convoy::client {
namespace {

using std::chrono::milliseconds;
using sync::machine::Cause;
namespace schedule = sync::machine::schedule;

// How soon a process that watches sees that nobody syncs any more.
constexpr milliseconds kTakeOverPoll{500};
// How soon it is seen that another process asks for a round, or that somebody signed in there.
constexpr milliseconds kLookAroundPoll{250};
constexpr milliseconds kHelloInterval{std::chrono::hours(24)};

std::map<std::string, std::string> cursors_of(const schema::ReplicaState& state) {
  std::map<std::string, std::string> cursors;
  for (const auto& [id, scope] : state.scopes) {
    if (!scope.is_backfilling && !scope.base.empty()) cursors.emplace(id, scope.base);
  }
  return cursors;
}

std::set<std::string> scopes_of(const schema::ReplicaState& state) {
  std::set<std::string> scopes;
  for (const auto& [id, scope] : state.scopes) scopes.insert(id);
  return scopes;
}

// Also if nobody can say.
bool has_unsent(store::Replica& replica) {
  const auto outbox = replica.outbox();
  return !outbox.ok() || outbox->first_unsent.has_value();
}

Connection connection_of(schedule::Connection connection) {
  switch (connection) {
    case schedule::Connection::Off:
      return Connection::Off;
    case schedule::Connection::Connecting:
      return Connection::Connecting;
    case schedule::Connection::Online:
      return Connection::Online;
    case schedule::Connection::Offline:
      return Connection::Offline;
    case schedule::Connection::NeedsSignIn:
      return Connection::NeedsSignIn;
    case schedule::Connection::Blocked:
      return Connection::Blocked;
    case schedule::Connection::Paused:
      break;
  }
  return Connection::Paused;
}

sync::machine::ScheduleOptions schedule_options(const BackgroundOptions& options) {
  return {.poll_without_socket = options.poll_interval,
          .poll_with_socket = options.poll_interval_with_realtime};
}

}  // namespace

Background::Background(ClientImpl& client, BackgroundOptions options)
    : client_(client),
      options_(options),
      is_metered_(options.is_metered),
      thread_([this] { run(); }) {}

Background::~Background() {
  {
    base::MutexLock lock(mutex_);
    is_ending_ = true;
    if (cancellation_) cancellation_->cancel();
    changed_.notify_all();
  }
  thread_.join();
}

// --- From outside

bool Background::ask() {
  base::MutexLock lock(mutex_);
  if (!scheduler_) return false;
  apply(schedule::Asked{});
  return true;
}

void Background::pause() {
  base::MutexLock lock(mutex_);
  is_paused_ = true;
  if (scheduler_) apply(schedule::Paused{});
}

void Background::resume() {
  base::MutexLock lock(mutex_);
  is_paused_ = false;
  if (scheduler_) apply(schedule::Resumed{});
}

void Background::set_metered(bool is_metered) {
  base::MutexLock lock(mutex_);
  is_metered_ = is_metered;
  if (scheduler_) apply(schedule::Metered{is_metered});
}

void Background::signed_in() {
  base::MutexLock lock(mutex_);
  if (scheduler_) apply(schedule::SignedIn{});
  changed_.notify_all();  // Perhaps that is what was waited for.
}

void Background::suspend() {
  base::MutexLock lock(mutex_);
  ++suspensions_;
  if (cancellation_) cancellation_->cancel();
  changed_.notify_all();
  while (has_tenure_) changed_.wait(mutex_);
}

void Background::resume_tenure() {
  base::MutexLock lock(mutex_);
  --suspensions_;
  changed_.notify_all();
}

// --- The scheduler

sync::machine::Moment Background::moment() {
  std::array<std::uint8_t, sizeof(std::uint32_t)> bytes{};
  client_.random().fill(bytes);
  std::uint32_t random = 0;
  for (const auto byte : bytes) random = (random << 8U) | byte;
  return {.now = std::chrono::duration_cast<milliseconds>(
              std::chrono::steady_clock::now().time_since_epoch()),
          .random = random};
}

void Background::feed(const Event& event) {
  base::MutexLock lock(mutex_);
  if (scheduler_) apply(event);
}

void Background::apply(const Event& event) {
  for (const auto& effect : scheduler_->on(event, moment())) {
    if (const auto* start = std::get_if<schedule::StartRound>(&effect)) {
      round_ = start->cause;
      timer_.reset();
      cancellation_ = std::make_shared<base::Cancellation>();
    } else if (std::holds_alternative<schedule::CancelRound>(effect)) {
      cancellation_->cancel();
    } else if (const auto* timer = std::get_if<schedule::ArmTimer>(&effect)) {
      timer_ = std::chrono::steady_clock::now() + timer->delay;
    } else if (std::holds_alternative<schedule::DisarmTimer>(effect)) {
      timer_.reset();
    } else if (std::holds_alternative<schedule::ConnectRealtime>(effect)) {
      is_realtime_wanted_ = true;
      must_publish_ = true;
    } else if (std::holds_alternative<schedule::DisconnectRealtime>(effect)) {
      is_realtime_wanted_ = false;
      must_publish_ = true;
    } else {
      must_publish_ = true;
    }
  }
  changed_.notify_all();
}

bool Background::must_let_go() const { return is_ending_ || suspensions_ > 0; }

// --- The thread

void Background::run() {
  while (auto tenure = wait_for_tenure()) serve(*tenure);
}

std::optional<ClientImpl::Tenure> Background::wait_for_tenure() {
  for (;;) {
    {
      base::MutexLock lock(mutex_);
      while (suspensions_ > 0 && !is_ending_) changed_.wait(mutex_);
      if (is_ending_) return std::nullopt;
      has_tenure_ = true;
    }
    auto tenure = client_.take_over();
    if (tenure.ok()) return *std::move(tenure);
    // Nobody's data is here, or another process syncs it, or the file can't be opened: whatever it
    // is, it shows to whoever looks, and may be over when we look again.
    base::MutexLock lock(mutex_);
    has_tenure_ = false;
    changed_.notify_all();
    if (!must_let_go()) changed_.wait_for(mutex_, kTakeOverPoll);
  }
}

void Background::serve(ClientImpl::Tenure& tenure) {
  client_.board().open(tenure.database_path);
  ask_seen_ = last_ask(tenure.database_path);
  const auto state = store::Replica(*tenure.database).load();
  std::unique_ptr<RealtimeListener> listener;
  if (options_.use_realtime) {
    listener = std::make_unique<RealtimeListener>(
        client_.sockets(), *tenure.access.auth, client_.random(),
        RealtimeListener::Ears{.on_ready =
                                   [this](bool is_ready) {
                                     feed(is_ready ? Event(schedule::RealtimeUp{})
                                                   : Event(schedule::RealtimeDown{}));
                                   },
                               .on_doorbell =
                                   [this](const std::string& scope, const std::string& xid) {
                                     feed(schedule::Rang{.scope = scope, .xid = xid});
                                   }});
  }
  {
    base::MutexLock lock(mutex_);
    scheduler_.emplace(schedule_options(options_));
    if (is_paused_) apply(schedule::Paused{});
    if (is_metered_) apply(schedule::Metered{true});
    apply(
        schedule::Started{state.ok() ? cursors_of(*state) : std::map<std::string, std::string>()});
  }
  if (listener && state.ok()) listener->set_scopes(scopes_of(*state));
  last_seen_mutation_ = 0;
  auto subscription = follow_outbox(*tenure.database);
  work(tenure, listener.get());
  if (subscription.ok()) subscription->stop();
  listener.reset();
  {
    base::MutexLock lock(mutex_);
    scheduler_.reset();
    round_.reset();
    timer_.reset();
    cancellation_.reset();
    is_realtime_wanted_ = false;
  }
  client_.board().close();
  tenure = {};
  base::MutexLock lock(mutex_);
  has_tenure_ = false;
  changed_.notify_all();
}

// Commits of this process, and of others that write to the file, that wait to be sent.
Result<Subscription> Background::follow_outbox(Database& database) {
  return observe_select(
      database, std::string(store::kOutboxSelect), {}, [this](const Result<RawRows>& now) {
        if (!now.ok() || now->rows.empty()) return;
        const auto* last = std::get_if<double>(&now->rows.front().front());
        if (last == nullptr || static_cast<std::int64_t>(*last) <= last_seen_mutation_) return;
        last_seen_mutation_ = static_cast<std::int64_t>(*last);
        feed(schedule::Committed{});
      });
}

void Background::work(ClientImpl::Tenure& tenure, RealtimeListener* listener) {
  for (;;) {
    switch (next_step()) {
      case Step::Round:
        publish(listener);
        run_round(tenure, listener);
        break;
      case Step::Publish:
        publish(listener);
        break;
      case Step::LookAround:
        look_around(tenure);
        break;
      case Step::End:
        return;
    }
  }
}

Background::Step Background::next_step() {
  base::MutexLock lock(mutex_);
  for (;;) {
    if (must_let_go()) return Step::End;
    if (round_) return Step::Round;
    if (must_publish_) return Step::Publish;
    const auto now = std::chrono::steady_clock::now();
    if (timer_ && *timer_ <= now) {
      timer_.reset();
      apply(schedule::TimerFired{});
      continue;
    }
    auto until = looked_around_at_ + kLookAroundPoll;
    if (until <= now) {
      looked_around_at_ = now;
      return Step::LookAround;
    }
    if (timer_ && *timer_ < until) until = *timer_;
    // One more, so that a rest of less than a millisecond is not waited for in a loop.
    changed_.wait_for(mutex_,
                      std::chrono::duration_cast<milliseconds>(until - now) + milliseconds(1));
  }
}

void Background::run_round(ClientImpl::Tenure& tenure, RealtimeListener* listener) {
  Cause cause = Cause::Timer;
  std::shared_ptr<base::Cancellation> cancellation;
  {
    base::MutexLock lock(mutex_);
    cause = *std::exchange(round_, std::nullopt);
    cancellation = cancellation_;
  }
  auto result = client_.run_round(tenure, {.cause = cause,
                                           .on_reached = [this] { feed(schedule::Reached{}); },
                                           .cancellation = cancellation.get()});
  store::Replica replica(*tenure.database);
  schedule::RoundEnded ended{.retry_after = result.retry_after};
  if (result.report.ok()) {
    ended.found_news = result.report->rows_received > 0 || result.report->mutations_sent > 0;
    say_hello_daily(cancellation.get());
    if (!ended.found_news && !has_unsent(replica)) {
      verify_now_and_then(tenure, cancellation.get());
    }
    // Asked last: what was written meanwhile is a reason for the next round.
    ended.has_unsent = has_unsent(replica);
  } else {
    ended.error = result.report.error();
    if (ended.error->code == ErrorCode::SignInRequired) {
      const auto session = tenure.access.auth->session();
      token_refused_ = session.ok() && *session ? (*session)->refresh_token : "";
    }
  }
  if (const auto state = replica.load(); state.ok()) {
    ended.cursors = cursors_of(*state);
    if (listener != nullptr) listener->set_scopes(scopes_of(*state));
  }
  feed(ended);
}

// So that the owner's list of devices is true. A server that does not hear of it is asked again the
// next day, or after the next start.
void Background::say_hello_daily(base::Cancellation* cancellation) {
  const auto now = client_.clock().now_ms();
  if (said_hello_ms_ && now - *said_hello_ms_ < kHelloInterval.count()) return;
  said_hello_ms_ = now;
  static_cast<void>(client_.hello("", cancellation));
}

// A sync without it is as good; so what goes wrong here is no matter of the schedule.
void Background::verify_now_and_then(ClientImpl::Tenure& tenure, base::Cancellation* cancellation) {
  if (options_.verify_interval.count() <= 0) return;
  {
    base::MutexLock lock(mutex_);
    if (is_metered_) return;
  }
  const auto now = client_.clock().now_ms();
  if (now < verify_again_ms_) return;
  const auto last = store::Replica(*tenure.database).compared_ms();
  if (!last.ok()) return;
  // A clock that was ahead then, or is behind now, puts it off for ever if that is not looked at.
  if (*last <= now && now - *last < options_.verify_interval.count()) return;
  // A server for which it is too much is not asked again at once.
  verify_again_ms_ = now + options_.verify_interval.count();
  static_cast<void>(client_.run_verification(tenure, {.cancellation = cancellation}));
}

void Background::look_around(ClientImpl::Tenure& tenure) {
  if (auto ask = last_ask(tenure.database_path); ask != ask_seen_) {
    ask_seen_ = std::move(ask);
    feed(schedule::Asked{});
  }
  {
    base::MutexLock lock(mutex_);
    if (scheduler_->view().connection != schedule::Connection::NeedsSignIn) return;
  }
  const auto session = tenure.access.auth->session();
  if (!session.ok() || !*session || (*session)->refresh_token == token_refused_) return;
  token_refused_.reset();
  feed(schedule::SignedIn{});
}

void Background::publish(RealtimeListener* listener) {
  schedule::View view;
  bool is_wanted = false;
  {
    base::MutexLock lock(mutex_);
    must_publish_ = false;
    view = scheduler_->view();
    is_wanted = is_realtime_wanted_ && listener != nullptr;
  }
  if (listener != nullptr) listener->set_wanted(is_wanted);
  auto realtime = Realtime::Off;
  if (is_wanted) realtime = view.is_realtime_up ? Realtime::On : Realtime::Connecting;
  const auto next_attempt = [&]() -> std::optional<std::int64_t> {
    if (!view.next_attempt) return std::nullopt;
    return client_.clock().now_ms() + (*view.next_attempt - moment().now).count();
  }();
  client_.board().change([&](SyncState& state) {
    state.connection = connection_of(view.connection);
    state.realtime = realtime;
    state.is_metered = view.is_metered;
    state.next_attempt_ms = next_attempt;
  });
}

}  // namespace convoy::client
