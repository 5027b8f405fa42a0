#include "sync/machine/scheduler.h"

#include <algorithm>

#include "sync/machine/snapshot.h"

namespace convoy::sync::machine {

using schedule::Connection;
using schedule::Effect;

namespace {

// Doorbells kept while a round runs; beyond, one more round follows whatever they say.
constexpr std::size_t kBellsMax = 64;
constexpr int kSlowDownsMax = 2;

// The device could not talk to the server at all; anything else is an answer.
bool is_unreached(const Error& error) {
  return error.http_status == 0 && error.sqlstate.empty() &&
         (error.code == ErrorCode::Offline || error.code == ErrorCode::Timeout ||
          error.code == ErrorCode::TlsFailed);
}

bool needs_sign_in(ErrorCode code) {
  return code == ErrorCode::SignInRequired || code == ErrorCode::InvalidCredentials;
}

// What passes by itself. A certificate that does not fit is often a café's sign-in page.
bool is_passing(ErrorCode code) { return is_retryable(code) || code == ErrorCode::TlsFailed; }

// Somebody may mend it on the server, where this device does not see it.
bool is_mended_on_server(ErrorCode code) {
  switch (code) {
    case ErrorCode::Refused:
    case ErrorCode::InvalidApiKey:
    case ErrorCode::NotInstalled:
    case ErrorCode::ProtocolMismatch:
    case ErrorCode::SchemaMismatch:
    case ErrorCode::ServerRestored:
    case ErrorCode::Rejected:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::string_view to_string(Cause cause) {
  switch (cause) {
    case Cause::User:
      return "user";
    case Cause::Commit:
      return "commit";
    case Cause::Doorbell:
      return "doorbell";
    case Cause::Reconnect:
      return "reconnect";
    case Cause::Start:
      return "start";
    case Cause::Timer:
      break;
  }
  return "timer";
}

bool schedule::operator==(const View& left, const View& right) {
  return left.connection == right.connection && left.is_metered == right.is_metered &&
         left.is_realtime_up == right.is_realtime_up && left.round == right.round &&
         left.next_attempt == right.next_attempt && left.failures == right.failures;
}

std::vector<Effect> Scheduler::on(const schedule::Event& event, const Moment& moment) {
  std::visit([&](const auto& one) { handle(one, moment); }, event);
  return settle(moment);
}

// --- Events

void Scheduler::handle(const schedule::Started& event, const Moment& moment) {
  is_started_ = true;
  cursors_ = event.cursors;
  start_due_ = moment.now;
}

void Scheduler::handle(const schedule::Committed& /*event*/, const Moment& moment) {
  quiet_polls_ = 0;
  if (!commit_first_) commit_first_ = moment.now;
  commit_due_ =
      std::min(moment.now + options_.commit_quiet, *commit_first_ + options_.commit_wait_max);
}

void Scheduler::handle(const schedule::Rang& event, const Moment& moment) {
  if (is_metered_ || is_paused_ || !is_news(event)) return;
  quiet_polls_ = 0;
  // One that rang before a round is answered by it: the transaction had committed.
  if (round_) {
    if (bells_.size() < kBellsMax) {
      bells_.push_back(event);
    } else {
      has_lost_bells_ = true;
    }
  }
  if (!bell_due_)
    bell_due_ = moment.now + base::spread_over(options_.doorbell_spread, moment.random);
}

void Scheduler::handle(const schedule::TimerFired& /*event*/, const Moment& /*moment*/) {
  armed_.reset();
}

void Scheduler::handle(const schedule::Asked& /*event*/, const Moment& /*moment*/) {
  quiet_polls_ = 0;
  is_asked_ = true;
}

void Scheduler::handle(const schedule::Reached& /*event*/, const Moment& moment) {
  const bool was_offline = reach_ == Reach::No;
  reach_ = Reach::Yes;
  if (!was_offline || round_) return;
  backoff_end_ = moment.now;
  reconnect_due_ = moment.now + base::spread_over(options_.reconnect_spread, moment.random);
}

void Scheduler::handle(const schedule::RoundEnded& event, const Moment& moment) {
  round_.reset();
  must_cancel_ = false;
  if (event.error) {
    failed(event, moment);
  } else {
    succeeded(event, moment);
  }
  bells_.clear();
  has_lost_bells_ = false;
}

void Scheduler::handle(const schedule::Paused& /*event*/, const Moment& /*moment*/) {
  is_paused_ = true;
  must_cancel_ = round_.has_value();
}

void Scheduler::handle(const schedule::Resumed& /*event*/, const Moment& /*moment*/) {
  if (!is_paused_) return;
  is_paused_ = false;
  is_asked_ = true;
}

void Scheduler::handle(const schedule::Metered& event, const Moment& moment) {
  if (is_metered_ == event.is_metered) return;
  is_metered_ = event.is_metered;
  if (is_metered_) {
    bell_due_.reset();
    if (failures_ == 0) poll_from(moment);
  } else {
    reconnect_due_ = moment.now + base::spread_over(options_.reconnect_spread, moment.random);
  }
}

void Scheduler::handle(const schedule::SignedIn& /*event*/, const Moment& /*moment*/) {
  if (block_ != Block::SignIn) return;
  block_ = Block::None;
  is_asked_ = true;
}

void Scheduler::handle(const schedule::SignedOut& /*event*/, const Moment& /*moment*/) {
  block_ = Block::SignIn;
  must_cancel_ = round_.has_value();
}

void Scheduler::handle(const schedule::RealtimeUp& /*event*/, const Moment& moment) {
  if (!is_realtime_wanted_) return;  // It came up while it was told to go down.
  is_realtime_up_ = true;
  // What happened since the last round rang nowhere.
  const auto spread = was_realtime_up_ ? options_.reconnect_spread : options_.doorbell_spread;
  was_realtime_up_ = true;
  if (reach_ == Reach::No && !round_) backoff_end_ = moment.now;
  reach_ = Reach::Yes;
  reconnect_due_ = moment.now + base::spread_over(spread, moment.random);
  if (failures_ == 0) poll_from(moment);
}

void Scheduler::handle(const schedule::RealtimeDown& /*event*/, const Moment& moment) {
  is_realtime_up_ = false;
  if (failures_ == 0 && poll_due_) {
    poll_due_ = std::min(*poll_due_, moment.now + base::spread_around(interval(), moment.random));
  }
}

void Scheduler::succeeded(const schedule::RoundEnded& event, const Moment& moment) {
  failures_ = 0;
  block_ = Block::None;
  reach_ = Reach::Yes;
  backoff_end_ = moment.now;
  server_wait_end_ = moment.now;
  cursors_ = event.cursors;
  if (event.found_news) {
    quiet_polls_ = 0;
  } else {
    ++quiet_polls_;
  }
  if (!event.has_unsent) {
    commit_due_.reset();
    commit_first_.reset();
  }
  forget_seen_bells();
  poll_from(moment);
}

void Scheduler::failed(const schedule::RoundEnded& event, const Moment& moment) {
  const auto& error = *event.error;
  // The next round does whatever they ask for.
  commit_due_.reset();
  commit_first_.reset();
  bell_due_.reset();
  reconnect_due_.reset();
  if (error.code == ErrorCode::Cancelled) {
    poll_due_ = moment.now + base::spread_over(options_.backoff.base, moment.random);
    return;
  }
  reach_ = is_unreached(error) ? Reach::No : Reach::Yes;
  ++failures_;
  if (needs_sign_in(error.code)) {
    block_ = Block::SignIn;
    poll_due_.reset();
  } else if (is_passing(error.code)) {
    block_ = Block::None;
    retry_later(event.retry_after, moment);
  } else {
    block_ = Block::Person;
    poll_due_.reset();
    if (is_mended_on_server(error.code)) {
      poll_due_ = moment.now + base::spread_around(options_.recheck, moment.random);
    }
  }
}

void Scheduler::retry_later(std::optional<Time> retry_after, const Moment& moment) {
  const auto delay =
      base::backoff_delay(failures_ - 1, moment.random, retry_after, options_.backoff);
  backoff_end_ = moment.now + delay;
  server_wait_end_ = retry_after ? backoff_end_ : moment.now;
  poll_due_ = backoff_end_;
}

// Those that the round has answered. One of a scope that the device has not got would ring forever:
// if the scope is to be ours, a pull says so.
void Scheduler::forget_seen_bells() {
  std::erase_if(bells_, [&](const schedule::Rang& bell) {
    const auto scope = cursors_.find(bell.scope);
    return scope == cursors_.end() || is_visible(bell.xid, scope->second).value_or(true);
  });
  if (bells_.empty() && !has_lost_bells_) bell_due_.reset();
}

void Scheduler::poll_from(const Moment& moment) {
  poll_due_ = moment.now + base::spread_around(interval(), moment.random);
}

bool Scheduler::is_news(const schedule::Rang& bell) const {
  const auto scope = cursors_.find(bell.scope);
  return scope == cursors_.end() || !is_visible(bell.xid, scope->second).value_or(false);
}

Scheduler::Time Scheduler::interval() const {
  if (is_metered_) return options_.poll_metered;
  const auto slow_downs = std::min(quiet_polls_ / options_.polls_until_slower, kSlowDownsMax);
  const auto usual = is_realtime_up_ ? options_.poll_with_socket : options_.poll_without_socket;
  return usual * (1 << slow_downs);
}

// --- What follows

bool Scheduler::wants_realtime() const {
  return is_started_ && !is_paused_ && !is_metered_ && block_ == Block::None;
}

Connection Scheduler::connection() const {
  if (!is_started_) return Connection::Off;
  if (is_paused_) return Connection::Paused;
  if (block_ == Block::SignIn) return Connection::NeedsSignIn;
  if (block_ == Block::Person) return Connection::Blocked;
  if (reach_ == Reach::Yes) return Connection::Online;
  return reach_ == Reach::No ? Connection::Offline : Connection::Connecting;
}

std::optional<Scheduler::Next> Scheduler::next(Time now) const {
  if (!is_started_ || round_) return std::nullopt;
  std::optional<Next> found;
  // In the order of causes, so that of several that are due the first is named.
  const auto consider = [&](std::optional<Time> due, Cause cause, Time gate) {
    if (!due) return;
    const auto at = std::max({*due, gate, now});
    if (!found || at < found->at) found = Next{at, cause};
  };
  if (is_asked_) consider(now, Cause::User, server_wait_end_);
  if (is_paused_ || block_ == Block::SignIn) return found;
  if (block_ == Block::Person) {
    consider(poll_due_, Cause::Timer, server_wait_end_);
    return found;
  }
  const auto gate = std::max(backoff_end_, server_wait_end_);
  consider(commit_due_, Cause::Commit, gate);
  consider(bell_due_, Cause::Doorbell, gate);
  consider(reconnect_due_, Cause::Reconnect, gate);
  consider(start_due_, Cause::Start, gate);
  consider(poll_due_, Cause::Timer, gate);
  return found;
}

std::vector<Effect> Scheduler::settle(const Moment& moment) {
  std::vector<Effect> effects;
  if (must_cancel_) {
    must_cancel_ = false;
    effects.emplace_back(schedule::CancelRound{});
  }
  if (wants_realtime() != is_realtime_wanted_) {
    is_realtime_wanted_ = !is_realtime_wanted_;
    if (is_realtime_wanted_) {
      effects.emplace_back(schedule::ConnectRealtime{});
    } else {
      is_realtime_up_ = false;
      effects.emplace_back(schedule::DisconnectRealtime{});
    }
  }
  const auto due = next(moment.now);
  std::optional<Time> wake;
  if (due && due->at <= moment.now) {
    round_ = due->cause;
    is_asked_ = false;
    commit_due_.reset();
    commit_first_.reset();
    bell_due_.reset();
    reconnect_due_.reset();
    start_due_.reset();
    poll_due_.reset();
    armed_.reset();
    effects.emplace_back(schedule::StartRound{due->cause});
  } else if (due) {
    wake = due->at;
  }
  if (wake != armed_) {
    armed_ = wake;
    if (wake) {
      effects.emplace_back(schedule::ArmTimer{*wake - moment.now});
    } else {
      effects.emplace_back(schedule::DisarmTimer{});
    }
  }
  const schedule::View now{.connection = connection(),
                           .is_metered = is_metered_,
                           .is_realtime_up = is_realtime_up_,
                           .round = round_,
                           .next_attempt = wake,
                           .failures = failures_};
  if (!(now == view_)) {
    view_ = now;
    effects.emplace_back(schedule::Publish{});
  }
  return effects;
}

}  // namespace convoy::sync::machine
