#include "base/backoff.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace convoy::base {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint32_t kMost = 0xFFFFFFFFU;

TEST(Backoff, DoublesItsSpanUpToTheCap) {
  EXPECT_EQ(backoff_delay(0, kMost), seconds(1));
  EXPECT_EQ(backoff_delay(1, kMost), seconds(2));
  EXPECT_EQ(backoff_delay(3, kMost), seconds(8));
  EXPECT_EQ(backoff_delay(9, kMost), seconds(300));
  EXPECT_EQ(backoff_delay(1'000'000, kMost), seconds(300));
}

TEST(Backoff, IsAnywhereInItsSpan) {
  EXPECT_EQ(backoff_delay(3, 0), milliseconds(0));
  EXPECT_NEAR(static_cast<double>(backoff_delay(3, kMost / 2).count()), 4000, 1);
  EXPECT_EQ(backoff_delay(-1, kMost), seconds(1));
}

TEST(Backoff, NeverComesBackBeforeTheServerAsked) {
  EXPECT_EQ(backoff_delay(0, 0, seconds(30)), seconds(30));
  EXPECT_EQ(backoff_delay(0, kMost, seconds(30)), seconds(33));
  EXPECT_EQ(backoff_delay(0, kMost, seconds(1)), seconds(2));
  EXPECT_EQ(backoff_delay(0, 0, seconds(-5)), seconds(0));
}

TEST(Backoff, DoesNotBelieveAnAbsurdRetryAfter) {
  EXPECT_EQ(backoff_delay(0, 0, std::chrono::hours(24 * 365)), std::chrono::hours(1));
}

RC_GTEST_PROP(Backoff, StaysInItsBounds, (int attempt, std::uint32_t random)) {
  const auto delay = backoff_delay(attempt, random);
  RC_ASSERT(delay >= milliseconds(0));
  RC_ASSERT(delay <= BackoffOptions{}.cap);
}

TEST(Spread, IsOverOrAroundWhatItIsGiven) {
  EXPECT_EQ(spread_over(seconds(10), 0), seconds(0));
  EXPECT_EQ(spread_over(seconds(10), kMost), seconds(10));
  EXPECT_EQ(spread_around(seconds(60), 0), seconds(30));
  EXPECT_EQ(spread_around(seconds(60), kMost), seconds(90));
}

}  // namespace
}  // namespace convoy::base
