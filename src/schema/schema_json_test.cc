// The JSON form of schemas and migrations.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "schema/schema_json.h"
#include "schema/test_story.h"

namespace convoy::schema {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kEverything = R"({
  "version": 4,
  "tables": [
    {"name": "todos", "ids": "watermelon", "columns": [
      {"name": "title", "type": "string", "indexed": true, "searchable": true},
      {"name": "milestone_id", "type": "string", "optional": true, "pg": "uuid",
       "references": {"table": "milestones", "on_delete": "set_null"}},
      {"name": "list_id", "type": "string", "references": {"table": "milestones"}},
      {"name": "rank", "type": "number"},
      {"name": "due", "type": "number", "pg": "timestamptz"},
      {"name": "done", "type": "boolean"}]},
    {"name": "milestones", "columns": []},
    {"name": "drafts", "local_only": true, "columns": [{"name": "text", "type": "string"}]}],
  "migrations": [
    {"to": 2, "steps": [
      {"rename_table": {"from": "tasks", "to": "todos"}},
      {"add_columns": {"table": "todos", "columns": [{"name": "due", "type": "number", "pg": "timestamptz"}]}},
      {"create_table": {"name": "drafts", "local_only": true, "columns": [{"name": "text", "type": "string"}]}},
      {"rename_column": {"table": "todos", "from": "name", "to": "title"}},
      {"drop_column": {"table": "todos", "column": "colour"}}]},
    {"to": 3, "steps": []},
    {"to": 4, "steps": [
      {"sql": "update todos set rank = 1;"},
      {"drop_table": "old"},
      {"add_index": {"table": "todos", "column": "title"}},
      {"drop_index": {"table": "todos", "column": "rank"}}]}]
})";

std::string failure(std::string_view json) {
  const auto result = parse_schema(json);
  if (result.ok()) return "(no error)";
  EXPECT_EQ(result.error().code, ErrorCode::InvalidSchema);
  return result.error().message;
}

TEST(SchemaJson, SaysEverythingASchemaSays) {
  const auto result = parse_schema(kEverything);
  ASSERT_TRUE(result.ok()) << result.error().message;
  const auto& [schema, migrations] = *result;
  EXPECT_EQ(schema.version, 4);
  ASSERT_EQ(schema.tables.size(), 3U);
  const auto& todos = schema.tables[0];
  EXPECT_EQ(todos.ids, IdKind::Watermelon);
  EXPECT_FALSE(todos.is_local_only);
  ASSERT_EQ(todos.columns.size(), 6U);
  EXPECT_EQ(todos.columns[0], (Column{.name = "title", .is_indexed = true, .is_searchable = true}));
  Column milestone{.name = "milestone_id", .is_optional = true, .pg_type = PgType::Uuid};
  milestone.references = Reference{.table = "milestones", .on_delete = OnDelete::SetNull};
  EXPECT_EQ(todos.columns[1], milestone);
  EXPECT_EQ(todos.columns[2].references->on_delete, OnDelete::Nothing);
  EXPECT_EQ(todos.columns[4],
            (Column{.name = "due", .type = ColumnType::Number, .pg_type = PgType::Timestamptz}));
  EXPECT_EQ(todos.columns[5].type, ColumnType::Boolean);
  EXPECT_EQ(schema.tables[1].ids, IdKind::Uuid);
  EXPECT_TRUE(schema.tables[2].is_local_only);

  ASSERT_EQ(migrations.size(), 3U);
  EXPECT_EQ(migrations[0].to_version, 2);
  EXPECT_EQ(migrations[0].steps[0], MigrationStep(RenameTable{"tasks", "todos"}));
  EXPECT_EQ(migrations[0].steps[1], MigrationStep(AddColumns{"todos", {todos.columns[4]}}));
  EXPECT_EQ(migrations[0].steps[2], MigrationStep(CreateTable{schema.tables[2]}));
  EXPECT_EQ(migrations[0].steps[3], MigrationStep(RenameColumn{"todos", "name", "title"}));
  EXPECT_EQ(migrations[0].steps[4], MigrationStep(DropColumn{"todos", "colour"}));
  EXPECT_TRUE(migrations[1].steps.empty());
  EXPECT_EQ(migrations[2].steps[0], MigrationStep(RunSql{"update todos set rank = 1;"}));
  EXPECT_EQ(migrations[2].steps[1], MigrationStep(DropTable{"old"}));
  EXPECT_EQ(migrations[2].steps[2], MigrationStep(AddIndex{"todos", "title"}));
  EXPECT_EQ(migrations[2].steps[3], MigrationStep(DropIndex{"todos", "rank"}));
}

TEST(SchemaJson, IsWrittenAsItWasRead) {
  const auto document = *parse_schema(kEverything);
  const auto again = parse_schema(schema_to_json(document.schema, document.migrations));
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(*again, document);
}

TEST(SchemaJson, LeavesDefaultsOut) {
  const auto text =
      schema_to_json({.version = 1, .tables = {{.name = "a", .columns = {{.name = "b"}}}}}, {});
  EXPECT_EQ(text, R"({
  "version": 1,
  "tables": [
    {
      "name": "a",
      "columns": [
        {
          "name": "b",
          "type": "string"
        }
      ]
    }
  ]
})");
}

RC_GTEST_PROP(SchemaJson, RoundTrips, ()) {
  const auto story = testing::Storyteller::tell();
  RC_LOG() << schema_to_json(story.last, story.migrations);
  const auto again = parse_schema(schema_to_json(story.last, story.migrations));
  if (!again.ok()) RC_FAIL(again.error().message);
  RC_ASSERT(again->schema == story.last);
  RC_ASSERT(again->migrations == story.migrations);
}

struct Bad {
  const char* json;
  const char* message;
};

class BadSchemaJson : public ::testing::TestWithParam<Bad> {};

TEST_P(BadSchemaJson, IsRefusedWithItsPlace) {
  EXPECT_THAT(failure(GetParam().json), HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadSchemaJson,
    ::testing::Values(
        Bad{"", "not valid JSON"}, Bad{"{", "not valid JSON"}, Bad{"[]", "must be an object"},
        Bad{R"({"tables":[]})", "version: is missing"},
        Bad{R"({"version":"1","tables":[]})", "version: must be a whole number"},
        Bad{R"({"version":0,"tables":[]})", "version: must be a whole number"},
        Bad{R"({"version":1.5,"tables":[]})", "version: must be a whole number"},
        Bad{R"({"version":2147483648,"tables":[]})", "version: must be a whole number"},
        Bad{R"({"version":1})", "tables: is missing"},
        Bad{R"({"version":1,"tables":{}})", "tables: must be an array"},
        Bad{R"({"version":1,"tables":[],"migration":[]})", "migration: there is no such member"},
        Bad{R"({"version":1,"version":1,"tables":[]})", "stands twice"},
        Bad{R"({"version":1,"tables":[7]})", "tables[0]: must be an object"},
        Bad{R"({"version":1,"tables":[{"columns":[]}]})", "tables[0].name: is missing"},
        Bad{R"({"version":1,"tables":[{"name":null,"columns":[]}]})",
            "tables[0].name: must be a text"},
        Bad{R"({"version":1,"tables":[{"name":"a"}]})", "tables[0].columns: is missing"},
        Bad{R"({"version":1,"tables":[{"name":"a","columns":[],"ids":"int"}]})",
            R"(tables[0].ids: must be "uuid" or "watermelon")"},
        Bad{R"({"version":1,"tables":[{"name":"a","columns":[],"local_only":1}]})",
            "tables[0].local_only: must be true or false"},
        Bad{R"({"version":1,"tables":[{"name":"a","columns":[]},{"name":"b","columns":[{"name":"c","type":"string"},{"name":"d"}]}]})",
            "tables[1].columns[1].type: is missing"},
        Bad{R"({"version":1,"tables":[{"name":"b","columns":[{"name":"c","type":"text"}]}]})",
            R"(tables[0].columns[0].type: must be "string", "number" or "boolean")"},
        Bad{R"({"version":1,"tables":[{"name":"b","columns":[{"name":"c","type":"string","pg":"text"}]}]})",
            "tables[0].columns[0].pg: must be"},
        Bad{R"({"version":1,"tables":[{"name":"b","columns":[{"name":"c","type":"string","is_indexed":true}]}]})",
            "tables[0].columns[0].is_indexed: there is no such member"},
        Bad{R"({"version":1,"tables":[{"name":"b","columns":[{"name":"c","type":"string","references":"b"}]}]})",
            "tables[0].columns[0].references: must be an object"},
        Bad{R"({"version":1,"tables":[{"name":"b","columns":[{"name":"c","type":"string","references":{}}]}]})",
            "tables[0].columns[0].references.table: is missing"},
        Bad{R"({"version":1,"tables":[{"name":"b","columns":[{"name":"c","type":"string","references":{"table":"b","on_delete":"drop"}}]}]})",
            "tables[0].columns[0].references.on_delete: must be"},
        Bad{R"({"version":1,"tables":[{"name":"b","columns":[{"name":"id","type":"string"}]}]})",
            "b: the name \"id\""},
        Bad{R"({"version":2,"tables":[],"migrations":[{"steps":[]}]})",
            "migrations[0].to: is missing"},
        Bad{R"({"version":2,"tables":[],"migrations":[{"to":2}]})",
            "migrations[0].steps: is missing"},
        Bad{R"({"version":2,"tables":[],"migrations":[{"to":2,"steps":[{}]}]})",
            "migrations[0].steps[0]: must be an object with one member"},
        Bad{R"({"version":2,"tables":[],"migrations":[{"to":2,"steps":["drop"]}]})",
            "migrations[0].steps[0]: must be an object with one member"},
        Bad{R"({"version":2,"tables":[],"migrations":[{"to":2,"steps":[{"destroy":"a"}]}]})",
            "migrations[0].steps[0].destroy: there is no such step; it must be \"create_table\""},
        Bad{R"({"version":2,"tables":[],"migrations":[{"to":2,"steps":[{"drop_table":{}}]}]})",
            "migrations[0].steps[0].drop_table: must be a text"},
        Bad{R"({"version":2,"tables":[],"migrations":[{"to":2,"steps":[{"rename_table":{"from":"a"}}]}]})",
            "migrations[0].steps[0].rename_table.to: is missing"},
        Bad{R"({"version":2,"tables":[],"migrations":[{"to":2,"steps":[{"add_columns":{"table":"a","columns":[{"name":"x","type":"?"}]}}]}]})",
            "migrations[0].steps[0].add_columns.columns[0].type: must be"},
        Bad{R"({"version":2,"tables":[],"migrations":[{"to":2,"steps":[{"sql":"drop table a"}]}]})",
            "migration to version 2, step 1 (RunSql): the SQL does not end with a semicolon"},
        Bad{R"({"version":3,"tables":[],"migrations":[{"to":2,"steps":[]}]})",
            "the newest migration leads to version 2, the schema has version 3"}));

TEST(SchemaJson, SuggestsTheMemberThatWasMeant) {
  const auto result = parse_schema(R"({"version":1,"tables":[],"migration":[]})");
  ASSERT_FALSE(result.ok());
  EXPECT_THAT(result.error().hint, HasSubstr("\"migrations\""));
}

}  // namespace
}  // namespace convoy::schema
