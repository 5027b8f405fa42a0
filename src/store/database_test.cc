// Reading: what queries find, and the same on disk and in memory.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/test_support.h"

namespace convoy::store {
namespace {

using testing::code_of;
using ::testing::ElementsAre;
using testing::Fixture;
using ::testing::IsEmpty;
using testing::TemporaryFolder;

struct DatabaseTest : ::testing::TestWithParam<bool> {
  void SetUp() override {
    CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
      CONVOY_CHECK_OK(
          writer.create("tasks", {{"title", "Alpha"}, {"rank", 1.0}, {"done", true}}, "a"));
      CONVOY_CHECK_OK(writer.create("tasks", {{"title", "beta"}, {"rank", 2.0}}, "b"));
      CONVOY_CHECK_OK(writer.create("tasks", {{"title", "gamma"}}, "c"));
      CONVOY_CHECK_OK(writer.create("tasks", {{"title", "100%"}, {"rank", 2.0}}, "d"));
      return ok_status();
    }));
    CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.create("tasks", {{"title", "Alpha"}}, "x"));
      return ok_status();
    }));
    CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.mark_deleted("tasks", "x"));
      return ok_status();
    }));
  }

  std::vector<std::string> ids(const Query& query) {
    const auto records = database.fetch(query);
    EXPECT_TRUE(records.ok()) << (records.ok() ? "" : records.error().message);
    std::vector<std::string> found;
    for (const auto& record : *records) found.push_back(record.id);
    EXPECT_EQ(*database.count(query), static_cast<std::int64_t>(found.size()));
    if (query.order.empty()) std::ranges::sort(found);
    return found;
  }

  std::vector<std::string> where(std::string column, Comparison comparison) {
    return ids(from("tasks").where(std::move(column), std::move(comparison)));
  }

  TemporaryFolder folder;
  Fixture fixture;
  Database database = fixture.open(GetParam() ? folder.file() : ":memory:");
};

INSTANTIATE_TEST_SUITE_P(Places, DatabaseTest, ::testing::Bool(),
                         [](const auto& place) { return place.param ? "OnDisk" : "InMemory"; });

TEST_P(DatabaseTest, ComparesLikeWatermelon) {
  EXPECT_THAT(where("title", eq("Alpha")), ElementsAre("a"));
  EXPECT_THAT(where("rank", eq(Null{})), ElementsAre("c"));
  EXPECT_THAT(where("rank", neq(2.0)), ElementsAre("a", "c"));
  EXPECT_THAT(where("rank", neq(Null{})), ElementsAre("a", "b", "d"));
  EXPECT_THAT(where("rank", gt(1.0)), ElementsAre("b", "d"));
  EXPECT_THAT(where("rank", gte(1.0)), ElementsAre("a", "b", "d"));
  EXPECT_THAT(where("rank", lt(2.0)), ElementsAre("a"));
  EXPECT_THAT(where("rank", lte(Null{})), IsEmpty());
  EXPECT_THAT(where("done", eq(true)), ElementsAre("a"));
  EXPECT_THAT(where("done", eq(1.0)), ElementsAre("a"));
  EXPECT_THAT(where("rank", one_of({1.0, 2.0})), ElementsAre("a", "b", "d"));
  EXPECT_THAT(where("rank", one_of({})), IsEmpty());
  EXPECT_THAT(where("rank", not_in({})), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(where("rank", not_in({1.0})), ElementsAre("b", "d"));
  EXPECT_THAT(where("title", like("ALPH%")), ElementsAre("a"));
  EXPECT_THAT(where("title", not_like("%a")), ElementsAre("d"));
  EXPECT_THAT(where("title", includes("%")), ElementsAre("d"));
  EXPECT_THAT(where("title", includes("alpha")), IsEmpty());
  EXPECT_THAT(where("_status", eq("deleted")), IsEmpty());
}

TEST_P(DatabaseTest, FindsWithLongLists) {
  std::vector<Value> many{"Alpha", "say \"no\"", "gamma"};
  for (int i = 0; i < 50'000; ++i) many.emplace_back(static_cast<double>(i));
  EXPECT_THAT(where("title", one_of(many)), ElementsAre("a", "c"));
  EXPECT_THAT(where("rank", one_of(many)), ElementsAre("a", "b", "d"));
  EXPECT_THAT(where("done", not_in(std::vector<Value>(100, true))), ElementsAre("b", "c", "d"));
}

TEST_P(DatabaseTest, OrdersAndPages) {
  EXPECT_THAT(ids(from("tasks").order_by(desc("rank"))), ElementsAre("b", "d", "a", "c"));
  EXPECT_THAT(ids(from("tasks").order_by(asc("rank")).take(2)), ElementsAre("c", "a"));
  EXPECT_THAT(ids(from("tasks").order_by(asc("rank")).skip(2)), ElementsAre("b", "d"));
  EXPECT_THAT(ids(from("tasks").order_by(asc("rank")).take(2).skip(3)), ElementsAre("d"));
  EXPECT_THAT(ids(from("tasks").take(0)), IsEmpty());
}

TEST_P(DatabaseTest, FindsOne) {
  const auto found = database.find("tasks", "a");
  ASSERT_TRUE(found.ok() && found->has_value());
  EXPECT_EQ((*found)->text("title"), "Alpha");
  EXPECT_EQ((*found)->number("rank"), 1.0);
  EXPECT_TRUE(is_null((*found)->get("no such column")));
  EXPECT_FALSE(database.find("tasks", "x")->has_value());
  EXPECT_FALSE(database.find("tasks", "nobody")->has_value());
}

TEST_P(DatabaseTest, SaysWhatItDoesNotKnow) {
  EXPECT_EQ(code_of(database.find("task", "a")), ErrorCode::UnknownTable);
  EXPECT_EQ(code_of(database.fetch(from("task"))), ErrorCode::UnknownTable);
  EXPECT_EQ(code_of(database.count(from("task"))), ErrorCode::UnknownTable);
  const auto wrong = database.fetch(from("tasks").where("titel", eq("x")));
  EXPECT_EQ(code_of(wrong), ErrorCode::UnknownColumn);
  EXPECT_NE(wrong.error().hint.find("\"title\""), std::string::npos);
}

}  // namespace
}  // namespace convoy::store
