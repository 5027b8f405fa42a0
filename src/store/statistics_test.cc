// Queries take the index that tells rows apart, once there are many of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/replica.h"
#include "store/test_support.h"

namespace convoy::store {
namespace {

using testing::Fixture;
using ::testing::HasSubstr;

Schema many_and_few() {
  Schema schema{.version = 1, .tables = {}};
  schema.tables.push_back({.name = "tasks",
                           .columns = {{.name = "status", .is_indexed = true},
                                       {.name = "title", .is_searchable = true},
                                       {.name = "milestone", .is_indexed = true}},
                           .ids = IdKind::Watermelon});
  return schema;
}

std::string plan_of(Database& database) {
  const auto explanation = database.explain(
      from("tasks").where("status", eq("TODO")).where("milestone", one_of({"m1", "m2"})));
  EXPECT_TRUE(explanation.ok());
  return explanation.ok() ? explanation->plan.at(0) : "";
}

constexpr int kRows = 3000;

TEST(Statistics, FollowALoad) {
  Fixture fixture;
  auto database = fixture.open(":memory:", many_and_few());
  ASSERT_THAT(plan_of(database), HasSubstr("tasks_status")) << "the planner can't know better";
  std::vector<std::vector<Value>> rows;
  for (int i = 0; i < kRows; ++i) {
    rows.push_back(
        {"id" + std::to_string(i), i % 3 == 0 ? "TODO" : "DONE", "m" + std::to_string(i % 500)});
  }
  CONVOY_ASSERT_OK(database.write([&](Writer& writer) -> Status {
    const auto loaded =
        writer.load("tasks", std::vector<std::string>{"id", "status", "milestone"}, rows);
    return loaded.ok() ? ok_status() : Status(loaded.error());
  }));
  EXPECT_THAT(plan_of(database), HasSubstr("tasks_milestone"));
}

TEST(Statistics, FollowABackFill) {
  Fixture fixture;
  auto database = fixture.open(":memory:", many_and_few());
  ASSERT_THAT(plan_of(database), HasSubstr("tasks_status"));
  schema::RowChanges changes{.table = "tasks",
                             .scope = "s",
                             .columns = {"status", "title", "milestone"},
                             .ids = {},
                             .rows = {},
                             .gone = {}};
  for (int i = 0; i < kRows; ++i) {
    changes.ids.push_back("id" + std::to_string(i));
    changes.rows.push_back(
        {i % 3 == 0 ? "TODO" : "DONE", "a title", "m" + std::to_string(i % 500)});
  }
  schema::PageCommit page;
  page.scopes_saved.push_back({.id = "s", .visibility = "v", .base = "1:1:"});
  page.changes.push_back(std::move(changes));
  page.backfills_finished.push_back("s");
  CONVOY_ASSERT_OK(Replica(database).apply_page(page));
  EXPECT_THAT(plan_of(database), HasSubstr("tasks_milestone"));
  EXPECT_EQ(*database.count(from("tasks").where(search("title"))), kRows);
}

}  // namespace
}  // namespace convoy::store
