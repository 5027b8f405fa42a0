// The promises of live.h about subscriptions: what callbacks may do, and when they end.
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "live/test_fixture.h"

namespace convoy::live {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::LiveTest;
using testing::ManualExecutor;
using testing::Watcher;

using SubscriptionTest = LiveTest;

TEST_F(SubscriptionTest, IsSilentOnceItIsStopped) {
  ManualExecutor ui;
  Watcher<LiveRows> watcher;
  auto subscription = watch(from("tasks"), watcher, {.deliver_on = &ui});
  // Posted, and stopped before it ran.
  subscription.stop();
  subscription.stop();
  EXPECT_EQ(ui.run(), 1);
  create("a");
  background.run();
  ui.run();
  EXPECT_THAT(watcher.take(), IsEmpty());
}

TEST_F(SubscriptionTest, TakesItsCallbackAlong) {
  auto held = std::make_shared<int>();
  {
    const auto subscription =
        started(observe(*database, from("tasks"), [held](const Result<LiveRows>&) {}));
    EXPECT_EQ(held.use_count(), 2);
  }
  EXPECT_EQ(held.use_count(), 1);
}

TEST_F(SubscriptionTest, CanBeMoved) {
  Watcher<LiveRows> first_watcher;
  Watcher<LiveRows> second_watcher;
  auto first = watch(from("tasks"), first_watcher);
  auto second = watch(from("tasks"), second_watcher);
  first_watcher.take();
  second_watcher.take();
  first = std::move(second);
  create("a");
  background.run();
  EXPECT_THAT(first_watcher.take(), IsEmpty()) << "replaced, and so stopped";
  EXPECT_EQ(second_watcher.take().size(), 1U);
  Subscription none;
  none = std::move(first);
  create("b");
  background.run();
  EXPECT_EQ(second_watcher.take().size(), 1U);
}

TEST_F(SubscriptionTest, WritesCostNothingWhenNobodyListens) {
  Watcher<LiveRows> watcher;
  {
    const auto subscription = watch(from("tasks"), watcher);
    background.run();
  }
  background.run();
  create("a");
  EXPECT_EQ(background.run(), 0);
}

TEST_F(SubscriptionTest, MayEndItselfInItsCallback) {
  std::vector<std::string> called;
  auto held = std::make_shared<int>();
  Subscription own;
  const auto note = [&](const std::string& name) {
    return [&, name](const Result<LiveRows>&) { called.push_back(name); };
  };
  const auto before = started(observe(*database, from("tasks"), note("a")));
  own = started(observe(*database, from("tasks"), [&, held](const Result<LiveRows>& now) {
    called.emplace_back("b");
    if (now->is_first) return;
    own.stop();
    EXPECT_EQ(held.use_count(), 2) << "not destroyed while it runs";
  }));
  const auto after = started(observe(*database, from("tasks"), note("c")));
  called.clear();
  create("x");
  background.run();
  EXPECT_THAT(called, ElementsAre("a", "b", "c")) << "nobody is skipped";
  EXPECT_EQ(held.use_count(), 1);
  called.clear();
  create("y");
  background.run();
  EXPECT_THAT(called, ElementsAre("a", "c"));
}

TEST_F(SubscriptionTest, MayBeOwnedByItsCallback) {
  auto own = std::make_shared<Subscription>();
  int calls = 0;
  *own = started(
      observe(*database, from("tasks"), [own, &calls](const Result<LiveRows>&) { ++calls; }));
  const std::weak_ptr<Subscription> gone = own;
  auto& subscription = *own;
  own.reset();
  subscription.stop();
  EXPECT_TRUE(gone.expired());
  create("a");
  background.run();
  EXPECT_EQ(calls, 1);
}

TEST_F(SubscriptionTest, ACallbackMayDoWhateverOtherCodeMay) {
  Watcher<LiveRows> inner_watcher;
  Watcher<LiveRows> victim_watcher;
  Subscription inner;
  Subscription victim;
  std::size_t rows_read = 0;
  int calls = 0;
  const auto subscription =
      started(observe(*database, from("tasks"), [&](const Result<LiveRows>& now) {
        ++calls;
        if (now->rows.size() != 1) return;
        create("second");
        rows_read = database->fetch(from("tasks"))->size();
        inner = *observe(*database, from("tasks"), inner_watcher.callback());
        victim.stop();
      }));
  victim = watch(from("tasks"), victim_watcher);
  victim_watcher.take();
  create("first");
  background.run();
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(rows_read, 2U);
  EXPECT_EQ(inner_watcher.only().rows.size(), 2U);
  EXPECT_THAT(victim_watcher.take(), IsEmpty());
}

TEST_F(SubscriptionTest, ACommitThatTheFirstResultHasIsNotAddedAgain) {
  Watcher<std::int64_t> watcher;
  const auto first = observe(*database, from("tasks"), [&](const Result<LiveRows>& now) {
    if (now->is_first) create("a");
  });
  // Read after that, and told of it in the next round.
  const auto second = observe_count(*database, from("tasks"), watcher.callback());
  background.run();
  EXPECT_EQ(watcher.only(), 1);
  create("b");
  background.run();
  EXPECT_EQ(watcher.only(), 2);
}

TEST_F(SubscriptionTest, MayOutliveItsDatabase) {
  ManualExecutor ui;
  Watcher<LiveRows> watcher;
  auto held = std::make_shared<int>();
  auto first = watch(from("tasks"), watcher, {.deliver_on = &ui});
  auto second = started(observe(*database, from("tasks"), [held](const Result<LiveRows>&) {}));
  create("a");
  database.reset();
  EXPECT_EQ(held.use_count(), 1) << "nobody will call it any more";
  background.run();
  ui.run();
  EXPECT_THAT(watcher.take(), IsEmpty());
  first.stop();
}

TEST_F(SubscriptionTest, AnExecutorMayRunWorkAtOnce) {
  struct AtOnce final : Executor {
    void post(std::function<void()> work) override { work(); }
  } ui;

  Watcher<LiveRows> watcher;
  const auto subscription = watch(from("tasks"), watcher, {.deliver_on = &ui});
  EXPECT_TRUE(watcher.only().is_first);
  create("a");
  background.run();
  EXPECT_EQ(watcher.only().rows.size(), 1U);
}

}  // namespace
}  // namespace convoy::live
