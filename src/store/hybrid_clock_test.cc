// The stamps of local transactions, and what replies say of the time.
#include "store/hybrid_clock.h"

#include <gtest/gtest.h>

#include "store/test_sync.h"

namespace convoy::store {
namespace {

using testing::SyncTest;
using testing::TemporaryFolder;

constexpr std::uint64_t kMillisecond = 1U << 16U;

struct HybridClockTest : SyncTest {
  std::vector<std::uint64_t> stamps() {
    std::vector<std::uint64_t> found;
    const auto mutations = replica.queue();
    for (const auto& mutation : *mutations) found.push_back(mutation.hlc);
    return found;
  }
};

TEST_F(HybridClockTest, StampsEachTransactionOnceAndSendsTheStamp) {
  create("p", "Work");
  fixture.clock.now += 5;
  create("q", "Work");
  const auto first = static_cast<std::uint64_t>(1'790'000'000'000) * kMillisecond;
  EXPECT_EQ(stamps(), (std::vector{first, first + 5 * kMillisecond}));
  EXPECT_EQ(prepare()[1].hlc, first + 5 * kMillisecond);
}

TEST_F(HybridClockTest, GrowsWhileTheClockStandsStillOrGoesBack) {
  create("p", "Work");
  create("q", "Work");
  fixture.clock.now -= 86'400'000;
  create("r", "Work");
  const auto all = stamps();
  EXPECT_EQ(all[1], all[0] + 1);
  EXPECT_EQ(all[2], all[0] + 2);
}

TEST_F(HybridClockTest, GrowsAcrossRestartsWithAnEmptyOutbox) {
  const TemporaryFolder folder;
  const auto path = folder.file();
  std::uint64_t before = 0;
  {
    auto file = fixture.open(path);
    CONVOY_ASSERT_OK(file.write([](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.create("projects", {}, "p"));
      return ok_status();
    }));
    before = Replica(file).queue()->front().hlc;
    ASSERT_TRUE(Outbox(file).undo_last().ok());
  }
  fixture.clock.now -= 1000;
  auto file = fixture.open(path);
  CONVOY_ASSERT_OK(file.write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("projects", {}, "q"));
    return ok_status();
  }));
  EXPECT_EQ(Replica(file).queue()->front().hlc, before + 1);
}

TEST_F(HybridClockTest, FollowsTheServersTime) {
  auto page = projects({"p"}, "Work");
  page.server_time_ms = fixture.clock.now + 600'000;
  pull(page);
  EXPECT_EQ(replica.counts()->clock_offset_ms, 600'000);
  rename("p", "Mine");
  EXPECT_EQ(stamps()[0], static_cast<std::uint64_t>(fixture.clock.now + 600'000) * kMillisecond);
}

// The time of a reply is the server's when it answered: what it travelled makes it look slow.
TEST_F(HybridClockTest, TakesTheQuickestReplyForTheTruth) {
  const auto tell = [&](std::int64_t offset) {
    CONVOY_ASSERT_OK(replica.apply_outcomes(
        {}, {.server_time_ms = fixture.clock.now + offset, .epoch = std::nullopt, .sender = ""}));
  };
  tell(-300);
  tell(-5000);
  EXPECT_EQ(replica.counts()->clock_offset_ms, -300);
  tell(-20);
  EXPECT_EQ(replica.counts()->clock_offset_ms, -20);
  // Nothing travels that long: somebody has set a clock.
  tell(-3'600'000);
  EXPECT_EQ(replica.counts()->clock_offset_ms, -3'600'000);
}

}  // namespace
}  // namespace convoy::store
