// Tables that the server's do not fit, until they fit again.
#include "store/stopped_tables.h"

#include <gtest/gtest.h>

#include "store/test_sync.h"

namespace convoy::store {
namespace {

using testing::page_of;
using testing::SyncTest;

struct StoppedTablesTest : SyncTest {
  void stop(std::map<std::string, std::string> stopped) {
    auto page = rules("merge", "delete_wins");
    page.stopped = std::move(stopped);
    pull(page);
  }

  std::string sent() {
    std::string text;
    for (const auto& mutation : prepare()) {
      text += (text.empty() ? "" : " ") + std::to_string(mutation.mid);
    }
    return text;
  }

  std::int64_t confirmed() {
    const auto rows = *database.select("select count(*) from convoy_row");
    return static_cast<std::int64_t>(std::get<double>(rows.rows[0][0]));
  }
};

TEST_F(StoppedTablesTest, WhatConcernsThemWaitsAndTheRestIsSent) {
  pull(projects({"p", "q"}, "Work"));
  stop({{"tasks", "the server has no column \"rank\""}});
  EXPECT_EQ(replica.load()->stopped.at("tasks"), "the server has no column \"rank\"");
  create_task("t", "p");
  rename("p", "Mine");
  // Of both tables, and one that comes after it in the same row.
  write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("projects", {{"name", "New"}}, "r"));
    CONVOY_CHECK_OK(writer.create("tasks", {{"project_id", "r"}}, "u"));
    return ok_status();
  });
  rename("r", "Newer");
  rename("q", "Mine too");
  ASSERT_EQ(prepare().size(), 2U);
  EXPECT_EQ(queue(), "1 pending, 2 sending, 3 pending, 4 pending, 5 sending");
}

TEST_F(StoppedTablesTest, TheyGoOnWhereTheyStopped) {
  pull(projects({"p"}, "Work"));
  stop({{"tasks", "?"}});
  create_task("t", "p");
  EXPECT_EQ(sent(), "");
  stop({});
  EXPECT_EQ(sent(), "1");
}

TEST_F(StoppedTablesTest, WhatWasRefusedOnlyForThatIsSentAgain) {
  pull(projects({"p", "q"}, "Work"));
  rename("p", "Unknown column");
  rename("q", "Bad");
  ASSERT_EQ(prepare().size(), 2U);
  answer({refusal(1, "CV003"), refusal(2)});
  EXPECT_EQ(queue(), "1 parked, 2 parked");
  stop({{"projects", "the server has no column \"name\""}});
  EXPECT_EQ(queue(), "1 parked, 2 parked");
  stop({});
  EXPECT_EQ(queue(), "1 pending, 2 parked");
  EXPECT_EQ(name("p"), "Unknown column");
}

TEST_F(StoppedTablesTest, ABackFillThatDoesNotBringThemTakesNothingOfThem) {
  pull(projects({"p", "q"}, "Work"));
  stop({{"projects", "?"}});
  auto page = page_of("s", 2, "tasks", {}, {}, {});
  page.changes.clear();
  page.backfills_finished.push_back("s");
  pull(page);
  EXPECT_EQ(name("p"), "Work");
  EXPECT_EQ(confirmed(), 2);
  // But with the scope they go.
  schema::PageCommit lost;
  lost.scopes_removed.push_back("s");
  pull(lost);
  EXPECT_EQ(name("p"), "(none)");
  EXPECT_EQ(confirmed(), 0);
}

}  // namespace
}  // namespace convoy::store
