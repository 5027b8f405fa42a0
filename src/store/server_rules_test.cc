// What the server has said of its tables, known without a network.
#include "store/server_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/test_sync.h"

namespace convoy::store {
namespace {

using testing::bodies;
using testing::code_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::SyncTest;

struct RulesTest : SyncTest {
  RulesTest() { pull(projects({"p"}, "Work")); }

  Status attempt(const std::function<Status(Writer&)>& work) { return database.write(work); }

  Status attempt_create() {
    return attempt([](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.create("projects", {{"name", "New"}}, "n"));
      return ok_status();
    });
  }

  Status attempt_update() {
    return attempt([](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.update("projects", "p", {{"name", "Mine"}}));
      return ok_status();
    });
  }

  Status attempt_delete() {
    return attempt([](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.mark_deleted("projects", "p"));
      return ok_status();
    });
  }
};

TEST_F(RulesTest, AllowsEverythingBeforeTheServerHasSpoken) {
  CONVOY_EXPECT_OK(attempt_create());
  CONVOY_EXPECT_OK(attempt_update());
  CONVOY_EXPECT_OK(attempt_delete());
}

TEST_F(RulesTest, ReadOnlyTablesTakeNoWrites) {
  pull(rules("read_only", "delete_wins"));
  const auto refused = attempt_create();
  EXPECT_EQ(code_of(refused), ErrorCode::Refused);
  EXPECT_THAT(refused.error().message, HasSubstr("projects"));
  EXPECT_EQ(code_of(attempt_update()), ErrorCode::Refused);
  EXPECT_EQ(code_of(attempt_delete()), ErrorCode::Refused);
  EXPECT_EQ(queue(), "");
  EXPECT_EQ(name("p"), "Work");
}

TEST_F(RulesTest, AppendOnlyTablesTakeNewRecordsOnly) {
  pull(rules("append_only", "delete_wins"));
  CONVOY_EXPECT_OK(attempt_create());
  EXPECT_EQ(code_of(attempt_update()), ErrorCode::Refused);
  EXPECT_EQ(code_of(attempt_delete()), ErrorCode::Refused);
  // A new record may still take its shape in the transaction that adds it.
  CONVOY_EXPECT_OK(attempt([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("projects", {{"name", "New"}}, "m"));
    CONVOY_CHECK_OK(writer.update("projects", "m", {{"name", "Newer"}}));
    return ok_status();
  }));
}

TEST_F(RulesTest, ARuleMayChange) {
  pull(rules("read_only", "delete_wins"));
  pull(rules("merge", "delete_wins"));
  CONVOY_EXPECT_OK(attempt_update());
  EXPECT_EQ(replica.load()->fingerprint, "f");
}

TEST_F(RulesTest, ColumnsOfTheServersAreLeftToIt) {
  auto page = rules("merge", "delete_wins");
  page.server_schema->tables[1].columns = {
      {.name = "title", .type = "text", .is_writable = true},
      {.name = "updated_at", .type = "timestamp with time zone", .is_writable = false}};
  pull(page);
  create_task("t", "p");
  // The time of the change is not set, let alone sent.
  EXPECT_THAT(
      bodies(database),
      ElementsAre(
          R"({"ops":[{"op":"insert","table":"tasks","id":"t","values":{"project_id":"p","title":"t"}}]})"));
  const auto refused = attempt([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.update("tasks", "t", {{"updated_at", 5.0}}));
    return ok_status();
  });
  EXPECT_EQ(code_of(refused), ErrorCode::Refused);
  EXPECT_THAT(refused.error().message, HasSubstr("tasks.updated_at"));
}

// Local tables are nobody else's business, whatever the server calls its own.
TEST(RulesOfLocalTables, DoNotApply) {
  testing::Fixture fixture;
  auto schema = testing::task_schema();
  schema.tables[0].is_local_only = true;
  schema.tables.resize(1);
  auto database = fixture.open(":memory:", schema);
  CONVOY_ASSERT_OK(Replica(database).apply_page(SyncTest::rules("read_only", "delete_wins")));
  CONVOY_EXPECT_OK(database.write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("projects", {}, "p"));
    return ok_status();
  }));
}

}  // namespace
}  // namespace convoy::store
