// Files that WatermelonDB wrote: migrated as it would have done, and then taken over.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/layout.h"
#include "store/test_file.h"
#include "store/test_support.h"

namespace convoy::store {
namespace {

using testing::bodies;
using testing::code_of;
using testing::column;
using ::testing::ElementsAre;
using testing::Fixture;
using ::testing::HasSubstr;
using testing::rows;
using testing::run_sql;
using testing::TemporaryFolder;
using testing::text;

// As WatermelonDB lays it out, with a record in each state.
constexpr const char* kVersion1 =
    R"(create table "local_storage" ("key" varchar(16) primary key not null, "value" text not null);
create index "local_storage_key_index" on "local_storage" ("key");
create table "tasks" ("id" primary key, "_changed", "_status", "title", "rank");
create index if not exists "tasks_title" on "tasks" ("title");
create index if not exists "tasks__status" on "tasks" ("_status");
pragma user_version = 1;
insert into local_storage values ('key', '"value"');
insert into tasks values ('s', '', 'synced', 'Same', 1.0);
insert into tasks values ('u', 'title', 'updated', 'Mine', 2.0);
insert into tasks values ('r', 'rank', 'updated', 'Rank', 3.0);
insert into tasks values ('b', 'title,rank', 'updated', 'Both', 4.0);
insert into tasks values ('c', '', 'created', 'New', 5.0);
insert into tasks values ('d', '', 'deleted', 'Old', 6.0);)";

Schema version2(std::vector<Column> columns) {
  Schema schema{.version = 2, .tables = {}};
  schema.tables.push_back(
      {.name = "tasks", .columns = std::move(columns), .ids = IdKind::Watermelon});
  return schema;
}

const Column kTitle{.name = "title", .is_indexed = true};
const Column kRank{.name = "rank", .type = ColumnType::Number, .is_optional = true};

struct WatermelonTest : ::testing::Test {
  void SetUp() override { run_sql(path, kVersion1); }

  DatabaseOptions options(Schema schema, std::vector<MigrationStep> steps) {
    auto result = fixture.options(path, std::move(schema));
    result.migrations = {{.to_version = 2, .steps = std::move(steps)}};
    return result;
  }

  Database open(Schema schema, std::vector<MigrationStep> steps) {
    auto database = Database::open(options(std::move(schema), std::move(steps)));
    if (!database.ok()) {
      ADD_FAILURE() << database.error().message;
      std::abort();
    }
    return *std::move(database);
  }

  TemporaryFolder folder;
  Fixture fixture;
  std::string path = folder.file();
};

TEST_F(WatermelonTest, EndsWithTheRowsThatWatermelonsOwnSqlGives) {
  const std::vector<Column> added{
      {.name = "note", .is_indexed = true},
      {.name = "maybe", .is_optional = true},
      {.name = "count", .type = ColumnType::Number},
      {.name = "open", .type = ColumnType::Boolean, .is_optional = false}};
  const Table labels{.name = "labels", .columns = {{.name = "text", .is_indexed = true}}};
  // encodeMigrationSteps() of the same steps.
  const auto upstream = folder.file("upstream.db");
  run_sql(upstream, kVersion1);
  run_sql(upstream, R"(alter table "tasks" add "note";update "tasks" set "note" = '';
create index if not exists "tasks_note" on "tasks" ("note");
alter table "tasks" add "maybe";update "tasks" set "maybe" = null;
alter table "tasks" add "count";update "tasks" set "count" = 0;
alter table "tasks" add "open";update "tasks" set "open" = 0;
create table "labels" ("id" primary key, "_changed", "_status", "text");
create index if not exists "labels_text" on "labels" ("text");
create index if not exists "labels__status" on "labels" ("_status");
update tasks set rank = rank * 2;)");
  auto schema = version2({kTitle, kRank});
  schema.tables[0].columns.insert(schema.tables[0].columns.end(), added.begin(), added.end());
  schema.tables.push_back(labels);
  {
    const auto database = open(schema, {AddColumns{"tasks", added}, CreateTable{labels},
                                        RunSql{"update tasks set rank = rank * 2;"}});
  }
  EXPECT_EQ(testing::layout(*testing::connect(path)), testing::layout(*testing::connect(upstream)));
  for (const char* table : {"tasks", "labels", "local_storage"}) {
    // Records that wait to be sent were put together anew, with numbers as numbers.
    EXPECT_EQ(rows(*testing::connect(path), table, testing::Numbers::ByValue),
              rows(*testing::connect(upstream), table, testing::Numbers::ByValue));
  }
  EXPECT_THAT(rows(path, "tasks"), ::testing::Contains(HasSubstr("id='s'")));
  EXPECT_EQ(text(path,
                 "select quote(note) || quote(maybe) || quote(count) || quote(open) from "
                 "tasks where id = 's'"),
            "''NULL00");
  // So WatermelonDB itself can go on with the file.
  EXPECT_EQ(text(path, "pragma user_version"), "2");
}

TEST_F(WatermelonTest, SendsWhatWasNotSyncedUnderTheNewNames) {
  Column name = kTitle;
  name.name = "name";
  auto schema = version2({name, kRank});
  schema.tables[0].name = "todos";
  auto database =
      open(schema, {RenameColumn{"tasks", "title", "name"}, RenameTable{"tasks", "todos"}});
  EXPECT_THAT(
      bodies(database),
      ElementsAre(
          R"({"ops":[{"op":"insert","table":"todos","id":"c","values":{"name":"New","rank":5}}]})",
          R"({"ops":[{"op":"update","table":"todos","id":"u","values":{"name":"Mine"}}]})",
          R"({"ops":[{"op":"update","table":"todos","id":"r","values":{"rank":3}}]})",
          R"({"ops":[{"op":"update","table":"todos","id":"b","values":{"name":"Both","rank":4}}]})",
          R"({"ops":[{"op":"delete","table":"todos","id":"d"}]})"));
  EXPECT_EQ(text(path, "select value from local_storage"), "\"value\"");
}

TEST_F(WatermelonTest, SendsNothingOfAColumnThatIsDropped) {
  auto database = open(version2({kTitle}), {DropColumn{"tasks", "rank"}});
  EXPECT_THAT(
      bodies(database),
      ElementsAre(R"({"ops":[{"op":"insert","table":"tasks","id":"c","values":{"title":"New"}}]})",
                  R"({"ops":[{"op":"update","table":"tasks","id":"u","values":{"title":"Mine"}}]})",
                  R"({"ops":[{"op":"update","table":"tasks","id":"b","values":{"title":"Both"}}]})",
                  R"({"ops":[{"op":"delete","table":"tasks","id":"d"}]})"));
  EXPECT_EQ(text(path, "select _status from tasks where id = 'r'"), "synced");
}

TEST_F(WatermelonTest, MindsNoTablesAndColumnsThatWatermelonLeftBehind) {
  // Upstream has no step that drops: what the schema no longer names stays in the file.
  run_sql(path,
          "alter table tasks add old; create table \"gone\" (\"id\" primary key, \"_changed\", "
          "\"_status\"); insert into gone values ('g', '', 'created');");
  const auto database = open(version2({kTitle, kRank}), {});
  EXPECT_EQ(text(path, "select count(*) from gone"), "1");
}

TEST_F(WatermelonTest, IsLeftAloneWhenAStepFails) {
  const auto before = testing::dump(path);
  const auto database = Database::open(options(
      version2({kTitle, kRank}), {RunSql{"delete from tasks; insert into no values (1);"}}));
  EXPECT_EQ(code_of(database), ErrorCode::InvalidSchema);
  EXPECT_THAT(database.error().message, HasSubstr("migration to version 2, step 1 (RunSql)"));
  EXPECT_EQ(testing::dump(path), before);
  const auto missing = Database::open(options(version2({kTitle, kRank, {.name = "more"}}), {}));
  EXPECT_EQ(code_of(missing), ErrorCode::InvalidSchema);
  EXPECT_THAT(missing.error().message, HasSubstr("tasks.more"));
  EXPECT_EQ(testing::dump(path), before);
}

TEST_F(WatermelonTest, TakesOverWhatWasWrittenBeforeTheMigration) {
  // Convoy had the file, and WatermelonDB wrote to it again.
  auto schema = version2({kTitle, kRank});
  schema.version = 1;
  {
    auto database = fixture.open(path, schema);
    ASSERT_EQ(bodies(database).size(), 5U);
  }
  run_sql(path,
          "insert into tasks values ('n', '', 'created', 'Later', 7.0); update tasks set title = "
          "'Changed', _status = 'updated', _changed = 'title' where id = 's';");
  Column name = kTitle;
  name.name = "name";
  schema = version2({name, kRank});
  auto database = open(schema, {RenameColumn{"tasks", "title", "name"},
                                RunSql{"update tasks set rank = rank + 1;"}});
  const auto now = bodies(database);
  ASSERT_EQ(now.size(), 7U);
  EXPECT_EQ(
      now[5],
      R"({"ops":[{"op":"insert","table":"tasks","id":"n","values":{"name":"Later","rank":8}}]})");
  EXPECT_EQ(now[6],
            R"({"ops":[{"op":"update","table":"tasks","id":"s","values":{"name":"Changed"}}]})");
  // And what is written from now on.
  run_sql(path, "insert into tasks values ('m', '', 'created', 'Last', 1.0)");
  auto again = open(schema, {});
  EXPECT_EQ(bodies(again).size(), 8U);
}

TEST_F(WatermelonTest, KeepsATableOfThisDeviceToItself) {
  auto schema = version2({kTitle, kRank});
  schema.tables[0].is_local_only = true;
  auto database = open(schema, {});
  EXPECT_THAT(bodies(database), ::testing::IsEmpty());
  EXPECT_THAT(column(path, "select id || ' ' || _status || _changed from tasks order by id"),
              ElementsAre("b synced", "c synced", "r synced", "s synced", "u synced"));
  EXPECT_EQ(text(path, "select count(*) from convoy_row"), "0");
}

}  // namespace
}  // namespace convoy::store
