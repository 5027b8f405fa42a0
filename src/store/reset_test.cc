// A file that no migration leads to the schema, and a program that allows it to be made anew.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/layout.h"
#include "store/test_file.h"
#include "store/test_support.h"

namespace convoy::store {
namespace {

using base::Json;
using testing::code_of;
using testing::Fixture;
using ::testing::HasSubstr;
using testing::page_of;
using testing::run_sql;
using testing::TemporaryFolder;
using testing::text;

struct ResetTest : ::testing::Test {
  // A file of version 5 with one row that the server has.
  void make_file() {
    auto old = options(5);
    old.project = "one";
    auto database = Database::open(old);
    ASSERT_TRUE(database.ok());
    CONVOY_ASSERT_OK(
        Replica(*database).apply_page(page_of("s", 1, "projects", {"name"}, {"p"}, {{"Work"}})));
    CONVOY_ASSERT_OK(database->set_local_value("key", "value"));
  }

  // Writes in the file as the program of version 5 does.
  void write(const std::function<void(Database&)>& work) {
    auto database = Database::open(options(5));
    ASSERT_TRUE(database.ok());
    work(*database);
  }

  static Status rename(Database& database, const char* name) {
    return database.write([&](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.update("projects", "p", {{"name", name}}));
      return ok_status();
    });
  }

  DatabaseOptions options(int version, MissingMigration on_missing = MissingMigration::Refuse) {
    auto schema = testing::task_schema();
    schema.version = version;
    auto result = fixture.options(path, schema);
    result.on_missing_migration = on_missing;
    return result;
  }

  void expect_refused(int version, MissingMigration on_missing, ErrorCode code) {
    const auto before = testing::dump(path);
    const auto database = Database::open(options(version, on_missing));
    EXPECT_EQ(code_of(database), code);
    EXPECT_THAT(database.ok() ? "" : database.error().message, HasSubstr(path));
    EXPECT_EQ(testing::dump(path), before);
  }

  void expect_reset(int version) {
    const auto client = text(path, "select value from convoy_meta where key = 'client_id'");
    auto database = Database::open(options(version, MissingMigration::Reset));
    ASSERT_TRUE(database.ok()) << database.error().message;
    EXPECT_EQ(*database->count(from("projects")), 0);
    EXPECT_TRUE(Replica(*database).load()->scopes.empty());
    EXPECT_NE(Replica(*database).load()->client_id, client);
    EXPECT_FALSE(database->local_value("key")->has_value());
    EXPECT_EQ(text(path, "pragma user_version"), std::to_string(version));
    EXPECT_EQ(text(path, "pragma integrity_check"), "ok");
    const auto fresh = folder.file("fresh.db");
    auto new_file = options(version);
    new_file.path = fresh;
    {
      const auto made = Database::open(new_file);
    }
    EXPECT_EQ(testing::layout(*testing::connect(path)), testing::layout(*testing::connect(fresh)));
    EXPECT_EQ(testing::column(path, "select name from sqlite_schema order by name"),
              testing::column(fresh, "select name from sqlite_schema order by name"));
    CONVOY_EXPECT_OK(database->write([](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.create("projects", {{"name", "New"}}));
      return ok_status();
    }));
  }

  TemporaryFolder folder;
  Fixture fixture;
  std::string path = folder.file();
};

TEST_F(ResetTest, IsRefusedUnlessItIsAllowed) {
  make_file();
  expect_refused(6, MissingMigration::Refuse, ErrorCode::MigrationMissing);
  expect_refused(4, MissingMigration::Refuse, ErrorCode::NewerDatabase);
}

TEST_F(ResetTest, MakesAnOlderFileAnew) {
  make_file();
  expect_reset(6);
  // For the one it belonged to.
  auto other = options(6);
  other.project = "two";
  EXPECT_EQ(code_of(Database::open(other)), ErrorCode::WrongDatabase);
}

TEST_F(ResetTest, MakesANewerFileAnew) {
  make_file();
  expect_reset(4);
}

TEST_F(ResetTest, TakesEverythingElseInTheFileAlong) {
  make_file();
  run_sql(path,
          "create table extra (a primary key, b references extra (a)); insert into extra values "
          "(1, null), (2, 1); create view seen as select * from extra; create virtual table "
          "words using fts5 (a); insert into words values ('x'); create trigger t after insert on "
          "extra begin select 1; end;");
  expect_reset(6);
}

TEST_F(ResetTest, DoesNotHappenWhereAMigrationLeadsOn) {
  make_file();
  auto next = options(6, MissingMigration::Reset);
  next.migrations = {{.to_version = 6, .steps = {}}};
  auto database = Database::open(next);
  ASSERT_TRUE(database.ok());
  EXPECT_EQ(*database->count(from("projects")), 1);
}

TEST_F(ResetTest, NeverLosesAWriteThatWaits) {
  make_file();
  write([](Database& database) { CONVOY_ASSERT_OK(rename(database, "Mine")); });
  for (const int version : {4, 6}) {
    expect_refused(version, MissingMigration::Reset, ErrorCode::UnsentWrites);
  }
}

TEST_F(ResetTest, NeverLosesAWriteUnderWay) {
  make_file();
  write([](Database& database) {
    CONVOY_ASSERT_OK(rename(database, "Mine"));
    CONVOY_ASSERT_OK(Replica(database).prepare_push(1, 1 << 20));
  });
  expect_refused(6, MissingMigration::Reset, ErrorCode::UnsentWrites);
}

TEST_F(ResetTest, NeverLosesAWriteThatWasRefused) {
  make_file();
  write([](Database& database) {
    CONVOY_ASSERT_OK(rename(database, "Mine"));
    CONVOY_ASSERT_OK(Replica(database).prepare_push(1, 1 << 20));
    CONVOY_ASSERT_OK(Replica(database).apply_outcomes(
        {{.mid = 1, .kind = schema::Outcome::Kind::Rejected, .code = "x"}}));
  });
  expect_refused(6, MissingMigration::Reset, ErrorCode::UnsentWrites);
}

TEST_F(ResetTest, LetsGoOfWhatTheServerHas) {
  make_file();
  write([](Database& database) {
    CONVOY_ASSERT_OK(rename(database, "Mine"));
    CONVOY_ASSERT_OK(Replica(database).prepare_push(1, 1 << 20));
    CONVOY_ASSERT_OK(Replica(database).apply_outcomes({{.mid = 1}}));
  });
  expect_reset(6);
}

TEST_F(ResetTest, NeverLosesWhatAnotherProgramWrote) {
  make_file();
  run_sql(path, "insert into projects values ('other', '', 'created', 'Theirs')");
  expect_refused(6, MissingMigration::Reset, ErrorCode::UnsentWrites);
}

TEST_F(ResetTest, NeverTouchesAFileOfANewerFormat) {
  make_file();
  run_sql(path, "update convoy_meta set value = 99 where key = 'format'");
  expect_refused(6, MissingMigration::Reset, ErrorCode::NewerDatabase);
}

TEST_F(ResetTest, NeverTouchesAnotherOwnersFile) {
  make_file();
  auto other = options(6, MissingMigration::Reset);
  other.project = "two";
  const auto before = testing::dump(path);
  EXPECT_EQ(code_of(Database::open(other)), ErrorCode::WrongDatabase);
  EXPECT_EQ(testing::dump(path), before);
}

TEST_F(ResetTest, NeverTouchesAnotherProgramsFile) {
  run_sql(path, "create table local_storage (a); create table notes (text); pragma user_version=9");
  expect_refused(6, MissingMigration::Reset, ErrorCode::WrongDatabase);
}

TEST_F(ResetTest, MakesAWatermelonFileAnewWhenAllIsSynced) {
  run_sql(path, user_tables_sql(testing::task_schema()) + R"(pragma user_version = 5;
insert into projects values ('p', '', 'synced', 'Work');
create table "left_behind" ("id" primary key, "_changed", "_status");)");
  expect_refused(6, MissingMigration::Refuse, ErrorCode::MigrationMissing);
  for (const char* status : {"'created'", "'updated'", "'deleted'", "null"}) {
    run_sql(path, "insert into left_behind values ('x', '', " + std::string(status) + ")");
    expect_refused(6, MissingMigration::Reset, ErrorCode::UnsentWrites);
    run_sql(path, "delete from left_behind");
  }
  auto database = Database::open(options(6, MissingMigration::Reset));
  ASSERT_TRUE(database.ok()) << database.error().message;
  EXPECT_EQ(*database->count(from("projects")), 0);
  EXPECT_EQ(text(path, "select count(*) from sqlite_schema where name = 'left_behind'"), "0");
}

}  // namespace
}  // namespace convoy::store
