// What other programs wrote to a file of WatermelonDB's or of ours, and what becomes of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sql/connection.h"
#include "store/database_impl.h"
#include "store/foreign.h"
#include "store/layout.h"
#include "store/test_support.h"

namespace convoy::store {
namespace {

using ::testing::ElementsAre;
using testing::Fixture;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::page_of;
using testing::TemporaryFolder;

// A row's _status, _changed and title; "" if there is none.
using Rows = std::vector<std::string>;

struct AdoptTest : ::testing::Test {
  // Runs SQL as another program does.
  void foreign(const std::string& sql) {
    const auto connection = *sql::Connection::open(path, sql::Access::Write);
    CONVOY_ASSERT_OK(connection->execute(sql));
  }

  // A WatermelonDB file of the schema.
  void watermelon(const std::string& sql) {
    CONVOY_ASSERT_OK(sql::Connection::create_file(path));
    foreign(user_tables_sql(schema) + "pragma user_version = 1;" + sql);
  }

  // A file of ours with the confirmed tasks a and b.
  void ours() {
    auto database = fixture.open(path, schema);
    Replica replica(database);
    CONVOY_ASSERT_OK(replica.apply_page(page_of(
        "s", 1, "tasks",
        {"project_id", "parent_id", "title", "rank", "done", "details", "updated_at"}, {"a", "b"},
        {{"p", nullptr, "A", 1, false, nullptr, kTime},
         {"p", nullptr, "B", 2, true, nullptr, kTime}})));
  }

  std::vector<std::string> outbox() {
    auto database = fixture.open(path, schema);
    return testing::bodies(database);
  }

  // "id status changed title" of each task, deleted ones too.
  std::vector<std::string> tasks() {
    auto database = fixture.open(path, schema);
    const auto rows = database.select(
        "select id || ' ' || _status || ' ' || _changed || ' ' || title from tasks order by id");
    std::vector<std::string> texts;
    for (const auto& row : rows->rows) texts.push_back(std::get<std::string>(row[0]));
    return texts;
  }

  std::int64_t count(const std::string& sql) {
    const auto connection = *sql::Connection::open(path, sql::Access::Read);
    return *connection->integer(sql);
  }

  static constexpr const char* kTime = "2026-01-01 00:00:00+00";

  TemporaryFolder folder;
  Fixture fixture;
  std::string path = folder.file();
  Schema schema = testing::task_schema();
};

std::string insert_task(const std::string& id, const std::string& parent, const std::string& title,
                        const std::string& status = "created") {
  return "insert into tasks (id, _status, _changed, project_id, parent_id, title, rank, done, "
         "updated_at) values ('" +
         id + "', '" + status + "', '', 'p', " + parent + ", " + title + ", 1.0, 0.0, 0.0);";
}

TEST_F(AdoptTest, RecordsThatOthersReferToComeFirst) {
  watermelon(insert_task("1", "'2'", "'one'") + insert_task("2", "'3'", "'two'") +
             insert_task("3", "null", "'three'") +
             "insert into projects values ('p', '', 'created', 'Work');" +
             insert_task("8", "'9'", "'gone'", "deleted") +
             insert_task("9", "null", "'gone'", "deleted"));
  std::vector<std::string> order;
  for (const auto& body : outbox()) {
    const auto at = body.find("\"id\":\"");
    order.push_back(body.substr(at + 6, 1));
  }
  EXPECT_THAT(order, ElementsAre("p", "3", "2", "1", "8", "9"));
}

TEST_F(AdoptTest, ACircleOfReferencesIsNoTrap) {
  watermelon(insert_task("1", "'2'", "'one'") + insert_task("2", "'1'", "'two'") +
             insert_task("3", "'3'", "'itself'"));
  EXPECT_EQ(outbox().size(), 3U);
}

TEST_F(AdoptTest, ALongChainOfReferencesIsNoTrap) {
  std::string sql = "begin;";
  constexpr int kCount = 3000;
  for (int i = 0; i < kCount; ++i) {
    sql += insert_task(std::to_string(i), "'" + std::to_string(i + 1) + "'", "''");
  }
  watermelon(sql + "commit;");
  const auto bodies = outbox();
  ASSERT_EQ(bodies.size(), std::size_t{kCount});
  EXPECT_THAT(bodies.front(), HasSubstr("\"id\":\"" + std::to_string(kCount - 1) + "\""));
}

TEST_F(AdoptTest, TextThatCantBeSentIsMended) {
  watermelon(insert_task("n", "null", "'a' || char(0) || 'b'") +
             insert_task("u", "null", "'a' || cast(x'ff' as text) || 'b'"));
  EXPECT_THAT(tasks(), ElementsAre("n created  a\uFFFDb", "u created  a\uFFFDb"));
  for (const auto& body : outbox()) EXPECT_THAT(body, HasSubstr("\"title\":\"a\uFFFDb\""));
}

TEST_F(AdoptTest, ARecordTooLargeToBeSentStaysAndItsMutationIsParked) {
  watermelon(insert_task("big", "null", "printf('%.*c', 4000000, 'x')") +
             insert_task("small", "null", "'s'"));
  auto database = fixture.open(path, schema);
  const auto queue = *Replica(database).queue();
  ASSERT_EQ(queue.size(), 2U);
  EXPECT_EQ(queue[0].state, MutationState::Parked);
  EXPECT_EQ(queue[0].code, "54000");
  EXPECT_THAT(queue[0].message, HasSubstr("more than the server takes"));
  EXPECT_EQ(queue[0].table, "tasks");
  EXPECT_EQ(queue[0].id, "big");
  EXPECT_EQ(queue[1].state, MutationState::Pending);
  const auto record = *database.find("tasks", "big");
  ASSERT_TRUE(record);
  EXPECT_EQ(record->text("title").size(), 4000000U);
  EXPECT_EQ(record->status, "created");
  EXPECT_EQ(Replica(database).prepare_push(100, 1U << 20U)->size(), 1U);
}

TEST_F(AdoptTest, RecordsOfLocalTablesAreNotSent) {
  schema.tables[1].is_local_only = true;
  watermelon(insert_task("c", "null", "'C'") + insert_task("d", "null", "'D'", "deleted") +
             insert_task("s", "null", "'S'", "synced"));
  EXPECT_THAT(outbox(), IsEmpty());
  EXPECT_THAT(tasks(), ElementsAre("c synced  C", "s synced  S"));
  foreign(insert_task("e", "null", "'E'") + "update tasks set _status = 'deleted' where id = 'c';" +
          "update tasks set _status = 'updated', _changed = 'title', title = 'T' where id = 's';");
  EXPECT_THAT(tasks(), ElementsAre("e synced  E", "s synced  T"));
  EXPECT_THAT(outbox(), IsEmpty());
  EXPECT_EQ(count("select count(*) from convoy_row"), 0);
}

TEST_F(AdoptTest, OwnWritesAreNotNoted) {
  ours();
  {
    auto database = fixture.open(path, schema);
    CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.create("tasks", {{"title", "C"}}, "c"));
      CONVOY_CHECK_OK(writer.update("tasks", "a", {{"title", "AA"}}));
      CONVOY_CHECK_OK(writer.mark_deleted("tasks", "b"));
      return ok_status();
    }));
    // The statements are compiled anew after this.
    EXPECT_TRUE(database.impl()
                    .write([](sql::Connection& connection) {
                      return connection.tables_read("select 1 from tasks");
                    })
                    .ok());
    CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.update("tasks", "a", {{"title", "AAA"}}));
      return ok_status();
    }));
  }
  EXPECT_EQ(count("select count(*) from convoy_foreign"), 0);
  EXPECT_EQ(outbox().size(), 2U);
}

TEST_F(AdoptTest, TriggersOfOthersStillFireForOwnWrites) {
  ours();
  foreign(
      "create table audit (what text); create trigger audit_tasks after update on tasks begin "
      "insert into audit values (new.title); end;");
  {
    auto database = fixture.open(path, schema);
    CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.update("tasks", "a", {{"title", "AA"}}));
      return ok_status();
    }));
  }
  EXPECT_EQ(count("select count(*) from audit where what = 'AA'"), 1);
}

TEST_F(AdoptTest, AChangeOfASyncedRecordIsSentWithItsBase) {
  ours();
  foreign(
      "update tasks set _status = 'updated', _changed = 'rank,title', title = 'New', rank = 5 "
      "where id = 'a'");
  EXPECT_THAT(outbox(),
              ElementsAre(R"({"ops":[{"op":"update","table":"tasks","id":"a","values":)"
                          R"({"rank":5,"title":"New"},"base":{"rank":1,"title":"A"}}]})"));
  EXPECT_THAT(tasks(), ElementsAre("a updated rank,title New", "b synced  B"));
  EXPECT_EQ(outbox().size(), 1U);
}

TEST_F(AdoptTest, AChangeUponAPendingOneIsAMutationOfItsOwn) {
  ours();
  {
    auto database = fixture.open(path, schema);
    CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.update("tasks", "a", {{"title", "Mine"}, {"updated_at", 0.0}}));
      return ok_status();
    }));
  }
  foreign("update tasks set title = 'Theirs' where id = 'a'");
  const auto bodies = outbox();
  ASSERT_EQ(bodies.size(), 2U);
  EXPECT_EQ(bodies[1], R"({"ops":[{"op":"update","table":"tasks","id":"a","values":{"title":)"
                       R"("Theirs"},"base":{"title":"Mine"}}]})");
  EXPECT_THAT(tasks(), ElementsAre("a updated title,updated_at Theirs", "b synced  B"));
}

TEST_F(AdoptTest, WhatWasWrittenWhileTheFileIsOpenComesBeforeTheNextWrite) {
  ours();
  auto database = fixture.open(path, schema);
  const auto rename = [&](const std::string& id) {
    return database.write([&](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.update("tasks", id, {{"title", "Mine"}, {"updated_at", 0.0}}));
      return ok_status();
    });
  };
  CONVOY_ASSERT_OK(rename("b"));
  foreign(insert_task("c", "null", "'Theirs'") +
          "update tasks set _status = 'updated', _changed = 'title', title = 'Theirs' where id = "
          "'a';");
  const auto failed = database.write(
      [](Writer&) -> Status { return Error{.code = ErrorCode::Cancelled, .message = "no"}; });
  EXPECT_FALSE(failed.ok()) << "and what it took over is not forgotten";
  CONVOY_ASSERT_OK(rename("c"));
  const auto bodies = testing::bodies(database);
  ASSERT_EQ(bodies.size(), 4U);
  EXPECT_THAT(bodies[1], HasSubstr(R"("op":"insert","table":"tasks","id":"c")"));
  EXPECT_THAT(bodies[2], HasSubstr(R"("id":"a","values":{"title":"Theirs"},"base":{"title":"A"})"));
  EXPECT_THAT(bodies[3], HasSubstr(R"("id":"c","values":{"title":"Mine")"));
  EXPECT_EQ(count("select count(*) from convoy_foreign"), 0);
}

TEST_F(AdoptTest, WhatAPullOfItsOwnBroughtIsNotSent) {
  ours();
  // Pulled `rank`, changed `title`.
  foreign(
      "update tasks set _status = 'updated', _changed = 'title', title = 'New', rank = 9 where "
      "id = 'a';"
      "update tasks set title = 'Pulled' where id = 'b';" +
      insert_task("c", "null", "'C'", "synced"));
  EXPECT_THAT(outbox(), ElementsAre(HasSubstr(R"("values":{"title":"New"},"base":{"title":"A"})")));
  EXPECT_THAT(tasks(), ElementsAre("a updated title New", "b synced  Pulled", "c synced  C"));
  EXPECT_EQ(count("select rank from tasks where id = 'a'"), 9);
  EXPECT_EQ(count("select count(*) from convoy_row"), 3);
}

TEST_F(AdoptTest, MarkingAndDestroyingAreTwoThings) {
  ours();
  foreign("update tasks set _status = 'deleted' where id = 'a'; delete from tasks where id = 'b'");
  EXPECT_THAT(outbox(), ElementsAre(R"({"ops":[{"op":"delete","table":"tasks","id":"a"}]})"));
  EXPECT_THAT(tasks(), ElementsAre("a deleted  A"));
  EXPECT_EQ(count("select count(*) from convoy_row"), 1);
}

TEST_F(AdoptTest, AMarkedRecordThatIsPurgedIsStillDeletedOnTheServer) {
  ours();
  foreign("update tasks set _status = 'deleted' where id = 'a'; delete from tasks where id = 'a'");
  EXPECT_THAT(outbox(), ElementsAre(R"({"ops":[{"op":"delete","table":"tasks","id":"a"}]})"));
  auto database = fixture.open(path, schema);
  EXPECT_FALSE(*database.find("tasks", "a"));
  // Refused, it is back as it was.
  Replica replica(database);
  const auto sent = replica.prepare_push(10, 1U << 20U);
  CONVOY_ASSERT_OK(replica.apply_outcomes({{.mid = sent->at(0).mid,
                                            .kind = schema::Outcome::Kind::Rejected,
                                            .code = "42501",
                                            .message = "no"}}));
  EXPECT_EQ((*database.find("tasks", "a"))->text("title"), "A");
  EXPECT_EQ((*database.find("tasks", "a"))->status, "synced");
}

TEST_F(AdoptTest, ARecordWithUnsentWritesThatIsDestroyedIsDeletedOnTheServer) {
  ours();
  {
    auto database = fixture.open(path, schema);
    CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.create("tasks", {{"title", "C"}}, "c"));
      return ok_status();
    }));
  }
  foreign("delete from tasks where id = 'c'");
  EXPECT_THAT(outbox(), ElementsAre(HasSubstr("insert"), HasSubstr(R"("op":"delete")")));
  auto database = fixture.open(path, schema);
  EXPECT_FALSE(*database.find("tasks", "c"));
}

TEST_F(AdoptTest, WhatCameAndWentLeavesNothing) {
  ours();
  const auto before = tasks();
  foreign(insert_task("c", "null", "'C'") + "delete from tasks where id = 'c';" +
          "update tasks set title = 'x', _status = 'updated', _changed = 'title' where id = 'a';"
          "update tasks set title = 'A' where id = 'a';");
  EXPECT_THAT(outbox(), IsEmpty());
  EXPECT_EQ(tasks(), before);
}

TEST_F(AdoptTest, ReplacedRowsAndNewIdsAreSeen) {
  ours();
  foreign(
      "insert or replace into tasks (id, _status, _changed, project_id, title, rank, done, "
      "updated_at) values ('a', 'updated', 'title', 'p', 'Replaced', 1, 0, 0);"
      "update tasks set id = 'z', _status = 'created' where id = 'b';");
  const auto bodies = outbox();
  ASSERT_EQ(bodies.size(), 2U);
  EXPECT_THAT(bodies[0], HasSubstr(R"("op":"insert","table":"tasks","id":"z")"));
  EXPECT_THAT(bodies[1], HasSubstr(R"("id":"a","values":{"title":"Replaced"})"));
}

TEST_F(AdoptTest, WithoutTheTriggersEverythingIsCompared) {
  ours();
  {
    auto database = fixture.open(path, schema);
    CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.create("tasks", {{"title", "Mine"}}, "m"));
      return ok_status();
    }));
  }
  foreign(
      "drop trigger convoy_foreign_2_update;"
      "update tasks set _status = 'updated', _changed = 'title', title = 'New' where id = 'a';"
      "delete from tasks where id = 'b';" +
      insert_task("c", "null", "'C'") + insert_task("s", "null", "'S'", "synced"));
  const auto bodies = outbox();
  ASSERT_EQ(bodies.size(), 3U);
  EXPECT_THAT(bodies[0], HasSubstr(R"("op":"insert","table":"tasks","id":"m")"));
  EXPECT_THAT(bodies[1], HasSubstr(R"("op":"insert","table":"tasks","id":"c")"));
  EXPECT_THAT(bodies[2],
              HasSubstr(R"("op":"update","table":"tasks","id":"a","values":{"title":"New"}})"));
  EXPECT_THAT(tasks(),
              ElementsAre("a updated title New", "c created  C", "m created  Mine", "s synced  S"));
  // The triggers are back.
  foreign("update tasks set _status = 'deleted' where id = 's'");
  EXPECT_EQ(outbox().size(), 4U);
}

TEST_F(AdoptTest, NothingIsLostWhenOpeningFails) {
  ours();
  foreign("update tasks set _status = 'updated', _changed = 'title', title = 'New' where id = 'a'");
  auto options = fixture.options(path, schema);
  options.schema.tables[0].columns.push_back({.name = "more"});
  EXPECT_FALSE(Database::open(options).ok());
  EXPECT_EQ(count("select count(*) from convoy_foreign"), 1);
  EXPECT_EQ(outbox().size(), 1U);
}

}  // namespace
}  // namespace convoy::store
