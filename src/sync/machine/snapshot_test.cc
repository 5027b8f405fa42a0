#include "sync/machine/snapshot.h"

#include <gtest/gtest.h>

namespace convoy::sync::machine {
namespace {

TEST(Snapshot, HasSeenWhatHadEndedBeforeIt) {
  EXPECT_EQ(is_visible("9", "10:20:"), true);
  EXPECT_EQ(is_visible("10", "10:20:"), true);
  EXPECT_EQ(is_visible("19", "10:20:"), true);
  EXPECT_EQ(is_visible("20", "10:20:"), false);
  EXPECT_EQ(is_visible("21", "10:20:"), false);
}

TEST(Snapshot, HasNotSeenWhatWasUnderWay) {
  EXPECT_EQ(is_visible("12", "12:20:12,15"), false);
  EXPECT_EQ(is_visible("15", "12:20:12,15"), false);
  EXPECT_EQ(is_visible("13", "12:20:12,15"), true);
}

TEST(Snapshot, KnowsXidsOf64Bits) {
  EXPECT_EQ(is_visible("18446744073709551614", "1:18446744073709551615:"), true);
}

TEST(Snapshot, SaysNothingOfTextsThatAreNeither) {
  for (const char* snapshot : {"", "10", "10:", "10:x:", "a:20:", "10:20:x", "10:20:12,,"}) {
    EXPECT_EQ(is_visible("12", snapshot), std::nullopt) << snapshot;
  }
  for (const char* xid : {"", "-1", "1.5", "x", "99999999999999999999"}) {
    EXPECT_EQ(is_visible(xid, "10:20:"), std::nullopt) << xid;
  }
}

}  // namespace
}  // namespace convoy::sync::machine
