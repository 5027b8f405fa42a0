#include "net/backoff.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace convoy::net {
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

constexpr std::int64_t kNow = 784'111'777'000;  // Sun, 06 Nov 1994 08:49:37 GMT

TEST(RetryAfter, ReadsSeconds) {
  EXPECT_EQ(parse_retry_after("120", kNow), seconds(120));
  EXPECT_EQ(parse_retry_after(" 0 ", kNow), seconds(0));
}

TEST(RetryAfter, ReadsADate) {
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:50:07 GMT", kNow), seconds(30));
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:00 GMT", kNow), seconds(0));
}

TEST(RetryAfter, IgnoresAnythingElse) {
  for (const char* text : {"", "soon", "-1", "1.5", "12345678901234567890",
                           "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
                           "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Xyz 1994 08:49:37 GMT"}) {
    EXPECT_EQ(parse_retry_after(text, kNow), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace convoy::net
