// What a file may be when it is opened, and what becomes of it.
#include <fstream>
#include <functional>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

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

TEST_F(OpenTest, SaysWhichMigrationIsMissing) {
  const auto changed = [&](const std::function<void(Schema&)>& change) {
    auto options = fixture.options(path);
    change(options.schema);
    EXPECT_EQ(failure(options), ErrorCode::InvalidSchema);
    const auto database = Database::open(options);
    return message + " " + (database.ok() ? "" : database.error().hint);
  };
  {
    const auto database = fixture.open(path);
  }
  using ::testing::AllOf;
  EXPECT_THAT(changed([](Schema& schema) { schema.tables[0].columns[0].is_indexed = true; }),
              AllOf(HasSubstr("projects.name is indexed in the schema"), HasSubstr("AddIndex")));
  EXPECT_THAT(changed([](Schema& schema) { schema.tables[1].columns[0].is_indexed = false; }),
              AllOf(HasSubstr("tasks.project_id is indexed in the file"), HasSubstr("DropIndex")));
  EXPECT_THAT(changed([](Schema& schema) { schema.tables[1].columns.pop_back(); }),
              AllOf(HasSubstr("tasks.updated_at is in the file"), HasSubstr("DropColumn")));
  EXPECT_THAT(changed([](Schema& schema) { schema.tables[1].columns.push_back({.name = "new"}); }),
              AllOf(HasSubstr("tasks.new is in the schema"), HasSubstr("AddColumns")));
  EXPECT_THAT(changed([](Schema& schema) { schema.tables.pop_back(); }),
              AllOf(HasSubstr("the table \"tasks\" is in the file"), HasSubstr("DropTable")));
  EXPECT_THAT(changed([](Schema& schema) { schema.tables.push_back({.name = "new"}); }),
              AllOf(HasSubstr("the table \"new\" is in the schema"), HasSubstr("CreateTable")));
  EXPECT_THAT(
      changed([](Schema& schema) { schema.tables[0].columns[0].type = ColumnType::Boolean; }),
      AllOf(HasSubstr("projects.name has another type"), HasSubstr("AddColumns")));
}

TEST_F(OpenTest, NeedsNoMigrationForWhatTheFileDoesNotDependOn) {
  {
    const auto database = fixture.open(path);
  }
  auto schema = testing::task_schema();
  std::swap(schema.tables[0], schema.tables[1]);
  auto& columns = schema.tables[0].columns;
  std::swap(columns[2], columns[3]);
  columns[2].is_optional = false;
  columns[3].is_searchable = true;
  schema.tables[0].ids = IdKind::Uuid;
  auto database = fixture.open(path, schema);
  CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("tasks", {{"title", "One"}, {"rank", 2.0}}));
    return ok_status();
  }));
  auto again = fixture.open(path);
  const auto tasks = *again.fetch(from("tasks"));
  ASSERT_EQ(tasks.size(), 1U);
  EXPECT_EQ(tasks[0].text("title"), "One");
  EXPECT_EQ(tasks[0].number("rank"), 2.0);
}

TEST_F(OpenTest, ChecksMigrationsBeforeItOpensAnything) {
  auto options = fixture.options(path);
  options.migrations = {{.to_version = 2, .steps = {}}};
  EXPECT_EQ(failure(options), ErrorCode::InvalidSchema);
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(OpenTest, LetsNobodyWriteWithAnOlderSchemaIntoAMigratedFile) {
  auto old = fixture.open(path);
  auto options = fixture.options(path);
  options.schema.version = 2;
  options.migrations = {{.to_version = 2, .steps = {}}};
  ASSERT_TRUE(Database::open(options).ok());
  const auto status = old.write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("projects", {{"name", "Lost"}}));
    return ok_status();
  });
  EXPECT_EQ(testing::code_of(status), ErrorCode::NewerDatabase);
  EXPECT_THAT(status.error().message, HasSubstr(path));
  EXPECT_TRUE(bodies(old).empty());
}

TEST_F(OpenTest, SaysWhoIsBusyWhenAnotherProcessHasTheFileToItself) {
  {
    const auto database = fixture.open(path);
  }
  int ready[2];
  int done[2];
  ASSERT_EQ(::pipe(ready), 0);
  ASSERT_EQ(::pipe(done), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(done[1]);
    sqlite3* db = nullptr;
    sqlite3_open(path.c_str(), &db);
    sqlite3_exec(db, "pragma locking_mode = exclusive; begin exclusive; create table x (a);",
                 nullptr, nullptr, nullptr);
    char byte = 0;
    if (::write(ready[1], "x", 1) == 1 && ::read(done[0], &byte, 1) == 0) ::_exit(0);
    ::_exit(1);
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  auto options = fixture.options(path);
  options.busy_timeout = std::chrono::milliseconds(20);
  EXPECT_EQ(failure(options), ErrorCode::Busy);
  EXPECT_THAT(message, HasSubstr(path));
  for (const int end : {ready[0], ready[1], done[0], done[1]}) ::close(end);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(Database::open(options).ok());
}

// Root may write everywhere, so the look is taken by a process that is nobody.
template <class Work>
int as_nobody(Work work) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (::geteuid() == 0 && ::setuid(65534) != 0) ::_exit(90);
    ::_exit(work());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 91;
}

TEST_F(OpenTest, SaysWhatCantBeWritten) {
  {
    const auto database = fixture.open(path);
  }
  const auto look = [&](const std::string& file) {
    return as_nobody([&] {
      const auto database = Database::open(fixture.options(file));
      if (database.ok()) return 1;
      if (database.error().message.find(file) == std::string::npos) return 2;
      if (database.error().hint.empty()) return 3;
      return static_cast<int>(database.error().code);
    });
  };
  const auto folder_path = std::filesystem::path(path).parent_path();
  const auto read_only = static_cast<int>(ErrorCode::ReadOnly);
  // The folder.
  ASSERT_EQ(::chmod(folder_path.c_str(), 0555), 0);
  ASSERT_EQ(::chmod(path.c_str(), 0666), 0);
  EXPECT_EQ(look(path), read_only);
  EXPECT_EQ(look(folder.file("new.db")), read_only);
  // The file.
  ASSERT_EQ(::chmod(folder_path.c_str(), 0777), 0);
  ASSERT_EQ(::chmod(path.c_str(), 0444), 0);
  EXPECT_EQ(look(path), read_only);
  // Not even that.
  ASSERT_EQ(::chmod(path.c_str(), 0000), 0);
  EXPECT_EQ(look(path), static_cast<int>(ErrorCode::Io));
  ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
}

TEST_F(OpenTest, NamesACorruptFile) {
  {
    auto database = fixture.open(path);
    CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
      for (int i = 0; i < 200; ++i) {
        CONVOY_CHECK_OK(writer.create("projects", {{"name", std::string(400, 'x')}}));
      }
      return ok_status();
    }));
  }
  const auto whole = read_file(path);
  constexpr std::size_t kPage = 4096;
  const auto page_of_table = [&](const char* name) {
    sqlite3* db = nullptr;
    sqlite3_open(path.c_str(), &db);
    sqlite3_stmt* select = nullptr;
    const auto sql = "select rootpage from sqlite_schema where name = '" + std::string(name) + "'";
    sqlite3_prepare_v2(db, sql.c_str(), -1, &select, nullptr);
    sqlite3_step(select);
    const auto page = static_cast<std::size_t>(sqlite3_column_int64(select, 0));
    sqlite3_finalize(select);
    sqlite3_close(db);
    return page;
  };
  const auto with_rubbish = [&](std::size_t page) {
    auto content = whole;
    content.replace((page - 1) * kPage + (page == 1 ? 100 : 0), 1000, std::string(1000, '\x55'));
    return content;
  };
  const auto books = page_of_table("convoy_meta");
  const auto table = page_of_table("projects");
  // What opening looks at: the list of tables, and the engine's books.
  for (const std::size_t page : {std::size_t{1}, books}) {
    write_file(path, with_rubbish(page));
    expect_untouched(ErrorCode::Corrupt);
  }
  // What it does not look at shows when it is read.
  write_file(path, with_rubbish(table));
  auto database = fixture.open(path);
  const auto rows = database.fetch(from("projects"));
  EXPECT_EQ(testing::code_of(rows), ErrorCode::Corrupt);
  EXPECT_THAT(rows.ok() ? "" : rows.error().message, HasSubstr(path));
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
