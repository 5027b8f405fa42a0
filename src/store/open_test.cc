// What a file may be when it is opened, and what becomes of it.
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "store/layout.h"
#include "store/test_support.h"

namespace convoy::store {
namespace {

using testing::bodies;
using ::testing::ElementsAre;
using testing::Fixture;
using ::testing::HasSubstr;
using testing::TemporaryFolder;

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

void write_file(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

// Runs SQL as another program would.
void run_sql(const std::string& path, const std::string& sql) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  char* error = nullptr;
  EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &error), SQLITE_OK) << error;
  sqlite3_close(db);
}

struct OpenTest : ::testing::Test {
  ErrorCode failure(DatabaseOptions options) {
    const auto database = Database::open(std::move(options));
    message = database.ok() ? "" : database.error().message;
    return testing::code_of(database);
  }

  // Refused, and left byte for byte as it was.
  void expect_untouched(ErrorCode code) {
    const auto before = read_file(path);
    EXPECT_EQ(failure(fixture.options(path)), code) << message;
    EXPECT_THAT(message, HasSubstr(path));
    EXPECT_TRUE(read_file(path) == before);
    EXPECT_FALSE(std::filesystem::exists(path + "-wal"));
  }

  TemporaryFolder folder;
  Fixture fixture;
  std::string path = folder.file();
  std::string message;
};

TEST(Layout, IsWatermelonsToTheLetter) {
  Schema schema;
  schema.tables.push_back(
      {.name = "tasks",
       .columns = {{.name = "title"}, {.name = "project_id", .is_indexed = true}}});
  EXPECT_EQ(
      user_tables_sql(schema),
      R"(create table "local_storage" ("key" varchar(16) primary key not null, "value" text not null);)"
      R"(create index "local_storage_key_index" on "local_storage" ("key");)"
      R"(create table "tasks" ("id" primary key, "_changed", "_status", "title", "project_id");)"
      R"(create index if not exists "tasks_project_id" on "tasks" ("project_id");)"
      R"(create index if not exists "tasks__status" on "tasks" ("_status");)");
}

TEST_F(OpenTest, CreatesAFileForItsOwnerOnly) {
  {
    const auto database = fixture.open(path);
  }
  struct stat info{};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  {
    const auto again = fixture.open(path);
  }
}

TEST_F(OpenTest, TakesAnEmptyFileForANewOne) {
  write_file(path, "");
  const auto database = fixture.open(path);
}

TEST_F(OpenTest, RefusesWhatIsNoDatabase) {
  for (const auto& content : {std::string("x"), std::string("Dear diary"), std::string(5000, '\0'),
                              std::string("SQLite format 3"), std::string(4096, 'S')}) {
    write_file(path, content);
    expect_untouched(ErrorCode::NotADatabase);
  }
}

TEST_F(OpenTest, RefusesATruncatedFile) {
  {
    const auto database = fixture.open(path);
  }
  const auto whole = read_file(path);
  write_file(path, whole.substr(0, 8192));
  expect_untouched(ErrorCode::Corrupt);
}

TEST_F(OpenTest, RefusesWhatIsNoFile) {
  EXPECT_EQ(failure(fixture.options(folder.file(""))), ErrorCode::Io) << message;
  EXPECT_EQ(failure(fixture.options(folder.file("no/such/folder.db"))), ErrorCode::Io);
  EXPECT_EQ(failure(fixture.options("")), ErrorCode::InvalidArgument);
}

TEST_F(OpenTest, RefusesAnotherProgramsDatabase) {
  run_sql(path, "create table notes (text)");
  expect_untouched(ErrorCode::WrongDatabase);
}

TEST_F(OpenTest, ComparesProjectAndUser) {
  auto options = fixture.options(path);
  options.project = "one";
  ASSERT_TRUE(Database::open(options).ok());
  options.user = "me";
  ASSERT_TRUE(Database::open(options).ok());  // The first that names a user sets it.
  options.user = "you";
  EXPECT_EQ(failure(options), ErrorCode::WrongDatabase);
  EXPECT_THAT(message, HasSubstr("\"me\""));
  EXPECT_THAT(message, HasSubstr("\"you\""));
  options.user = "";
  options.project = "two";
  EXPECT_EQ(failure(options), ErrorCode::WrongDatabase);
  options.project = "";
  EXPECT_TRUE(Database::open(options).ok());
}

TEST_F(OpenTest, ComparesVersions) {
  auto options = fixture.options(path);
  options.schema.version = 2;
  ASSERT_TRUE(Database::open(options).ok());
  options.schema.version = 1;
  EXPECT_EQ(failure(options), ErrorCode::NewerDatabase);
  options.schema.version = 3;
  EXPECT_EQ(failure(options), ErrorCode::MigrationMissing);
  options.schema.version = 2;
  EXPECT_TRUE(Database::open(options).ok());
  options.schema.tables[0].columns.push_back({.name = "more"});
  EXPECT_EQ(failure(options), ErrorCode::InvalidSchema);
  EXPECT_THAT(message, HasSubstr("projects"));
}

TEST_F(OpenTest, RefusesANewerFormat) {
  {
    const auto database = fixture.open(path);
  }
  run_sql(path, "update convoy_meta set value = 99 where key = 'format'");
  EXPECT_EQ(failure(fixture.options(path)), ErrorCode::NewerDatabase);
}

TEST_F(OpenTest, AdoptsWatermelonsUnsyncedRecords) {
  run_sql(path, user_tables_sql(testing::task_schema()) + R"(pragma user_version = 1;
insert into tasks values ('c', 'title', 'created', 'p', null, 'Made', 1.0, 1.0, null, 5.0);
insert into tasks values ('u', 'title,rank', 'updated', 'p', null, 'New', 2, 0, null, 0.0);
insert into tasks values ('d', '', 'deleted', 'p', null, 'Old', null, 0, null, 0.0);
insert into tasks values ('s', '', 'synced', 'p', null, 'Same', 'x', 7, null, 0.0);
insert into projects values ('p', '', 'created', 'Work');)");
  auto database = fixture.open(path);
  EXPECT_THAT(
      bodies(database),
      ElementsAre(
          R"({"ops":[{"op":"insert","table":"projects","id":"p","values":{"name":"Work"}}]})",
          R"({"ops":[{"op":"insert","table":"tasks","id":"c","values":{"project_id":"p",)"
          R"("parent_id":null,"title":"Made","rank":1,"done":true,"details":null,)"
          R"("updated_at":"1970-01-01T00:00:00.005000Z"}}]})",
          R"({"ops":[{"op":"update","table":"tasks","id":"u","values":{"title":"New","rank":2}}]})",
          R"({"ops":[{"op":"delete","table":"tasks","id":"d"}]})"));
  const auto tasks = database.fetch(from("tasks").order_by(asc("id")));
  ASSERT_TRUE(tasks.ok());
  ASSERT_EQ(tasks->size(), 3U);
  EXPECT_EQ((*tasks)[0].get("done"), Value(true));
  EXPECT_EQ((*tasks)[1].status, "synced");
  EXPECT_EQ((*tasks)[1].get("rank"), Value(Null{}));
  EXPECT_EQ((*tasks)[2].status, "updated");
  EXPECT_EQ((*tasks)[2].changed, "title,rank");
  // Once only.
  auto again = fixture.open(path);
  EXPECT_EQ(bodies(again).size(), 4U);
}

TEST_F(OpenTest, LeavesAWatermelonFileOfAnotherVersionAlone) {
  run_sql(path, user_tables_sql(testing::task_schema()) + "pragma user_version = 2;");
  expect_untouched(ErrorCode::NewerDatabase);
}

TEST_F(OpenTest, WantsAValidSchema) {
  auto options = fixture.options(path);
  options.schema.tables[0].name = "rowid";
  EXPECT_EQ(failure(options), ErrorCode::InvalidSchema);
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace convoy::store
