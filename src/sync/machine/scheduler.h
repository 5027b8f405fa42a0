// scheduler.h: when to sync. Events in, effects out; no clock, no threads, no randomness.
//
// One round runs at a time. What asks for one while it runs is remembered and looked at when it
// has ended: what the round has taken care of by then is dropped, for the rest one more round
// follows. Everything that could make many devices come at once is spread by chance, which comes
// in as a value. Whether there is a network is never asked, only learned: a request that did not
// get through says no, one that did says yes. How it all fits: docs/design/scheduler.md.
//
// Thread-safety: thread-compatible.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/backoff.h"
#include "convoy/result.h"

namespace convoy::sync::machine {

// Why a round is run. The first of several reasons, in this order, is the one that is named.
enum class Cause { User, Commit, Doorbell, Reconnect, Start, Timer };

// "user", "commit", "doorbell", "reconnect", "start", "timer".
std::string_view to_string(Cause cause);

// When an event happened, and the chance it brings along.
struct Moment {
  std::chrono::milliseconds now{0};  // Of a clock that only goes forward.
  std::uint32_t random = 0;          // Any 32-bit number.
};

struct ScheduleOptions {
  // After a local commit: this long without another, but no longer than that.
  std::chrono::milliseconds commit_quiet{100};
  std::chrono::milliseconds commit_wait_max{1'000};
  // All members of a scope hear one doorbell.
  std::chrono::milliseconds doorbell_spread{300};
  // All devices of a server that was away come back at once.
  std::chrono::milliseconds reconnect_spread{10'000};
  // Around these, ± 50 %.
  std::chrono::milliseconds poll_without_socket{60'000};
  std::chrono::milliseconds poll_with_socket{300'000};
  std::chrono::milliseconds poll_metered{1'800'000};
  // After a refusal that only the server's people can mend.
  std::chrono::milliseconds recheck{1'800'000};
  // So many polls in a row that found nothing double the interval, twice at most.
  int polls_until_slower = 4;
  base::BackoffOptions backoff;
};

namespace schedule {

// --- What the host reports

// This process syncs the file from now on. The cursor of each scope it has.
struct Started {
  std::map<std::string, std::string> cursors;
};

struct Committed {};  // There is something to send that was not there before.

// The server said that a transaction changed a scope.
struct Rang {
  std::string scope;
  std::string xid;
};

struct TimerFired {};

struct Asked {};  // A person wants it now.

struct Reached {};  // A request got an answer, whatever it was.

struct RoundEnded {
  std::optional<Error> error;
  std::optional<std::chrono::milliseconds> retry_after;  // What the server asked for.
  bool found_news = false;                               // It sent or received something.
  bool has_unsent = false;                               // Mutations wait to be sent.
  std::map<std::string, std::string> cursors;            // As Started has them.
};

struct Paused {};

struct Resumed {};

struct Metered {
  bool is_metered = false;
};

struct SignedIn {};

struct SignedOut {};

struct RealtimeUp {};  // Every scope's doorbell is heard from now on.

struct RealtimeDown {};

using Event = std::variant<Started, Committed, Rang, TimerFired, Asked, Reached, RoundEnded, Paused,
                           Resumed, Metered, SignedIn, SignedOut, RealtimeUp, RealtimeDown>;

// --- What the host shall do

// Disarms the timer.
struct StartRound {
  Cause cause = Cause::Timer;
};

struct CancelRound {};  // It reports RoundEnded all the same.

// The one timer. Replaces what was armed before.
struct ArmTimer {
  std::chrono::milliseconds delay{0};
};

struct DisarmTimer {};

struct ConnectRealtime {};  // And connect again whenever it is lost.

struct DisconnectRealtime {};

struct Publish {};  // view() says something new.

using Effect = std::variant<StartRound, CancelRound, ArmTimer, DisarmTimer, ConnectRealtime,
                            DisconnectRealtime, Publish>;

enum class Connection {
  Off,         // Not started.
  Connecting,  // Nothing is known yet.
  Online,      // The last request got an answer.
  Offline,     // The last request did not get through.
  NeedsSignIn,
  Blocked,  // Somebody has to do something, see `error`.
  Paused,
};

struct View {
  Connection connection = Connection::Off;
  bool is_metered = false;
  bool is_realtime_up = false;
  std::optional<Cause> round;                             // The one that runs.
  std::optional<std::chrono::milliseconds> next_attempt;  // On the clock of Moment.
  int failures = 0;                                       // In a row.
};

bool operator==(const View& left, const View& right);

}  // namespace schedule

class Scheduler {
 public:
  explicit Scheduler(ScheduleOptions options = {}) : options_(std::move(options)) {}

  // What to do, in this order. REQUIRES: moments never go back; after StartRound, RoundEnded comes
  // exactly once.
  std::vector<schedule::Effect> on(const schedule::Event& event, const Moment& moment);

  [[nodiscard]] const schedule::View& view() const { return view_; }

 private:
  using Time = std::chrono::milliseconds;
  enum class Block { None, SignIn, Person };
  enum class Reach { Unknown, Yes, No };

  void handle(const schedule::Started& event, const Moment& moment);
  void handle(const schedule::Committed& event, const Moment& moment);
  void handle(const schedule::Rang& event, const Moment& moment);
  void handle(const schedule::TimerFired& event, const Moment& moment);
  void handle(const schedule::Asked& event, const Moment& moment);
  void handle(const schedule::Reached& event, const Moment& moment);
  void handle(const schedule::RoundEnded& event, const Moment& moment);
  void handle(const schedule::Paused& event, const Moment& moment);
  void handle(const schedule::Resumed& event, const Moment& moment);
  void handle(const schedule::Metered& event, const Moment& moment);
  void handle(const schedule::SignedIn& event, const Moment& moment);
  void handle(const schedule::SignedOut& event, const Moment& moment);
  void handle(const schedule::RealtimeUp& event, const Moment& moment);
  void handle(const schedule::RealtimeDown& event, const Moment& moment);

  void succeeded(const schedule::RoundEnded& event, const Moment& moment);
  void failed(const schedule::RoundEnded& event, const Moment& moment);
  void retry_later(std::optional<Time> retry_after, const Moment& moment);
  void forget_seen_bells();
  void poll_from(const Moment& moment);
  void note_reach();
  [[nodiscard]] bool is_news(const schedule::Rang& bell) const;
  [[nodiscard]] Time interval() const;
  [[nodiscard]] bool wants_realtime() const;
  [[nodiscard]] schedule::Connection connection() const;

  struct Next {
    Time at{0};
    Cause cause = Cause::Timer;
  };

  [[nodiscard]] std::optional<Next> next(Time now) const;
  std::vector<schedule::Effect> settle(const Moment& moment);

  ScheduleOptions options_;
  std::map<std::string, std::string> cursors_;

  bool is_started_ = false;
  bool is_paused_ = false;
  bool is_metered_ = false;
  Block block_ = Block::None;
  Reach reach_ = Reach::Unknown;
  int failures_ = 0;
  int quiet_polls_ = 0;

  // What asks for a round, and from when on.
  bool is_asked_ = false;
  std::optional<Time> commit_due_;
  std::optional<Time> commit_first_;  // The oldest commit that waits for `commit_due_`.
  std::optional<Time> bell_due_;
  std::optional<Time> reconnect_due_;
  std::optional<Time> start_due_;
  std::optional<Time> poll_due_;

  // Not before: our own patience, which a person overrules, and the server's wish.
  Time backoff_end_{0};
  Time server_wait_end_{0};

  std::optional<Cause> round_;
  bool must_cancel_ = false;
  // Doorbells that rang during the round.
  std::vector<schedule::Rang> bells_;
  bool has_lost_bells_ = false;

  bool is_realtime_wanted_ = false;
  bool is_realtime_up_ = false;
  bool was_realtime_up_ = false;
  std::optional<Time> armed_;
  schedule::View view_;
};

}  // namespace convoy::sync::machine
