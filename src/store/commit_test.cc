// What the database tells of its commits.
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "store/commit.h"
#include "store/database_impl.h"
#include "store/test_support.h"

namespace convoy::store {
namespace {

using testing::bodies;
using ::testing::ElementsAre;
using testing::Fixture;
using ::testing::IsEmpty;
using testing::page_of;
using testing::TemporaryFolder;

class Listener final : public CommitListener {
 public:
  void on_commit(std::shared_ptr<const Commit> commit) noexcept override {
    commits.push_back(std::move(commit));
  }

  std::vector<std::shared_ptr<const Commit>> commits;
};

std::string picture(const std::optional<Record>& record) {
  return record ? std::string(record->text("title")) + "/" + record->status : "-";
}

struct CommitTest : ::testing::Test {
  Listener& listen(Database& to, const std::set<std::string>& tables) {
    auto& listener =
        static_cast<Listener&>(to.impl().listener([] { return std::make_unique<Listener>(); }));
    to.impl().listen_to(tables);
    return listener;
  }

  // The last commit's rows of one table: "id: before > after".
  static std::vector<std::string> rows(const Listener& listener, const std::string& table) {
    std::vector<std::string> lines;
    for (const auto& change : listener.commits.back()->tables) {
      if (change.name != table) continue;
      EXPECT_TRUE(change.is_complete);
      for (const auto& row : change.rows) {
        lines.push_back(row.id + ": " + picture(row.before) + " > " + picture(row.after));
      }
    }
    return lines;
  }

  Status create(Database& to, const std::string& id, const std::string& title) {
    return to.write([&](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.create("tasks", {{"title", title}}, id));
      return ok_status();
    });
  }

  TemporaryFolder folder;
  Fixture fixture;
};

TEST_F(CommitTest, TellsEachRowOnceAsItWasAndAsItIs) {
  auto database = fixture.open();
  auto& listener = listen(database, {"tasks"});
  CONVOY_ASSERT_OK(create(database, "a", "one"));
  EXPECT_THAT(rows(listener, "tasks"), ElementsAre("a: - > one/created"));
  CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.update("tasks", "a", {{"title", "two"}}));
    CONVOY_CHECK_OK(writer.update("tasks", "a", {{"title", "three"}}));
    CONVOY_CHECK_OK(writer.create("tasks", {{"title", "gone"}}, "b"));
    CONVOY_CHECK_OK(writer.mark_deleted("tasks", "b"));
    CONVOY_CHECK_OK(writer.create("projects", {{"name", "not asked for"}}, "p"));
    return ok_status();
  }));
  EXPECT_THAT(rows(listener, "tasks"), ElementsAre("a: one/created > three/created"));
  ASSERT_EQ(listener.commits.back()->tables.size(), 1U);
  CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.mark_deleted("tasks", "a"));
    return ok_status();
  }));
  EXPECT_THAT(rows(listener, "tasks"), ElementsAre("a: three/created > -"));
  EXPECT_EQ(listener.commits.back()->number, 3U);
}

TEST_F(CommitTest, TellsWhatSyncWrites) {
  auto database = fixture.open();
  auto& listener = listen(database, {"tasks"});
  Replica replica(database);
  CONVOY_ASSERT_OK(replica.apply_page(
      page_of("s", 1, "tasks",
              {"project_id", "parent_id", "title", "rank", "done", "details", "updated_at"}, {"a"},
              {{"p", nullptr, "A", 1, true, nullptr, "2026-01-01 00:00:00+00"}})));
  EXPECT_THAT(rows(listener, "tasks"), ElementsAre("a: - > A/synced"));
  EXPECT_EQ(listener.commits.back()->tables[0].rows[0].after->boolean("done"), true);
  schema::PageCommit lost;
  lost.scopes_removed = {"s"};
  CONVOY_ASSERT_OK(replica.apply_page(lost));
  EXPECT_THAT(rows(listener, "tasks"), ElementsAre("a: A/synced > -"));
}

TEST_F(CommitTest, IsSilentWhenNothingChangedOrNothingRemained) {
  auto database = fixture.open();
  auto& listener = listen(database, {"tasks"});
  CONVOY_ASSERT_OK(create(database, "a", "one"));
  listener.commits.clear();
  CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.update("tasks", "a", {{"title", "one"}}));
    return ok_status();
  }));
  const auto failed = database.write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.update("tasks", "a", {{"title", "two"}}));
    return Error{.code = ErrorCode::Cancelled, .message = "no"};
  });
  EXPECT_FALSE(failed.ok());
  EXPECT_THAT(listener.commits, IsEmpty());
  database.impl().listen_to({});
  CONVOY_ASSERT_OK(create(database, "b", "unheard"));
  EXPECT_THAT(listener.commits, IsEmpty());
}

TEST_F(CommitTest, NamesTheEnginesTablesWithoutTheirRows) {
  auto database = fixture.open();
  auto& listener = listen(database, {"convoy_mutation"});
  CONVOY_ASSERT_OK(create(database, "a", "one"));
  ASSERT_EQ(listener.commits.size(), 1U);
  EXPECT_EQ(listener.commits[0]->tables[0].name, "convoy_mutation");
  EXPECT_EQ(listener.commits[0]->tables[0].table, nullptr);
  EXPECT_FALSE(listener.commits[0]->tables[0].is_complete);
}

TEST_F(CommitTest, StopsListingRowsBeyondTheLimit) {
  auto database = fixture.open();
  auto& listener = listen(database, {"projects"});
  const std::vector<std::string> columns{"id", "name"};
  std::vector<std::vector<Value>> many;
  for (std::size_t i = 0; i <= limits::kCommitRowsMax; ++i) {
    many.push_back({"p" + std::to_string(i), std::string("n")});
  }
  const auto load = [&](std::size_t count) {
    CONVOY_ASSERT_OK(database.write([&](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.load("projects", columns, std::span(many).first(count)));
      return ok_status();
    }));
  };
  load(limits::kCommitRowsMax);
  EXPECT_TRUE(listener.commits.back()->tables[0].is_complete);
  EXPECT_EQ(listener.commits.back()->tables[0].rows.size(), limits::kCommitRowsMax);
  for (auto& row : many) row[1] = std::string("m");
  load(limits::kCommitRowsMax + 1);
  EXPECT_FALSE(listener.commits.back()->tables[0].is_complete);
  EXPECT_THAT(listener.commits.back()->tables[0].rows, IsEmpty());
}

TEST_F(CommitTest, RowsWithValuesThatFitNoColumnAreNotListed) {
  auto database = fixture.open(folder.file());
  auto other = *sql::Connection::open(folder.file(), sql::Access::Write);
  CONVOY_ASSERT_OK(
      other->execute("insert into tasks (id, _status, _changed, project_id, title, rank, done, "
                     "updated_at) values ('a', 'synced', '', 'p', 'A', 'text', 0, 0)"));
  auto& listener = listen(database, {"tasks"});
  CONVOY_ASSERT_OK(create(database, "b", "B"));
  EXPECT_TRUE(listener.commits.back()->tables[0].is_complete);
  CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.update("tasks", "a", {{"title", "new"}}));
    return ok_status();
  }));
  EXPECT_FALSE(listener.commits.back()->tables[0].is_complete);
}

TEST_F(CommitTest, NoticesOtherWritersOfTheFile) {
  auto database = fixture.open(folder.file());
  auto other = fixture.open(folder.file());
  CONVOY_ASSERT_OK(create(other, "x", "before anybody listened"));
  auto& listener = listen(database, {"tasks"});
  EXPECT_TRUE(*database.impl().look_for_foreign_commits());
  EXPECT_THAT(listener.commits, IsEmpty());

  CONVOY_ASSERT_OK(create(other, "a", "one"));
  EXPECT_TRUE(*database.impl().look_for_foreign_commits());
  ASSERT_EQ(listener.commits.size(), 1U);
  EXPECT_TRUE(listener.commits[0]->is_foreign);
  EXPECT_TRUE(*database.impl().look_for_foreign_commits());
  EXPECT_EQ(listener.commits.size(), 1U) << "told once";

  // A write of one's own looks first, so that the order is right.
  CONVOY_ASSERT_OK(create(other, "b", "two"));
  CONVOY_ASSERT_OK(create(database, "c", "three"));
  ASSERT_EQ(listener.commits.size(), 3U);
  EXPECT_TRUE(listener.commits[1]->is_foreign);
  EXPECT_FALSE(listener.commits[2]->is_foreign);
  EXPECT_LT(listener.commits[1]->number, listener.commits[2]->number);
  EXPECT_TRUE(*database.impl().look_for_foreign_commits());
  EXPECT_EQ(listener.commits.size(), 3U) << "own commits are not foreign";
}

TEST_F(CommitTest, AWriteUnderWayIsToldAsNotComplete) {
  auto database = fixture.open(folder.file());
  auto& listener = listen(database, {});
  CONVOY_ASSERT_OK(database.write([&](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("projects", {{"name", "before"}}, "p"));
    database.impl().listen_to({"projects", "tasks"});
    return ok_status();
  }));
  ASSERT_EQ(listener.commits.size(), 1U);
  ASSERT_EQ(listener.commits[0]->tables.size(), 2U);
  EXPECT_EQ(listener.commits[0]->tables[0].table, database.schema().find_table("projects"));
  EXPECT_FALSE(listener.commits[0]->tables[0].is_complete);
  EXPECT_FALSE(listener.commits[0]->tables[1].is_complete);

  // Whether somebody else wrote meanwhile can't be known; the next write tells its own rows.
  CONVOY_ASSERT_OK(create(database, "a", "one"));
  ASSERT_EQ(listener.commits.size(), 3U);
  EXPECT_TRUE(listener.commits[1]->is_foreign);
  EXPECT_THAT(rows(listener, "tasks"), ElementsAre("a: - > one/created"));
  EXPECT_TRUE(*database.impl().look_for_foreign_commits());
  EXPECT_EQ(listener.commits.size(), 3U);
}

TEST_F(CommitTest, ListeningWaitsForNoWriter) {
  auto database = fixture.open(folder.file());
  std::promise<void> is_writing;
  std::promise<void> may_end;
  std::thread writer([&] {
    CONVOY_EXPECT_OK(database.write([&](Writer& work) -> Status {
      CONVOY_CHECK_OK(work.create("projects", {{"name", "slow"}}, "p"));
      is_writing.set_value();
      may_end.get_future().wait();
      return ok_status();
    }));
  });
  is_writing.get_future().wait();
  auto& listener = listen(database, {"projects"});
  EXPECT_FALSE(*database.impl().look_for_foreign_commits());
  may_end.set_value();
  writer.join();
  ASSERT_EQ(listener.commits.size(), 1U);
  EXPECT_FALSE(listener.commits[0]->tables[0].is_complete);
}

TEST_F(CommitTest, NumbersAStateByTheCommitsInIt) {
  auto database = fixture.open(folder.file());
  listen(database, {"tasks"});
  CONVOY_ASSERT_OK(create(database, "a", "one"));
  const auto read = database.impl().read_numbered(
      [](sql::Connection& connection, std::uint64_t number) -> Result<std::string> {
        CONVOY_TRY(const auto rows, connection.integer("select count(*) from tasks"));
        return std::to_string(number) + ":" + std::to_string(rows);
      });
  EXPECT_EQ(*read, "1:1");
}

TEST_F(CommitTest, NumbersAStateBesideAWriter) {
  auto database = fixture.open(folder.file());
  listen(database, {"tasks"});
  constexpr int kCommits = 100;
  std::thread writer([&] {
    for (int i = 0; i < kCommits; ++i) {
      CONVOY_EXPECT_OK(create(database, std::to_string(i), "one"));
    }
  });
  std::int64_t rows = 0;
  while (rows < kCommits) {
    const auto status = database.impl().read_numbered(
        [&](sql::Connection& connection, std::uint64_t number) -> Status {
          CONVOY_TRY(rows, connection.integer("select count(*) from tasks"));
          EXPECT_EQ(number, static_cast<std::uint64_t>(rows));
          return ok_status();
        });
    if (!status.ok()) break;
  }
  writer.join();
  EXPECT_EQ(rows, kCommits);
}

}  // namespace
}  // namespace convoy::store
