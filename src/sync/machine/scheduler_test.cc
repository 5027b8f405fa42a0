// Transcripts: what happens, and what is done about it.
#include "sync/machine/scheduler.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace convoy::sync::machine {
namespace {

using namespace schedule;  // NOLINT(google-build-using-namespace): the words of the transcripts.
using std::chrono::milliseconds;

constexpr std::uint32_t kLeast = 0;
constexpr std::uint32_t kMost = 0xFFFFFFFFU;

std::string text_of(const Effect& effect) {
  struct Writer {
    std::string operator()(const StartRound& start) {
      return "round " + std::string(to_string(start.cause));
    }

    std::string operator()(const CancelRound&) { return "cancel"; }

    std::string operator()(const ArmTimer& timer) {
      return "timer " + std::to_string(timer.delay.count());
    }

    std::string operator()(const DisarmTimer&) { return "no timer"; }

    std::string operator()(const ConnectRealtime&) { return "connect"; }

    std::string operator()(const DisconnectRealtime&) { return "disconnect"; }

    std::string operator()(const Publish&) { return ""; }
  };

  return std::visit(Writer{}, effect);
}

// Time goes on with `at`; chance is the least unless it is said.
class Transcript {
 public:
  explicit Transcript(ScheduleOptions options = {}) : scheduler_(options) {}

  // Effects in their order, joined by "; ".
  std::string at(int now, const Event& event, std::uint32_t random = kLeast) {
    std::string text;
    for (const auto& effect : scheduler_.on(event, {milliseconds(now), random})) {
      const auto one = text_of(effect);
      if (!one.empty()) text += (text.empty() ? "" : "; ") + one;
    }
    return text;
  }

  const View& view() { return scheduler_.view(); }

 private:
  Scheduler scheduler_;
};

Error failure(ErrorCode code) { return {.code = code, .message = "no"}; }

RoundEnded went_well() { return {.found_news = true, .cursors = {{"a", "10:20:"}}}; }

RoundEnded found_nothing() { return {.cursors = {{"a", "10:20:"}}}; }

RoundEnded failed(ErrorCode code) { return {.error = failure(code)}; }

// Idle at 0 after a first round; the next poll is at 30000.
Transcript idle() {
  Transcript t;
  t.at(0, Started{.cursors = {{"a", "10:20:"}}});
  t.at(0, went_well());
  return t;
}

TEST(Scheduler, BeginsWithARoundAndLooksForRealtime) {
  Transcript t;
  EXPECT_EQ(t.at(0, Committed{}), "");
  EXPECT_EQ(t.view().connection, Connection::Off);
  EXPECT_EQ(t.at(0, Started{}), "connect; round start");
  EXPECT_EQ(t.view().connection, Connection::Connecting);
  EXPECT_EQ(t.view().round, Cause::Start);
  EXPECT_EQ(t.at(400, went_well()), "timer 30000");
  EXPECT_EQ(t.view().connection, Connection::Online);
  EXPECT_EQ(t.view().next_attempt, milliseconds(30'400));
}

TEST(Scheduler, WaitsForCommitsToPauseButNotForLong) {
  auto t = idle();
  EXPECT_EQ(t.at(1000, Committed{}), "timer 100");
  EXPECT_EQ(t.at(1090, Committed{}), "timer 100");
  EXPECT_EQ(t.at(1190, TimerFired{}), "round commit");
  t.at(1200, went_well());
  EXPECT_EQ(t.at(2000, Committed{}), "timer 100");
  for (int now = 2050; now <= 2900; now += 50) EXPECT_EQ(t.at(now, Committed{}), "timer 100");
  EXPECT_EQ(t.at(2950, Committed{}), "") << "a second after the first";
  EXPECT_EQ(t.at(3000, TimerFired{}), "round commit");
}

TEST(Scheduler, SendsWhatWasCommittedDuringARoundAfterIt) {
  auto t = idle();
  EXPECT_EQ(t.at(1000, Asked{}), "round user");
  EXPECT_EQ(t.at(1010, Committed{}), "");
  auto ended = went_well();
  ended.has_unsent = true;
  EXPECT_EQ(t.at(1050, ended), "timer 60");
  EXPECT_EQ(t.at(1110, TimerFired{}), "round commit");
}

TEST(Scheduler, DoesNotRunAgainForWhatTheRoundSentAfterAll) {
  auto t = idle();
  t.at(1000, Asked{});
  t.at(1010, Committed{});
  EXPECT_EQ(t.at(1050, went_well()), "timer 30000");
}

TEST(Scheduler, RunsOneRoundAtATimeAndRemembersThatItWasAsked) {
  auto t = idle();
  EXPECT_EQ(t.at(1000, Asked{}), "round user");
  EXPECT_EQ(t.at(1001, Asked{}), "");
  EXPECT_EQ(t.at(1002, Asked{}), "");
  EXPECT_EQ(t.at(1100, went_well()), "round user");
  EXPECT_EQ(t.at(1200, went_well()), "timer 30000");
}

TEST(Scheduler, FollowsADoorbellAfterAMomentOfItsOwn) {
  auto t = idle();
  EXPECT_EQ(t.at(1000, Rang{"a", "20"}, kMost), "timer 300");
  EXPECT_EQ(t.at(1100, Rang{"a", "21"}), "") << "one round for both";
  EXPECT_EQ(t.at(1300, TimerFired{}), "round doorbell");
}

TEST(Scheduler, IgnoresADoorbellThatItsCursorHasSeen) {
  auto t = idle();
  EXPECT_EQ(t.at(1000, Rang{"a", "19"}), "");
  EXPECT_EQ(t.at(1000, Rang{"a", "not an xid"}), "round doorbell") << "who knows";
}

TEST(Scheduler, FollowsADoorbellOfAScopeItDoesNotKnowOnce) {
  auto t = idle();
  EXPECT_EQ(t.at(1000, Rang{"b", "5"}), "round doorbell");
  EXPECT_EQ(t.at(1001, Rang{"b", "6"}), "");
  EXPECT_EQ(t.at(1100, went_well()), "timer 30000");
}

TEST(Scheduler, IgnoresTheEchoOfWhatTheRoundItselfWrote) {
  auto t = idle();
  t.at(1000, Asked{});
  EXPECT_EQ(t.at(1050, Rang{"a", "25"}), "");
  auto ended = went_well();
  ended.cursors["a"] = "26:26:";
  EXPECT_EQ(t.at(1100, ended), "timer 30000");
  t.at(2000, Asked{});
  EXPECT_EQ(t.at(2050, Rang{"a", "30"}), "");
  EXPECT_EQ(t.at(2100, ended), "round doorbell") << "that one was somebody else's";
}

TEST(Scheduler, RunsAgainWhenItCouldNotRememberAllDoorbells) {
  auto t = idle();
  t.at(1000, Asked{});
  for (int i = 0; i < 100; ++i) t.at(1050, Rang{"a", std::to_string(21 + i)});
  auto ended = went_well();
  ended.cursors["a"] = "500:500:";
  EXPECT_EQ(t.at(1400, ended), "round doorbell");
}

TEST(Scheduler, BacksOffWithFullJitter) {
  auto t = idle();
  t.at(30'000, TimerFired{});
  EXPECT_EQ(t.at(30'000, failed(ErrorCode::Offline), kMost), "timer 1000");
  EXPECT_EQ(t.view().connection, Connection::Offline);
  EXPECT_EQ(t.at(31'000, TimerFired{}), "round timer");
  EXPECT_EQ(t.at(31'000, failed(ErrorCode::Offline), kMost), "timer 2000");
  EXPECT_EQ(t.at(33'000, TimerFired{}), "round timer");
  EXPECT_EQ(t.at(33'000, failed(ErrorCode::Offline), kMost / 2), "timer 1999");
  EXPECT_EQ(t.view().failures, 3);
  int now = 40'000;
  for (int i = 0; i < 20; ++i) {
    t.at(now, TimerFired{});
    t.at(now, failed(ErrorCode::ServerError), kMost);
    now += 300'000;
  }
  EXPECT_EQ(t.view().next_attempt, milliseconds(now)) << "never more than five minutes";
}

TEST(Scheduler, CommitsDoNotBreakTheBackOffButPeopleDo) {
  auto t = idle();
  t.at(1000, Asked{});
  t.at(1000, failed(ErrorCode::ServerError), kMost);
  EXPECT_EQ(t.at(1001, Committed{}), "");
  EXPECT_EQ(t.at(1002, Rang{"a", "30"}), "");
  EXPECT_EQ(t.at(1003, Asked{}), "round user");
}

TEST(Scheduler, HonoursRetryAfterEvenIfAsked) {
  auto t = idle();
  t.at(1000, Asked{});
  auto ended = failed(ErrorCode::RateLimited);
  ended.retry_after = milliseconds(120'000);
  EXPECT_EQ(t.at(1000, ended), "timer 120000");
  EXPECT_EQ(t.at(2000, Asked{}), "");
  EXPECT_EQ(t.view().next_attempt, milliseconds(121'000));
  EXPECT_EQ(t.at(121'000, TimerFired{}), "round user");
}

TEST(Scheduler, AnyAnswerIsEvidenceOfANetwork) {
  auto t = idle();
  t.at(1000, Asked{});
  t.at(1000, failed(ErrorCode::Offline), kMost);
  for (int i = 0; i < 8; ++i) {
    t.at(400'000 * (i + 1), TimerFired{});
    t.at(400'000 * (i + 1), failed(ErrorCode::Offline), kMost);
  }
  EXPECT_EQ(t.at(3'210'000, Reached{}, kMost), "timer 10000") << "not all devices at once";
  EXPECT_EQ(t.view().connection, Connection::Online);
  EXPECT_EQ(t.at(3'220'000, TimerFired{}), "round reconnect");
  EXPECT_EQ(t.at(3'220'100, Reached{}), "");
  EXPECT_EQ(t.at(3'220'200, failed(ErrorCode::ServerError)), "round timer");
  EXPECT_EQ(t.view().connection, Connection::Online) << "an error of the server's is an answer";
}

TEST(Scheduler, StopsUntilSomebodySignsIn) {
  auto t = idle();
  t.at(1000, Asked{});
  EXPECT_EQ(t.at(1000, failed(ErrorCode::SignInRequired)), "disconnect");
  EXPECT_EQ(t.view().connection, Connection::NeedsSignIn);
  EXPECT_EQ(t.at(2000, Committed{}), "");
  EXPECT_EQ(t.at(3000, SignedIn{}), "connect; round user");
  EXPECT_EQ(t.view().round, Cause::User);
}

TEST(Scheduler, ASignOutInterruptsTheRound) {
  auto t = idle();
  t.at(1000, Asked{});
  EXPECT_EQ(t.at(1001, SignedOut{}), "cancel; disconnect");
  EXPECT_EQ(t.at(1002, failed(ErrorCode::Cancelled)), "");
  EXPECT_EQ(t.view().connection, Connection::NeedsSignIn);
}

TEST(Scheduler, StopsForWhatNeedsAPersonAndLooksAgainRarely) {
  auto t = idle();
  t.at(1000, Asked{});
  EXPECT_EQ(t.at(1000, failed(ErrorCode::ProtocolMismatch)), "disconnect; timer 900000");
  EXPECT_EQ(t.view().connection, Connection::Blocked);
  EXPECT_EQ(t.at(2000, Committed{}), "");
  EXPECT_EQ(t.at(901'000, TimerFired{}), "round timer");
  EXPECT_EQ(t.at(901'100, went_well()), "connect; timer 30000");
  EXPECT_EQ(t.view().connection, Connection::Online);

  t.at(902'000, Asked{});
  EXPECT_EQ(t.at(902'000, failed(ErrorCode::Corrupt)), "disconnect") << "time mends no file";
  EXPECT_EQ(t.at(903'000, Asked{}), "round user");
}

TEST(Scheduler, PauseInterruptsAndResumeRunsAtOnce) {
  auto t = idle();
  t.at(1000, Asked{});
  EXPECT_EQ(t.at(1001, Paused{}), "cancel; disconnect");
  EXPECT_EQ(t.at(1002, failed(ErrorCode::Cancelled)), "");
  EXPECT_EQ(t.view().connection, Connection::Paused);
  EXPECT_EQ(t.view().failures, 0);
  EXPECT_EQ(t.at(2000, Committed{}), "");
  EXPECT_EQ(t.at(3000, Asked{}), "round user") << "a person may still want it";
  EXPECT_EQ(t.at(3100, went_well()), "");
  EXPECT_EQ(t.at(4000, Resumed{}), "connect; round user");
  EXPECT_EQ(t.at(4001, Resumed{}), "");
}

TEST(Scheduler, PollsLessWithASocketAndAtOnceWhenItIsUp) {
  auto t = idle();
  EXPECT_EQ(t.at(1000, RealtimeUp{}, kMost), "timer 300") << "what happened before it was up";
  EXPECT_EQ(t.at(1300, TimerFired{}), "round reconnect");
  EXPECT_EQ(t.at(1400, went_well()), "timer 150000");
  EXPECT_TRUE(t.view().is_realtime_up);
  EXPECT_EQ(t.at(2000, RealtimeDown{}), "timer 30000");
  EXPECT_EQ(t.at(5000, RealtimeUp{}, kMost), "timer 10000") << "all devices come back at once";
}

TEST(Scheduler, ARealtimeThatComesUpWhileItIsToldToGoDownIsDown) {
  auto t = idle();
  t.at(1000, Paused{});
  EXPECT_EQ(t.at(1001, RealtimeUp{}), "");
  EXPECT_FALSE(t.view().is_realtime_up);
}

TEST(Scheduler, PollsAroundItsInterval) {
  auto t = idle();
  t.at(1000, Asked{});
  EXPECT_EQ(t.at(1000, went_well(), kMost), "timer 90000");
}

TEST(Scheduler, PollsSlowerWhenNothingHappens) {
  auto t = idle();
  int now = 30'000;
  std::string last;
  for (int i = 0; i < 12; ++i) {
    EXPECT_EQ(t.at(now, TimerFired{}), "round timer");
    last = t.at(now, found_nothing());
    now += 120'000;
  }
  EXPECT_EQ(last, "timer 120000");
  t.at(now, TimerFired{});
  EXPECT_EQ(t.at(now, went_well()), "timer 30000") << "something happens again";
}

TEST(Scheduler, SparesAMeteredNetworkButSendsWhatTheUserWrites) {
  auto t = idle();
  EXPECT_EQ(t.at(1000, Metered{true}), "disconnect; timer 900000");
  EXPECT_EQ(t.at(2000, Rang{"a", "30"}), "");
  EXPECT_EQ(t.at(3000, Committed{}), "timer 100");
  EXPECT_EQ(t.at(3100, TimerFired{}), "round commit");
  EXPECT_EQ(t.at(3200, went_well()), "timer 900000");
  EXPECT_EQ(t.at(4000, Metered{false}, kMost), "connect; timer 10000");
}

TEST(Scheduler, NamesTheMostTellingCause) {
  auto t = idle();
  t.at(1000, Committed{});
  t.at(1000, Rang{"a", "30"}, kMost);
  EXPECT_EQ(t.at(1500, TimerFired{}), "round commit");
}

TEST(Scheduler, TellsWhenItsViewChanges) {
  Scheduler scheduler;
  const auto publishes = [](const std::vector<Effect>& effects) {
    return std::any_of(effects.begin(), effects.end(), [](const Effect& effect) {
      return std::holds_alternative<Publish>(effect);
    });
  };
  EXPECT_TRUE(publishes(scheduler.on(Started{}, {})));
  EXPECT_FALSE(publishes(scheduler.on(Committed{}, {})));
  EXPECT_TRUE(publishes(scheduler.on(went_well(), {})));
}

// Whatever happens in whatever order: one round at a time, one timer that is never in the past, and
// while nothing keeps it from syncing there is always a round or a timer.
RC_GTEST_PROP(SchedulerProperty, NeverForgetsToComeBack, ()) {
  Scheduler scheduler;
  bool is_running = false;
  bool is_connected = false;
  bool has_timer = false;
  milliseconds now{0};
  const auto play = [&](const Event& event) {
    const auto random = *rc::gen::arbitrary<std::uint32_t>();
    for (const auto& effect : scheduler.on(event, {now, random})) {
      if (std::holds_alternative<StartRound>(effect)) {
        RC_ASSERT(!is_running);
        has_timer = false;
        is_running = true;
      } else if (const auto* timer = std::get_if<ArmTimer>(&effect)) {
        RC_ASSERT(timer->delay > milliseconds(0));
        has_timer = true;
      } else if (std::holds_alternative<DisarmTimer>(effect)) {
        has_timer = false;
      } else if (std::holds_alternative<ConnectRealtime>(effect)) {
        RC_ASSERT(!is_connected);
        is_connected = true;
      } else if (std::holds_alternative<DisconnectRealtime>(effect)) {
        RC_ASSERT(is_connected);
        is_connected = false;
      }
    }
    const auto connection = scheduler.view().connection;
    const bool may_rest = connection == Connection::Paused ||
                          connection == Connection::NeedsSignIn ||
                          connection == Connection::Blocked;
    if (!may_rest) RC_ASSERT(is_running || has_timer);
  };
  play(Started{});
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 16));
  for (const int step : steps) {
    now += milliseconds(*rc::gen::inRange(0, 5000));
    switch (step) {
      case 0:
      case 1:
        play(Committed{});
        break;
      case 2:
        play(Rang{"a", "30"});
        break;
      case 3:
        play(Asked{});
        break;
      case 4:
        play(Reached{});
        break;
      case 5:
        play(*rc::gen::element<Event>(Paused{}, Resumed{}));
        break;
      case 6:
        play(Metered{*rc::gen::arbitrary<bool>()});
        break;
      case 7:
        play(*rc::gen::element<Event>(SignedIn{}, SignedOut{}));
        break;
      case 8:
        play(*rc::gen::element<Event>(RealtimeUp{}, RealtimeDown{}));
        break;
      case 9:
      case 10:
      case 11:
        if (has_timer) {
          now = std::max(now, scheduler.view().next_attempt.value_or(now));
          has_timer = false;
          play(TimerFired{});
        }
        break;
      default:
        if (!is_running) break;
        is_running = false;
        play(*rc::gen::element<Event>(went_well(), found_nothing(), failed(ErrorCode::Offline),
                                      failed(ErrorCode::ServerError),
                                      failed(ErrorCode::SignInRequired), failed(ErrorCode::Refused),
                                      failed(ErrorCode::Corrupt), failed(ErrorCode::Cancelled)));
    }
  }
}

}  // namespace
}  // namespace convoy::sync::machine
