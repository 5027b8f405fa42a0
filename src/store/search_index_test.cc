// The index of words stays in step with the rows, whoever writes them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sql/connection.h"
#include "store/foreign.h"
#include "store/test_support.h"

namespace convoy::store {
namespace {

using ::testing::ElementsAre;
using testing::Fixture;
using ::testing::IsEmpty;
using testing::page_of;
using testing::TemporaryFolder;

Schema searchable(std::vector<std::string> columns) {
  auto schema = testing::task_schema();
  for (auto& column : schema.tables[1].columns) {
    column.is_searchable = std::ranges::find(columns, column.name) != columns.end();
  }
  return schema;
}

std::vector<std::string> found(Database& database, const std::string& words) {
  const auto rows = database.select(
      "select id from tasks where rowid in (select rowid from convoy_fts_tasks where "
      "convoy_fts_tasks match ?) order by id",
      std::vector<Value>{words});
  EXPECT_TRUE(rows.ok()) << (rows.ok() ? "" : rows.error().message);
  std::vector<std::string> ids;
  if (!rows.ok()) return ids;
  for (const auto& row : rows->rows) ids.push_back(std::get<std::string>(row[0]));
  return ids;
}

// The words of the index are those of the rows, says FTS5 itself.
void expect_in_step(const std::string& path) {
  const auto connection = *sql::Connection::open(path, sql::Access::Write);
  CONVOY_EXPECT_OK(connection->execute(
      "insert into convoy_fts_tasks (convoy_fts_tasks, rank) values ('integrity-check', 1)"));
}

struct SearchIndexTest : ::testing::Test {
  Database open(std::vector<std::string> columns) {
    return fixture.open(folder.file(), searchable(std::move(columns)));
  }

  TemporaryFolder folder;
  Fixture fixture;
};

TEST_F(SearchIndexTest, FollowsLocalWrites) {
  auto database = open({"title"});
  CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("tasks", {{"title", "Crème brûlée für alle"}}, "a"));
    CONVOY_CHECK_OK(writer.create("tasks", {{"title", "plain cream"}}, "b"));
    return ok_status();
  }));
  EXPECT_THAT(found(database, "creme"), ElementsAre("a"));
  EXPECT_THAT(found(database, "cr*"), ElementsAre("a", "b"));
  CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.update("tasks", "a", {{"title", "bread"}}));
    CONVOY_CHECK_OK(writer.update("tasks", "b", {{"rank", 5.0}}));
    return ok_status();
  }));
  EXPECT_THAT(found(database, "creme"), IsEmpty());
  EXPECT_THAT(found(database, "bread"), ElementsAre("a"));
  const auto failed = database.write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.update("tasks", "a", {{"title", "stone"}}));
    return Error{.code = ErrorCode::Cancelled, .message = "no"};
  });
  EXPECT_FALSE(failed.ok());
  EXPECT_THAT(found(database, "stone"), IsEmpty());
  expect_in_step(folder.file());
}

TEST_F(SearchIndexTest, HasAVocabularyThatGoesWithIt) {
  const auto words = [](Database& database) {
    std::vector<std::string> terms;
    const auto rows = database.select("select term from convoy_words_tasks order by term");
    if (!rows.ok()) return terms;
    for (const auto& row : rows->rows) terms.push_back(std::get<std::string>(row[0]));
    return terms;
  };
  {
    auto database = open({"title"});
    CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.create("tasks", {{"title", "Crème of the crop"}}, "a"));
      return ok_status();
    }));
    EXPECT_THAT(words(database), ElementsAre("creme", "crop", "of", "the"));
    CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.update("tasks", "a", {{"title", "bread"}}));
      return ok_status();
    }));
    EXPECT_THAT(words(database), ElementsAre("bread"));
  }
  {
    auto database = open({"title", "details"});
    EXPECT_THAT(words(database), ElementsAre("bread")) << "made anew with the index";
  }
  auto database = open({});
  EXPECT_FALSE(database.select("select term from convoy_words_tasks").ok());
}

TEST_F(SearchIndexTest, FollowsSync) {
  auto database = open({"title"});
  Replica replica(database);
  const std::vector<std::string> columns{"project_id", "parent_id", "title",     "rank",
                                         "done",       "details",   "updated_at"};
  const auto page = [&](const char* title) {
    return page_of("s", 1, "tasks", columns, {"a"},
                   {{"p", nullptr, title, 1, false, nullptr, "2026-01-01 00:00:00+00"}});
  };
  CONVOY_ASSERT_OK(replica.apply_page(page("first words")));
  EXPECT_THAT(found(database, "first"), ElementsAre("a"));
  CONVOY_ASSERT_OK(replica.apply_page(page("second words")));
  EXPECT_THAT(found(database, "first"), IsEmpty());
  EXPECT_THAT(found(database, "second words"), ElementsAre("a"));
  schema::PageCommit lost;
  lost.scopes_removed = {"s"};
  CONVOY_ASSERT_OK(replica.apply_page(lost));
  EXPECT_THAT(found(database, "words"), IsEmpty());
  expect_in_step(folder.file());
}

TEST_F(SearchIndexTest, IsMadeForRowsThatAreThereAndTakenAwayAgain) {
  {
    auto database = open({});
    CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.create("tasks", {{"title", "one"}, {"details", R"(["two"])"}}, "a"));
      return ok_status();
    }));
  }
  {
    auto database = open({"title"});
    EXPECT_THAT(found(database, "one"), ElementsAre("a"));
    EXPECT_THAT(found(database, "two"), IsEmpty());
  }
  {
    auto database = open({"title", "details"});
    EXPECT_THAT(found(database, "two"), ElementsAre("a"));
  }
  auto database = open({});
  EXPECT_EQ(
      database.select("select name from sqlite_schema where name like 'convoy_fts%'")->rows.size(),
      0U);
  CONVOY_EXPECT_OK(database.write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.update("tasks", "a", {{"title", "still works"}}));
    return ok_status();
  }));
}

TEST_F(SearchIndexTest, SurvivesAVacuumThatMovesTheRows) {
  {
    auto database = open({"title"});
    CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
      for (int i = 0; i < 50; ++i) {
        CONVOY_CHECK_OK(writer.create("tasks", {{"title", "word" + std::to_string(i)}},
                                      "t" + std::to_string(i)));
      }
      return ok_status();
    }));
  }
  {
    const auto connection = *sql::Connection::open(folder.file(), sql::Access::Write);
    connection->leave_out_of_triggers(std::string(kForeignTable));
    CONVOY_ASSERT_OK(connection->execute("delete from tasks where rowid <= 25"));
    CONVOY_ASSERT_OK(connection->execute("vacuum"));
  }
  auto database = open({"title"});
  EXPECT_THAT(found(database, "word40"), ElementsAre("t40"));
  EXPECT_THAT(found(database, "word3"), IsEmpty());
  expect_in_step(folder.file());
}

TEST_F(SearchIndexTest, AnswersQueriesTheMostRelevantFirst) {
  auto database = open({"title", "details"});
  CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("tasks", {{"title", "bread and much else on a long list"}}, "a"));
    CONVOY_CHECK_OK(writer.create("tasks", {{"title", "bread bread"}}, "b"));
    CONVOY_CHECK_OK(writer.create("tasks", {{"title", "bread"}}, "gone"));
    CONVOY_CHECK_OK(writer.create("tasks", {{"title", "milk"}}, "c"));
    return ok_status();
  }));
  CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.mark_deleted("tasks", "gone"));
    return ok_status();
  }));
  EXPECT_THAT(*database.fetch_ids(from("tasks").search("brea").order_by(best_first())),
              ElementsAre("b", "a"));
  EXPECT_EQ(*database.count(from("tasks").search("bread")), 2);
  EXPECT_EQ(testing::code_of(database.fetch(from("tasks").where(search_expression("AND AND")))),
            ErrorCode::InvalidQuery);
}

TEST_F(SearchIndexTest, OpeningAgainChangesNothing) {
  {
    auto database = open({"title"});
  }
  const auto version = [&] {
    return *(*sql::Connection::open(folder.file(), sql::Access::Write))
                ->integer("pragma schema_version");
  };
  const auto before = version();
  {
    auto database = open({"title"});
  }
  EXPECT_EQ(version(), before);
}

TEST(SearchSchema, OnlyTextCanBeSearched) {
  auto schema = testing::task_schema();
  schema.tables[1].columns[3].is_searchable = true;
  EXPECT_EQ(testing::code_of(validate(schema)), ErrorCode::InvalidSchema);
}

}  // namespace
}  // namespace convoy::store
