// The promises of live.h about what is delivered, on an executor that runs when it is told.
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "convoy/conflicts.h"
#include "live/test_fixture.h"
#include "sql/connection.h"
#include "store/replica.h"

namespace convoy::live {
namespace {

using store::testing::code_of;
using store::testing::page_of;
using ::testing::ElementsAre;
using testing::ids;
using ::testing::IsEmpty;
using testing::LiveTest;
using testing::ManualExecutor;
using testing::Watcher;

constexpr auto kInserted = DifferenceKind::Inserted;
constexpr auto kRemoved = DifferenceKind::Removed;
constexpr auto kMoved = DifferenceKind::Moved;
constexpr auto kChanged = DifferenceKind::Changed;

Query by_rank() { return from("tasks").order_by(asc("rank")); }

TEST_F(LiveTest, DeliversTheResultAndThenEachChange) {
  create("a", {{"rank", 1.0}});
  create("c", {{"rank", 3.0}});
  Watcher<LiveRows> watcher;
  const auto subscription = watch(by_rank(), watcher);
  auto now = watcher.only();
  EXPECT_TRUE(now.is_first);
  EXPECT_THAT(ids(now.rows), ElementsAre("a", "c"));
  EXPECT_THAT(now.differences, IsEmpty());

  create("b", {{"rank", 2.0}});
  background.run();
  now = watcher.only();
  EXPECT_FALSE(now.is_first);
  EXPECT_THAT(ids(now.rows), ElementsAre("a", "b", "c"));
  EXPECT_THAT(now.differences, ElementsAre(Difference{.kind = kInserted, .to = 1}));

  update("a", {{"rank", 9.0}});
  background.run();
  now = watcher.only();
  EXPECT_THAT(ids(now.rows), ElementsAre("b", "c", "a"));
  EXPECT_THAT(now.differences, ElementsAre(Difference{.kind = kMoved, .from = 0, .to = 2},
                                           Difference{.kind = kChanged, .from = 0, .to = 2}));

  remove("c");
  background.run();
  now = watcher.only();
  EXPECT_THAT(ids(now.rows), ElementsAre("b", "a"));
  EXPECT_THAT(now.differences, ElementsAre(Difference{.kind = kRemoved, .from = 1}));
}

TEST_F(LiveTest, WithoutAnOrderRowsAreOrderedById) {
  create("c");
  create("a");
  Watcher<LiveRows> watcher;
  const auto subscription = watch(from("tasks"), watcher);
  EXPECT_THAT(ids(watcher.only().rows), ElementsAre("a", "c"));
  create("b");
  background.run();
  EXPECT_THAT(ids(watcher.only().rows), ElementsAre("a", "b", "c"));
}

TEST_F(LiveTest, UnchangedRowsStayTheSameObjects) {
  create("a");
  create("b");
  Watcher<LiveRows> watcher;
  const auto subscription = watch(from("tasks"), watcher);
  const auto before = watcher.only().rows;
  update("b", {{"title", "new"}});
  background.run();
  const auto after = watcher.only().rows;
  EXPECT_EQ(after[0], before[0]);
  EXPECT_NE(after[1], before[1]);
  EXPECT_EQ(before[1]->text("title"), "");
  EXPECT_EQ(after[1]->text("title"), "new");
}

TEST_F(LiveTest, IsSilentWhenNothingChanged) {
  create("a", {{"rank", 1.0}});
  Watcher<LiveRows> rows;
  Watcher<std::int64_t> count;
  const auto first = watch(from("tasks").where("rank", eq(1.0)), rows);
  const auto second = watch_count(from("tasks"), count);
  rows.take();
  count.take();

  update("a", {{"rank", 1.0}});
  write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("projects", {{"name", "another table"}}));
    return ok_status();
  });
  const auto rolled_back = database->write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.mark_deleted("tasks", "a"));
    return Error{.code = ErrorCode::Cancelled, .message = "no"};
  });
  EXPECT_FALSE(rolled_back.ok());
  create("b", {{"rank", 2.0}});
  remove("b");
  background.run();
  EXPECT_THAT(rows.take(), IsEmpty());
  EXPECT_THAT(count.take(), IsEmpty());

  // There and back again before anybody was told; that the column was touched is said only once.
  const auto there_and_back = [&] {
    update("a", {{"rank", 2.0}});
    update("a", {{"rank", 1.0}});
    background.run();
  };
  there_and_back();
  EXPECT_EQ(rows.only().rows[0]->changed, "rank");
  there_and_back();
  EXPECT_THAT(rows.take(), IsEmpty());
  EXPECT_THAT(count.take(), IsEmpty());
}

TEST_F(LiveTest, FastCommitsAreDeliveredAsOneAndTheLastIsNotLost) {
  ManualExecutor ui;
  Watcher<LiveRows> rows;
  Watcher<std::int64_t> count;
  const auto first = watch(from("tasks"), rows, {.deliver_on = &ui});
  const auto second = watch_count(from("tasks"), count);
  ui.run();
  rows.take();
  count.take();
  for (const char* id : {"a", "b", "c"}) {
    create(id);
    background.run();
  }
  EXPECT_THAT(rows.take(), IsEmpty());
  EXPECT_EQ(ui.run(), 1);
  const auto now = rows.only();
  EXPECT_THAT(ids(now.rows), ElementsAre("a", "b", "c"));
  EXPECT_EQ(now.differences.size(), 3U);
  const auto counts = count.take();
  EXPECT_EQ(*counts.back(), 3);

  // What comes and goes before it is delivered was never there.
  create("d");
  background.run();
  remove("d");
  background.run();
  ui.run();
  EXPECT_THAT(rows.take(), IsEmpty());
}

TEST_F(LiveTest, AChangeDuringADeliveryIsDeliveredAfterwards) {
  ManualExecutor ui;
  std::vector<std::size_t> sizes;
  const auto subscription = started(observe(*database, from("tasks"),
                                            [&](const Result<LiveRows>& now) {
                                              sizes.push_back(now->rows.size());
                                              if (sizes.size() == 1) {
                                                create("a");
                                                background.run();
                                              }
                                            },
                                            {.deliver_on = &ui}));
  EXPECT_EQ(ui.run(), 2);
  EXPECT_THAT(sizes, ElementsAre(0U, 1U));
}

TEST_F(LiveTest, FollowsSync) {
  store::Replica replica(*database);
  Watcher<LiveRows> rows;
  Watcher<std::int64_t> count;
  const auto first = watch(from("projects").where("name", eq("Work")), rows);
  const auto second = watch_count(from("projects").where("name", eq("Work")), count);
  rows.take();
  count.take();
  CONVOY_ASSERT_OK(
      replica.apply_page(page_of("s", 1, "projects", {"name"}, {"p", "q"}, {{"Work"}, {"Rest"}})));
  background.run();
  EXPECT_THAT(ids(rows.only().rows), ElementsAre("p"));
  EXPECT_EQ(count.only(), 1);
  schema::PageCommit lost;
  lost.scopes_removed = {"s"};
  CONVOY_ASSERT_OK(replica.apply_page(lost));
  background.run();
  EXPECT_THAT(rows.only().rows, IsEmpty());
  EXPECT_EQ(count.only(), 0);
}

TEST_F(LiveTest, ACommitTooLargeToBeListedIsReadAnew) {
  Watcher<std::int64_t> count;
  Watcher<LiveRows> rows;
  const auto first = watch_count(from("projects"), count);
  const auto second = watch(from("projects").take(2), rows);
  count.take();
  rows.take();
  std::vector<std::vector<Value>> many;
  for (std::size_t i = 0; i <= limits::kCommitRowsMax; ++i) many.push_back({std::to_string(i)});
  write([&](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.load("projects", std::vector<std::string>{"id"}, many));
    return ok_status();
  });
  background.run();
  EXPECT_EQ(count.only(), static_cast<std::int64_t>(many.size()));
  EXPECT_THAT(ids(rows.only().rows), ElementsAre("0", "1"));
}

TEST_F(LiveTest, FollowsARecord) {
  Watcher<RecordPointer> watcher;
  const auto subscription = started(observe_record(*database, "tasks", "a", watcher.callback()));
  EXPECT_EQ(watcher.only(), nullptr);
  create("b");
  background.run();
  EXPECT_THAT(watcher.take(), IsEmpty());
  create("a", {{"title", "one"}});
  background.run();
  EXPECT_EQ(watcher.only()->text("title"), "one");
  update("a", {{"title", "two"}});
  background.run();
  EXPECT_EQ(watcher.only()->text("title"), "two");
  remove("a");
  background.run();
  EXPECT_EQ(watcher.only(), nullptr);
}

TEST_F(LiveTest, FollowsAParent) {
  write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("projects", {{"name", "One"}}, "p"));
    CONVOY_CHECK_OK(writer.create("projects", {{"name", "Two"}}, "q"));
    return ok_status();
  });
  Watcher<RecordPointer> watcher;
  const auto subscription =
      started(observe_parent(*database, "tasks", "t", "project_id", watcher.callback()));
  EXPECT_EQ(watcher.only(), nullptr) << "there is no task yet";
  create("t", {{"project_id", "p"}});
  background.run();
  EXPECT_EQ(watcher.only()->id, "p");
  update("p", {{"name", "Uno"}}, "projects");
  update("q", {{"name", "Due"}}, "projects");
  update("t", {{"title", "nothing new of the project"}});
  background.run();
  EXPECT_EQ(watcher.only()->text("name"), "Uno");
  update("t", {{"project_id", "q"}});
  background.run();
  EXPECT_EQ(watcher.only()->text("name"), "Due");
  update("t", {{"project_id", "nobody"}});
  background.run();
  EXPECT_EQ(watcher.only(), nullptr);
  write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("projects", {{"name", "Late"}}, "nobody"));
    return ok_status();
  });
  background.run();
  EXPECT_EQ(watcher.only()->text("name"), "Late");
  remove("t");
  background.run();
  EXPECT_EQ(watcher.only(), nullptr);
}

TEST_F(LiveTest, RunsASelectAgainOnlyWhenATableThatItReadsHasChanged) {
  Watcher<RawRows> watcher;
  // A number that differs whenever it is run.
  const auto subscription =
      started(observe_select(*database, "select count(*), random() from projects where name = ?",
                             {Value("Work")}, watcher.callback()));
  EXPECT_EQ(watcher.only().rows[0][0], Value(0.0));
  create("a");
  background.run();
  EXPECT_THAT(watcher.take(), IsEmpty());
  write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("projects", {{"name", "Work"}}));
    return ok_status();
  });
  background.run();
  EXPECT_EQ(watcher.only().rows[0][0], Value(1.0));
}

TEST_F(LiveTest, ASelectMayReadTheEnginesOwnTables) {
  Watcher<RawRows> watcher;
  const auto subscription = started(
      observe_select(*database, "select count(*) from convoy_mutation", {}, watcher.callback()));
  EXPECT_EQ(watcher.only().rows[0][0], Value(0.0));
  create("a");
  background.run();
  EXPECT_EQ(watcher.only().rows[0][0], Value(1.0));
}

TEST_F(LiveTest, OpenConflictsCanBeFollowed) {
  create("a");
  store::Replica replica(*database);
  ASSERT_EQ(replica.prepare_push(1, 1 << 20)->size(), 1U);
  Watcher<RawRows> watcher;
  const auto subscription =
      started(observe_select(*database, "select count(*) from convoy_conflict where state = 'open'",
                             {}, watcher.callback()));
  EXPECT_EQ(watcher.only().rows[0][0], Value(0.0));
  const schema::Conflict conflict{.table = "tasks",
                                  .id = "a",
                                  .column = "title",
                                  .base = "",
                                  .client = "Mine",
                                  .server = "Theirs",
                                  .kept = "server",
                                  .value = std::nullopt,
                                  .rule = "manual",
                                  .reason = ""};
  ASSERT_TRUE(replica
                  .apply_outcomes(
                      {{.mid = 1, .kind = schema::Outcome::Kind::Merged, .conflicts = {conflict}}})
                  .ok());
  background.run();
  EXPECT_EQ(watcher.only().rows[0][0], Value(1.0));
  ASSERT_TRUE(ConflictLog(*database).resolve(1, Resolution::Theirs).ok());
  background.run();
  EXPECT_EQ(watcher.only().rows[0][0], Value(0.0));
}

TEST_F(LiveTest, TheStateOfEachRecordCanBeFollowed) {
  Watcher<RawRows> watcher;
  const auto subscription = started(observe_select(
      *database,
      "select t.id, coalesce(s.state, 'synced') from tasks t left join convoy_record_state s on "
      "s.table_name = 'tasks' and s.id = t.id",
      {}, watcher.callback()));
  EXPECT_THAT(watcher.only().rows, IsEmpty());
  create("a");
  background.run();
  EXPECT_EQ(watcher.only().rows, (std::vector<std::vector<Value>>{{"a", "pending"}}));
  store::Replica replica(*database);
  ASSERT_EQ(replica.prepare_push(1, 1 << 20)->size(), 1U);
  background.run();
  EXPECT_EQ(watcher.only().rows, (std::vector<std::vector<Value>>{{"a", "sending"}}));
}

TEST_F(LiveTest, WhatIsWrongIsSaidAtOnce) {
  const auto nobody = [](const auto&) { ADD_FAILURE(); };
  EXPECT_EQ(code_of(observe(*database, from("nothing"), nobody)), ErrorCode::UnknownTable);
  EXPECT_EQ(code_of(observe(*database, from("tasks").where("titel", eq("x")), nobody)),
            ErrorCode::UnknownColumn);
  EXPECT_EQ(code_of(observe(*database, from("tasks").order_by(asc("titel")), nobody)),
            ErrorCode::UnknownColumn);
  EXPECT_EQ(code_of(observe_count(*database, from("tasks").take(-1), nobody)),
            ErrorCode::InvalidQuery);
  EXPECT_EQ(code_of(observe_record(*database, "nothing", "a", nobody)), ErrorCode::UnknownTable);
  EXPECT_EQ(code_of(observe_parent(*database, "nothing", "a", "b", nobody)),
            ErrorCode::UnknownTable);
  EXPECT_EQ(code_of(observe_parent(*database, "tasks", "a", "projectid", nobody)),
            ErrorCode::UnknownColumn);
  EXPECT_EQ(code_of(observe_parent(*database, "tasks", "a", "title", nobody)),
            ErrorCode::InvalidQuery);
  EXPECT_EQ(code_of(observe_select(*database, "select 1 from nothing", {}, nobody)),
            ErrorCode::InvalidQuery);
  EXPECT_EQ(code_of(observe_select(*database, "select 1 where ? = 1", {}, nobody)),
            ErrorCode::InvalidQuery);
  EXPECT_EQ(code_of(observe_select(*database, "delete from tasks", {}, nobody)),
            ErrorCode::InvalidQuery);
  write([&](Writer&) -> Status {
    EXPECT_EQ(code_of(observe(*database, from("tasks"), nobody)), ErrorCode::InvalidState);
    EXPECT_EQ(code_of(observe_record(*database, "tasks", "a", nobody)), ErrorCode::InvalidState);
    return ok_status();
  });
  background.run();
}

TEST_F(LiveTest, AFailureIsDeliveredOnceAndGoesByItself) {
  database = open(folder.file());
  create("a");
  Watcher<LiveRows> watcher;
  const auto subscription = watch(from("tasks"), watcher);
  const auto before = watcher.only().rows;
  auto other = *sql::Connection::open(folder.file(), sql::Access::Write);
  const auto rename = [&](const std::string& from, const std::string& to) {
    CONVOY_ASSERT_OK(other->execute("alter table " + from + " rename to " + to));
    CONVOY_ASSERT_OK(look_for_commits(*database));
    background.run();
  };
  rename("tasks", "gone");
  auto results = watcher.take();
  ASSERT_EQ(results.size(), 1U);
  EXPECT_FALSE(results[0].ok());
  rename("gone", "lost");
  EXPECT_THAT(watcher.take(), IsEmpty()) << "the same failure again";
  rename("lost", "tasks");
  const auto after = watcher.only();
  EXPECT_EQ(after.rows, before);
  EXPECT_THAT(after.differences, IsEmpty());
  EXPECT_FALSE(after.is_first);
  create("b");
  background.run();
  EXPECT_THAT(ids(watcher.only().rows), ElementsAre("a", "b"));
}

// As another program may have written them: SQLite sorts and compares what the file holds, while
// records show a value that fits.
TEST_F(LiveTest, ValuesThatFitNoColumnAreLeftToSqlite) {
  database = open(folder.file());
  auto other = *sql::Connection::open(folder.file(), sql::Access::Write);
  CONVOY_ASSERT_OK(other->execute(
      "insert into tasks (id, _status, _changed, project_id, title, rank, done, updated_at) values "
      "('a', 'synced', '', 'p', 'x', 'text', 0, 0), ('b', 'synced', '', 'p', null, 5, 0, 0), "
      "('c', 'synced', '', 'p', 'x', 'more', 0, 0), ('d', 'synced', '', 'p', 'x', 7, 0, 0)"));
  const std::vector<Query> queries{by_rank(), by_rank().where("title", eq("")),
                                   by_rank().where("rank", gt(5.0)), by_rank().take(3)};
  std::vector<Watcher<LiveRows>> rows(queries.size());
  std::vector<Watcher<std::int64_t>> counts(queries.size());
  std::vector<Subscription> subscriptions;
  std::vector<std::vector<Record>> last_rows(queries.size());
  std::vector<std::int64_t> last_counts(queries.size());
  for (std::size_t i = 0; i < queries.size(); ++i) {
    subscriptions.push_back(watch(queries[i], rows[i]));
    subscriptions.push_back(watch_count(queries[i], counts[i]));
  }
  const auto check = [&](const std::string& when) {
    background.run();
    for (std::size_t i = 0; i < queries.size(); ++i) {
      for (const auto& now : rows[i].take()) {
        last_rows[i].clear();
        for (const auto& row : now->rows) last_rows[i].push_back(*row);
      }
      for (const auto& now : counts[i].take()) last_counts[i] = *now;
      EXPECT_EQ(last_rows[i], *database->fetch(queries[i])) << i << " " << when;
      EXPECT_EQ(last_counts[i], *database->count(queries[i])) << i << " " << when;
    }
  };
  check("at first");
  create("e", {{"rank", 6.0}});
  check("beside them");
  update("a", {{"done", true}});
  update("b", {{"done", true}});
  check("in them");
  update("a", {{"rank", 1.0}});
  remove("c");
  check("without them");
}

TEST_F(LiveTest, SeesWhatOthersWriteToTheFile) {
  database = open(folder.file());
  auto other = fixture.open(folder.file());
  Watcher<LiveRows> rows;
  Watcher<std::int64_t> count;
  Watcher<RecordPointer> record;
  const auto first = watch(by_rank(), rows);
  const auto second = watch_count(from("tasks"), count);
  const auto third = started(observe_record(*database, "tasks", "a", record.callback()));
  rows.take();
  count.take();
  record.take();
  const auto write_there = [&](const std::string& id) {
    CONVOY_ASSERT_OK(other.write([&](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.create("tasks", {}, id));
      return ok_status();
    }));
  };
  write_there("a");
  CONVOY_ASSERT_OK(look_for_commits(*database));
  background.run();
  EXPECT_THAT(ids(rows.only().rows), ElementsAre("a"));
  EXPECT_EQ(count.only(), 1);
  EXPECT_EQ(record.only()->id, "a");
  // A write of one's own looks by itself.
  write_there("b");
  create("c");
  background.run();
  EXPECT_THAT(ids(rows.only().rows), ElementsAre("a", "b", "c"));
  EXPECT_EQ(count.only(), 3);
}

}  // namespace
}  // namespace convoy::live
