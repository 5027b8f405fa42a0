// Changes of records that are gone on the server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/test_sync.h"

namespace convoy::store {
namespace {

using schema::Outcome;
using ::testing::HasSubstr;
using testing::page_of;
using testing::SyncTest;

const std::vector<std::string> kColumns{"project_id", "parent_id", "title",     "rank",
                                        "done",       "details",   "updated_at"};

struct ReviveTest : SyncTest {
  void set_up(const std::string& on_delete) {
    pull(rules("merge", on_delete));
    pull(projects({"p"}, "Work"));
    pull(page_of("s", 1, "tasks", kColumns, {"t"},
                 {{"p", nullptr, "Old", 1, false, nullptr, "2026-01-01T00:00:00Z"}}));
  }

  void set(const char* column, Value value) {
    write([&](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.update("tasks", "t", {{column, value}}));
      return ok_status();
    });
  }

  schema::PageCommit task_gone() {
    auto page = page_of("s", 1, "tasks", {}, {}, {});
    page.changes[0].gone.push_back("t");
    return page;
  }

  static Outcome gone_refusal(std::int64_t mid) {
    auto outcome = refusal(mid, "CV004");
    outcome.table = "tasks";
    outcome.id = "t";
    return outcome;
  }

  std::string title() {
    const auto found = *database.find("tasks", "t");
    return found ? std::string(found->text("title")) : "(none)";
  }

  static constexpr const char* kRevival =
      R"({"ops":[{"op":"insert","table":"tasks","id":"t","values":{"project_id":"p","parent_id":null,"title":"Mine","rank":1,"done":false,"details":null,)";
};

TEST_F(ReviveTest, AnUpdateBecomesAnInsertWithAllValuesWhenAPullTakesTheRow) {
  set_up("resurrect");
  set("title", "Mine");
  pull(task_gone());
  EXPECT_EQ(title(), "Mine");
  EXPECT_EQ((*database.find("tasks", "t"))->status, "created");
  const auto batch = prepare();
  ASSERT_EQ(batch.size(), 1U);
  EXPECT_THAT(batch[0].body, HasSubstr(kRevival));
  EXPECT_THAT(batch[0].body, HasSubstr(R"("revive":true)"));
}

// Somebody else may revive the row first: what this device did not change is then theirs.
TEST_F(ReviveTest, ARevivalSaysWhatItWasMadeOn) {
  set_up("resurrect");
  set("title", "Mine");
  pull(task_gone());
  // It may become one with a later write before it is sent.
  set("rank", 2.0);
  const auto batch = prepare();
  ASSERT_EQ(batch.size(), 1U);
  EXPECT_THAT(batch[0].body, HasSubstr(R"("title":"Mine","rank":2,)"));
  EXPECT_THAT(
      batch[0].body,
      HasSubstr(
          R"("base":{"project_id":"p","parent_id":null,"title":"Old","rank":1,"done":false,)"));
}

TEST_F(ReviveTest, AndWhenTheServerRefusesIt) {
  set_up("resurrect");
  set("title", "Mine");
  write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.update("projects", "p", {{"name", "Other"}}));
    return ok_status();
  });
  set("rank", 7.0);
  ASSERT_EQ(prepare().size(), 3U);
  answer({gone_refusal(1), {.mid = 2}, gone_refusal(3)});
  EXPECT_EQ(queue(), "1 pending, 2 sent, 3 pending");
  const auto batch = prepare();
  ASSERT_EQ(batch.size(), 2U);
  EXPECT_EQ(batch[0].mid, 4);
  EXPECT_THAT(batch[0].body, HasSubstr(kRevival));
  // The one behind it finds the row there again.
  EXPECT_THAT(batch[1].body, HasSubstr(R"("op":"update")"));
  pull(task_gone());
  EXPECT_EQ(title(), "Mine");
  EXPECT_EQ((*database.find("tasks", "t"))->number("rank"), 7.0);
}

TEST_F(ReviveTest, DeleteWinsElsewhere) {
  set_up("delete_wins");
  set("title", "Mine");
  prepare();
  answer({gone_refusal(1)});
  EXPECT_EQ(queue(), "1 parked");
  EXPECT_EQ(outbox.find(1)->code, "CV004");
  EXPECT_EQ(title(), "Old");
  pull(task_gone());
  EXPECT_EQ(title(), "(none)");
}

TEST_F(ReviveTest, ALostScopeIsNotRevived) {
  set_up("resurrect");
  set("title", "Mine");
  schema::PageCommit page;
  page.scopes_removed = {"s"};
  pull(page);
  EXPECT_EQ(title(), "(none)");
  EXPECT_THAT(prepare()[0].body, HasSubstr(R"("op":"update")"));
}

TEST_F(ReviveTest, ABackfillWithoutTheRowIsADeletion) {
  set_up("resurrect");
  set("title", "Mine");
  auto page = page_of("s", 2, "projects", {"name"}, {"p"}, {{"Work"}});
  page.backfills_finished = {"s"};
  pull(page);
  EXPECT_EQ(title(), "Mine");
  EXPECT_THAT(prepare()[0].body, HasSubstr(R"("revive":true)"));
}

// A revival that is refused itself is parked, not tried for ever.
TEST_F(ReviveTest, EndsWhenTheRevivalIsRefused) {
  set_up("resurrect");
  set("title", "Mine");
  prepare();
  answer({gone_refusal(1)});
  prepare();
  answer({gone_refusal(2)});
  EXPECT_EQ(queue(), "1 parked");
}

TEST_F(ReviveTest, ADeletionOfWhatIsGoneStaysADeletion) {
  set_up("resurrect");
  write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.mark_deleted("tasks", "t"));
    return ok_status();
  });
  pull(task_gone());
  EXPECT_EQ(title(), "(none)");
  EXPECT_THAT(prepare()[0].body, HasSubstr(R"("op":"delete")"));
}

}  // namespace
}  // namespace convoy::store
