// The rules for migrations, and what they say about the schema.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "convoy/migration.h"
#include "schema/migration_steps.h"
#include "schema/test_story.h"

namespace convoy {
namespace {

using ::testing::HasSubstr;

Schema tasks(int version, std::vector<Column> columns = {{.name = "title"}}) {
  Schema schema{.version = version, .tables = {}};
  schema.tables.push_back({.name = "tasks", .columns = std::move(columns)});
  return schema;
}

// "" if there is none.
std::string failure(const Migrations& migrations, const Schema& schema) {
  const auto status = validate(migrations, schema);
  if (status.ok()) return "";
  EXPECT_EQ(status.error().code, ErrorCode::InvalidSchema);
  return status.error().message;
}

// Of one migration, to the schema's version 2.
std::string step_failure(MigrationStep step, const Schema& schema = tasks(2)) {
  return failure(Migrations{{.to_version = 2, .steps = {std::move(step)}}}, schema);
}

TEST(MigrationRules, TakeNoneAndEmptyOnes) {
  EXPECT_EQ(failure({}, tasks(1)), "");
  EXPECT_EQ(failure({}, tasks(7)), "");
  EXPECT_EQ(failure({{.to_version = 2}}, tasks(2)), "");
  EXPECT_EQ(step_failure(AddColumns{"tasks", {}}), "");
}

TEST(MigrationRules, WantEveryVersionOnce) {
  const auto versions = [](std::initializer_list<int> list, int schema) {
    Migrations migrations;
    for (const int version : list) migrations.push_back({.to_version = version, .steps = {}});
    return failure(migrations, tasks(schema));
  };
  EXPECT_EQ(versions({2, 3, 4}, 4), "");
  EXPECT_EQ(versions({4, 2, 3}, 4), "");
  EXPECT_EQ(versions({5, 6}, 6), "");  // The oldest need not be the first.
  EXPECT_THAT(versions({1, 2}, 2), HasSubstr("migration to version 1"));
  EXPECT_THAT(versions({-5}, 2), HasSubstr("migration to version -5"));
  EXPECT_THAT(versions({2, 4}, 4), HasSubstr("the one to version 3 is missing"));
  EXPECT_THAT(versions({2, 3, 2}, 3), HasSubstr("migration to version 2: it stands twice"));
  EXPECT_THAT(versions({2, 3}, 4), HasSubstr("leads to version 3, the schema has version 4"));
  EXPECT_THAT(versions({2, 3}, 2), HasSubstr("leads to version 3, the schema has version 2"));
}

TEST(MigrationRules, HoldNamesAndColumnsToTheSchemasRules) {
  EXPECT_THAT(step_failure(CreateTable{{.name = "local_storage"}}),
              HasSubstr("migration to version 2, step 1 (CreateTable): "));
  EXPECT_THAT(step_failure(CreateTable{{.name = "x", .columns = {{.name = "a"}, {.name = "A"}}}}),
              HasSubstr("x.A stands twice"));
  EXPECT_THAT(step_failure(AddColumns{"convoy_meta", {}}), HasSubstr("convoy_meta"));
  EXPECT_THAT(step_failure(AddColumns{"tasks", {{.name = "_status"}}}),
              HasSubstr("tasks: the name"));
  EXPECT_THAT(step_failure(AddColumns{"tasks", {{.name = "created_at"}}}),
              HasSubstr("tasks.created_at must be a number"));
  EXPECT_THAT(step_failure(AddColumns{
                  "tasks", {{.name = "a", .type = ColumnType::Number, .pg_type = PgType::Jsonb}}}),
              HasSubstr("tasks.a has a Postgres type"));
  EXPECT_THAT(step_failure(DropTable{"sqlite_master"}), HasSubstr("(DropTable)"));
  EXPECT_THAT(step_failure(RenameTable{"a b", "tasks"}), HasSubstr("\"a b\""));
  EXPECT_THAT(step_failure(RenameTable{"old", "id"}), HasSubstr("\"id\""));
  EXPECT_THAT(step_failure(RenameTable{"tasks", "tasks"}), HasSubstr("renamed to itself"));
  EXPECT_THAT(step_failure(DropColumn{"tasks", "id"}), HasSubstr("\"id\""));
  EXPECT_THAT(step_failure(RenameColumn{"tasks", "_changed", "b"}), HasSubstr("\"_changed\""));
  EXPECT_THAT(step_failure(RenameColumn{"tasks", "a", "__b"}), HasSubstr("\"__b\""));
  EXPECT_THAT(step_failure(RenameColumn{"tasks", "title", "title"}),
              HasSubstr("renamed to itself"));
  EXPECT_THAT(step_failure(AddIndex{"tasks", ""}), HasSubstr("(AddIndex)"));
  EXPECT_THAT(step_failure(DropIndex{"", "title"}), HasSubstr("(DropIndex)"));
}

TEST(MigrationRules, WantSqlThatEndsWithASemicolon) {
  EXPECT_EQ(step_failure(RunSql{"select 1;"}), "");
  EXPECT_EQ(step_failure(RunSql{"select 1; \n\t"}), "");
  for (const char* bad : {"", " ", "select 1", "select 1; --"}) {
    EXPECT_THAT(step_failure(RunSql{bad}), HasSubstr("semicolon")) << bad;
  }
  EXPECT_THAT(step_failure(RunSql{"select '\xff';"}), HasSubstr("UTF-8"));
  EXPECT_THAT(step_failure(RunSql{std::string("select 1;\0;", 11)}), HasSubstr("NUL"));
}

TEST(MigrationRules, CompareWhatIsAddedWithTheSchema) {
  const auto with_rank = tasks(
      2, {{.name = "title"}, {.name = "rank", .type = ColumnType::Number, .is_indexed = true}});
  const Column rank{.name = "rank", .type = ColumnType::Number, .is_indexed = true};
  EXPECT_EQ(step_failure(AddColumns{"tasks", {rank}}, with_rank), "");
  EXPECT_THAT(step_failure(AddColumns{"tasks", {rank}}),
              HasSubstr("there is no column tasks.rank after it"));
  EXPECT_THAT(step_failure(AddColumns{"notes", {rank}}), HasSubstr("there is no table \"notes\""));
  EXPECT_THAT(step_failure(AddColumns{"tasks", {{.name = "rank", .is_indexed = true}}}, with_rank),
              HasSubstr("tasks.rank is a String in it, but a Number after it"));
  EXPECT_THAT(
      step_failure(AddColumns{"tasks", {{.name = "rank", .type = ColumnType::Number}}}, with_rank),
      HasSubstr("tasks.rank is not indexed in it, but is after it"));
  EXPECT_EQ(
      step_failure(CreateTable{{.name = "tasks", .columns = {{.name = "title"}, rank}}}, with_rank),
      "");
  EXPECT_THAT(
      step_failure(CreateTable{{.name = "tasks", .columns = {{.name = "title"}}}}, with_rank),
      HasSubstr("tasks.rank is there after it, but nothing adds it"));
  EXPECT_THAT(step_failure(CreateTable{{.name = "notes"}}),
              HasSubstr("no table \"notes\" after it"));
}

TEST(MigrationRules, CompareWhatIsDroppedWithTheSchema) {
  EXPECT_EQ(step_failure(DropTable{"notes"}), "");
  EXPECT_THAT(step_failure(DropTable{"tasks"}), HasSubstr("\"tasks\" is still there after it"));
  EXPECT_EQ(step_failure(DropColumn{"tasks", "rank"}), "");
  EXPECT_THAT(step_failure(DropColumn{"tasks", "title"}), HasSubstr("tasks.title is still there"));
  EXPECT_THAT(step_failure(DropColumn{"notes", "title"}), HasSubstr("no table \"notes\""));
}

TEST(MigrationRules, CompareWhatIsRenamedWithTheSchema) {
  EXPECT_EQ(step_failure(RenameTable{"todos", "tasks"}), "");
  EXPECT_THAT(step_failure(RenameTable{"tasks", "todos"}), HasSubstr("\"tasks\" is still there"));
  EXPECT_THAT(step_failure(RenameTable{"a", "todos"}), HasSubstr("no table \"todos\""));
  EXPECT_EQ(step_failure(RenameColumn{"tasks", "name", "title"}), "");
  EXPECT_THAT(step_failure(RenameColumn{"tasks", "title", "name"}),
              HasSubstr("tasks.title is still"));
  EXPECT_THAT(step_failure(RenameColumn{"tasks", "a", "b"}), HasSubstr("no column tasks.b"));
}

TEST(MigrationRules, CompareIndicesWithTheSchema) {
  const auto indexed = tasks(2, {{.name = "title", .is_indexed = true}});
  EXPECT_EQ(step_failure(AddIndex{"tasks", "title"}, indexed), "");
  EXPECT_THAT(step_failure(AddIndex{"tasks", "title"}), HasSubstr("tasks.title is not indexed"));
  EXPECT_EQ(step_failure(DropIndex{"tasks", "title"}), "");
  EXPECT_THAT(step_failure(DropIndex{"tasks", "title"}, indexed), HasSubstr("is still indexed"));
  EXPECT_THAT(step_failure(DropIndex{"tasks", "nothing"}), HasSubstr("no column tasks.nothing"));
}

TEST(MigrationRules, FollowATableThroughAllVersions) {
  // Made, renamed, changed and dropped again: what a step says is compared with what was there.
  Migrations migrations{
      {.to_version = 2, .steps = {CreateTable{{.name = "a", .columns = {{.name = "x"}}}}}},
      {.to_version = 3, .steps = {RenameTable{"a", "b"}, RenameColumn{"b", "x", "y"}}},
      {.to_version = 4, .steps = {AddColumns{"b", {{.name = "z"}}}, DropColumn{"b", "y"}}},
      {.to_version = 5,
       .steps = {AddIndex{"b", "z"}, RenameTable{"b", "tasks"},
                 RenameColumn{"tasks", "z", "title"}}}};
  const auto last = tasks(5, {{.name = "title", .is_indexed = true}});
  EXPECT_EQ(failure(migrations, last), "");
  migrations[0].steps = {CreateTable{{.name = "a", .columns = {{.name = "w"}}}}};
  EXPECT_THAT(failure(migrations, last), HasSubstr("migration to version 2, step 1 (CreateTable)"));
  migrations[0].steps.clear();
  migrations[2].steps.insert(migrations[2].steps.begin(), AddColumns{"a", {{.name = "q"}}});
  EXPECT_THAT(failure(migrations, last), HasSubstr("migration to version 4, step 1 (AddColumns)"));
}

TEST(MigrationRules, KnowNothingOfWhatWasThereBeforeOwnSql) {
  const Migrations migrations{
      {.to_version = 2, .steps = {AddColumns{"tasks", {{.name = "gone"}}}}},
      {.to_version = 3, .steps = {RunSql{"alter table tasks drop column gone;"}}}};
  EXPECT_EQ(failure(migrations, tasks(3)), "");
}

TEST(MigrationPlan, IsTheStepsBetweenTwoVersions) {
  const Migrations migrations{{.to_version = 4, .steps = {DropTable{"d"}}},
                              {.to_version = 2, .steps = {DropTable{"a"}, DropTable{"b"}}},
                              {.to_version = 3, .steps = {}}};
  const auto all = schema::plan(migrations, 1, 4);
  ASSERT_TRUE(all.has_value());
  ASSERT_EQ(all->size(), 3U);
  EXPECT_EQ((*all)[1].name(), "migration to version 2, step 2 (DropTable)");
  EXPECT_EQ((*all)[2].to_version, 4);
  EXPECT_EQ(schema::plan(migrations, 3, 4)->size(), 1U);
  EXPECT_TRUE(schema::plan(migrations, 2, 3)->empty());
  EXPECT_FALSE(schema::plan(migrations, 4, 5).has_value());
  EXPECT_FALSE(schema::plan({}, 1, 2).has_value());
  EXPECT_FALSE(schema::plan({{.to_version = 3}}, 1, 3).has_value());
}

RC_GTEST_PROP(MigrationRules, TakeEveryTrueStory, ()) {
  const auto story = schema::testing::Storyteller::tell();
  const auto status = validate(story.last);
  if (!status.ok()) RC_FAIL(status.error().message);
  const auto migrations = validate(story.migrations, story.last);
  if (!migrations.ok()) RC_FAIL(migrations.error().message);
}

}  // namespace
}  // namespace convoy
