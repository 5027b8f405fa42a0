// Which queries a live query follows by itself.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "query/following.h"
#include "query/test_database.h"

namespace convoy::query {
namespace {

struct FollowingTest : ::testing::Test {
  Result<std::optional<Following>> follow(const Query& query) {
    return Following::make(*schema.find_table("tasks"), query);
  }

  bool is_followed(const Query& query) {
    const auto following = follow(query);
    EXPECT_TRUE(following.ok());
    return following.ok() && following->has_value();
  }

  Schema schema = testing::task_schema();
};

TEST_F(FollowingTest, ConditionsOnTheRowAloneInAnOrderOfItsColumns) {
  EXPECT_TRUE(is_followed(from("tasks")));
  EXPECT_TRUE(is_followed(from("tasks").where("rank", gt(1)).order_by(desc("rank")).take(50)));
}

TEST_F(FollowingTest, NotWhatOnlySqliteKnows) {
  EXPECT_FALSE(is_followed(from("tasks").where(sql_expression("rank > 1"))));
  EXPECT_FALSE(is_followed(from_sql("tasks", "select * from tasks")));
}

TEST_F(FollowingTest, KnowsWhichRowsAreShown) {
  const auto all = follow(from("tasks"));
  ASSERT_TRUE(all.ok() && all->has_value());
  EXPECT_EQ((*all)->offset, 0U);
  EXPECT_EQ((*all)->limit, std::nullopt);
  const auto some = follow(from("tasks").take(7).skip(3));
  ASSERT_TRUE(some.ok() && some->has_value());
  EXPECT_EQ((*some)->offset, 3U);
  EXPECT_EQ((*some)->limit, 7U);
}

TEST_F(FollowingTest, NotBehindMoreRowsThanMayBeKept) {
  const auto bound = static_cast<std::int64_t>(limits::kWindowOffsetMax);
  EXPECT_TRUE(is_followed(from("tasks").take(1).skip(bound)));
  EXPECT_FALSE(is_followed(from("tasks").take(1).skip(bound + 1)));
}

TEST_F(FollowingTest, FailsAsTheQueryDoes) {
  EXPECT_EQ(follow(from("tasks").where("titel", eq("x"))).error().code, ErrorCode::UnknownColumn);
}

}  // namespace
}  // namespace convoy::query
