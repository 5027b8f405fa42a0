// Live queries on a thread of their own, beside writers, other processes and ends of all kinds. Run
// under the thread sanitizer as well.
#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "convoy/live.h"
#include "live/test_support.h"
#include "store/test_support.h"

namespace convoy::live {
namespace {

using store::testing::Fixture;
using store::testing::TemporaryFolder;
using testing::ids;
using testing::Watcher;

Status create(Database& database, const std::string& id) {
  return database.write([&](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("tasks", {}, id));
    return ok_status();
  });
}

struct ThreadsTest : ::testing::Test {
  Fixture fixture;
  TemporaryFolder folder;
};

TEST_F(ThreadsTest, DeliversOnAThreadOfItsOwn) {
  auto database = fixture.open();
  Watcher<LiveRows> watcher;
  std::atomic<std::thread::id> thread;
  const auto subscription =
      observe(database, from("tasks"), [&, note = watcher.callback()](const auto& now) {
        thread = std::this_thread::get_id();
        note(now);
      });
  EXPECT_TRUE(watcher.wait_for([](const LiveRows& now) { return now.is_first; }));
  EXPECT_NE(thread.load(), std::this_thread::get_id());
  CONVOY_ASSERT_OK(create(database, "a"));
  EXPECT_TRUE(watcher.wait_for([](const LiveRows& now) { return now.rows.size() == 1; }));
}

TEST_F(ThreadsTest, NoticesOtherWritersOfTheFileByItself) {
  auto database = fixture.open(folder.file());
  auto other = fixture.open(folder.file());
  Watcher<LiveRows> watcher;
  const auto subscription = observe(database, from("tasks"), watcher.callback());
  EXPECT_TRUE(watcher.wait_for([](const LiveRows& now) { return now.is_first; }));
  CONVOY_ASSERT_OK(create(other, "a"));
  EXPECT_TRUE(watcher.wait_for([](const LiveRows& now) { return now.rows.size() == 1; }));
}

TEST_F(ThreadsTest, ASlowWriterHoldsNoFirstResultUp) {
  auto database = fixture.open(folder.file());
  CONVOY_ASSERT_OK(create(database, "a"));
  Watcher<LiveRows> watcher;
  Result<Subscription> subscription = Subscription();
  CONVOY_ASSERT_OK(database.write([&](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("tasks", {}, "b"));
    std::thread observer([&] {
      subscription = observe(database, from("tasks"), watcher.callback());
      EXPECT_TRUE(watcher.wait_for([](const LiveRows& now) { return now.rows.size() == 1; }));
    });
    observer.join();
    return ok_status();
  }));
  EXPECT_TRUE(watcher.wait_for([](const LiveRows& now) { return now.rows.size() == 2; }));
}

// A callback that stays until it is let go.
struct Slow {
  std::promise<void> has_begun;
  std::promise<void> may_end;
  std::atomic<bool> has_ended = false;

  auto callback() {
    return [this](const Result<LiveRows>&) {
      has_begun.set_value();
      may_end.get_future().wait();
      has_ended = true;
    };
  }
};

TEST_F(ThreadsTest, StoppingWaitsForTheCallback) {
  auto database = fixture.open();
  Slow slow;
  auto subscription = observe(database, from("tasks"), slow.callback());
  slow.has_begun.get_future().wait();
  std::promise<void> stops;
  std::thread stopper([&] {
    stops.set_value();
    subscription->stop();
    EXPECT_TRUE(slow.has_ended);
  });
  stops.get_future().wait();
  slow.may_end.set_value();
  stopper.join();
}

TEST_F(ThreadsTest, DestroyingTheDatabaseWaitsForTheCallback) {
  auto database = std::make_unique<Database>(fixture.open());
  Slow slow;
  const auto subscription = observe(*database, from("tasks"), slow.callback());
  slow.has_begun.get_future().wait();
  std::promise<void> stops;
  std::thread stopper([&] {
    stops.set_value();
    database.reset();
    EXPECT_TRUE(slow.has_ended);
  });
  stops.get_future().wait();
  slow.may_end.set_value();
  stopper.join();
}

TEST_F(ThreadsTest, ASubscriptionMayEndInItsCallbackAndAfterItsDatabase) {
  auto database = std::make_unique<Database>(fixture.open());
  auto own = std::make_shared<std::promise<Subscription>>();
  std::promise<void> has_ended;
  auto subscription = observe(*database, from("tasks"), [&](const Result<LiveRows>&) {
    own->get_future().get().stop();
    has_ended.set_value();
  });
  own->set_value(*std::move(subscription));
  has_ended.get_future().wait();
  Watcher<std::int64_t> watcher;
  auto late = observe_count(*database, from("tasks"), watcher.callback());
  EXPECT_TRUE(watcher.wait_for([](std::int64_t count) { return count == 0; }));
  database.reset();
  late->stop();
}

// Writers beside subscriptions that come and go: each that stays sees the end.
void race(Database& database, int rounds) {
  constexpr int kWriters = 2;
  std::vector<std::thread> threads;
  for (int writer = 0; writer < kWriters; ++writer) {
    threads.emplace_back([&, writer] {
      for (int i = 0; i < rounds; ++i) {
        const auto id = std::to_string(writer) + "-" + std::to_string(i);
        CONVOY_EXPECT_OK(create(database, id));
        if (i % 3 != 0) continue;
        CONVOY_EXPECT_OK(database.write([&](Writer& work) -> Status {
          CONVOY_CHECK_OK(work.mark_deleted("tasks", id));
          return ok_status();
        }));
      }
    });
  }
  threads.emplace_back([&] {
    for (int i = 0; i < rounds; ++i) {
      Watcher<LiveRows> watcher;
      auto subscription = observe(database, from("tasks").take(5), watcher.callback());
      if (i % 2 == 0) continue;
      EXPECT_TRUE(watcher.wait_for([](const LiveRows& now) { return now.is_first; }));
    }
  });
  const auto wanted = kWriters * (rounds - (rounds + 2) / 3);
  Watcher<LiveRows> rows;
  Watcher<std::int64_t> count;
  const auto first = observe(database, from("tasks"), rows.callback());
  const auto second = observe_count(database, from("tasks"), count.callback());
  for (auto& thread : threads) thread.join();
  EXPECT_TRUE(rows.wait_for(
      [&](const LiveRows& now) { return now.rows.size() == static_cast<std::size_t>(wanted); }));
  EXPECT_TRUE(count.wait_for([&](std::int64_t now) { return now == wanted; }));
}

TEST_F(ThreadsTest, WritersAndSubscriptionsMeetInMemory) {
  auto database = fixture.open();
  race(database, 200);
}

TEST_F(ThreadsTest, WritersAndSubscriptionsMeetOnDisk) {
  auto database = fixture.open(folder.file());
  race(database, 60);
}

}  // namespace
}  // namespace convoy::live
