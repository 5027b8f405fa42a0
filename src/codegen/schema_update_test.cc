// A local schema brought up to date with the server.
#include "codegen/schema_update.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "codegen/test_server.h"

namespace convoy::codegen {
namespace {

using schema::SchemaDocument;
using test::column;
using test::key;
using test::local_of;
using test::nullable;
using test::server;
using test::table;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Result<SchemaUpdate> update(const SchemaDocument& local, const ServerDescription& description,
                            const std::vector<Rename>& renames = {}) {
  return update_schema(local, description, local_of(description), renames);
}

SchemaUpdate updated(const SchemaDocument& local, const ServerDescription& description,
                     const std::vector<Rename>& renames = {}) {
  auto made = update(local, description, renames);
  EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().message);
  return made.ok() ? *std::move(made) : SchemaUpdate();
}

// The steps as JSON, each on its own.
std::vector<std::string> steps_of(const SchemaUpdate& made) {
  std::vector<std::string> lines;
  if (made.steps.empty()) return lines;
  const auto json =
      base::parse_json(schema::schema_to_json(made.document.schema, made.document.migrations));
  for (const auto& step : *json->find("migrations")->array()->back().find("steps")->array()) {
    lines.push_back(step.dump());
  }
  return lines;
}

SchemaDocument document(std::vector<Table> tables, int version = 1) {
  return {.schema = {.version = version, .tables = std::move(tables)}, .migrations = {}};
}

TEST(SchemaUpdate, MakesAWholeSchemaOfNothing) {
  const auto description =
      server({table("tasks", {column("title"), key("list_id", "lists")}), table("lists", {})});
  const auto made = updated(document({}), description);
  EXPECT_EQ(made.document.schema.tables, local_of(description).schema.tables);
}

TEST(SchemaUpdate, LeavesAloneWhatIsUpToDate) {
  const auto description = server({table("tasks", {column("title"), column("rank", "integer")})});
  auto local = document(local_of(description).schema.tables, 7);
  local.schema.tables[0].columns[0].is_searchable = true;
  local.schema.tables[0].columns[0].is_indexed = true;
  std::swap(local.schema.tables[0].columns[0], local.schema.tables[0].columns[1]);
  const auto made = updated(local, description);
  EXPECT_EQ(made.document, local);
  EXPECT_THAT(made.steps, IsEmpty());
}

TEST(SchemaUpdate, KeepsWhatIsTheFilesOwnBusiness) {
  const auto description =
      server({table("tasks", {nullable(column("title")), test::indexed(column("size", "integer")),
                              column("key", "uuid"), column("more")})});
  const Table drafts{.name = "drafts",
                     .columns = {{.name = "task_id", .references = Reference{.table = "tasks"}}},
                     .is_local_only = true};
  const auto local = document({drafts,
                               {.name = "tasks",
                                .columns = {{.name = "key", .is_indexed = true},
                                            {.name = "size", .pg_type = PgType::Bigint},
                                            {.name = "title", .is_searchable = true}}}},
                              3);
  const auto made = updated(local, description);
  EXPECT_EQ(made.document.schema.version, 4);
  EXPECT_THAT(
      steps_of(made),
      ElementsAre(
          R"({"add_columns":{"table":"tasks","columns":[{"name":"more","type":"string"}]}})"));
  ASSERT_EQ(made.document.schema.tables.size(), 2U);
  EXPECT_EQ(made.document.schema.tables[0], drafts);
  EXPECT_THAT(made.document.schema.tables[1].columns,
              ElementsAre(Column{.name = "key", .is_indexed = true},
                          Column{.name = "size", .pg_type = PgType::Bigint},
                          Column{.name = "title", .is_optional = true, .is_searchable = true},
                          Column{.name = "more"}));
}

TEST(SchemaUpdate, WhatNeedsNoMigrationRaisesNoVersion) {
  const auto description = server(
      {table("tasks", {nullable(column("title")), key("list_id", "lists")}), table("lists", {})});
  const auto local =
      document({{.name = "tasks",
                 .columns = {{.name = "title"}, {.name = "list_id", .pg_type = PgType::Uuid}}},
                {.name = "lists", .columns = {}}});
  const auto made = updated(local, description);
  EXPECT_EQ(made.document.schema.version, 1);
  EXPECT_THAT(made.document.migrations, IsEmpty());
  const auto& columns = made.document.schema.tables[0].columns;
  EXPECT_TRUE(columns[0].is_optional);
  EXPECT_EQ(columns[1].references, (Reference{"lists", OnDelete::Cascade}));
}

TEST(SchemaUpdate, MigratesEveryKindOfChange) {
  const auto description =
      server({table("tasks", {column("title"), column("rank", "text"), column("flag", "boolean"),
                              key("list_id", "lists")}),
              table("lists", {column("name")})});
  auto local =
      document({{.name = "tasks",
                 .columns = {{.name = "title"},
                             {.name = "rank", .type = ColumnType::Number, .is_indexed = true},
                             {.name = "colour"}}},
                {.name = "boards", .columns = {{.name = "name"}}}},
               2);
  local.migrations = {{.to_version = 2, .steps = {AddColumns{"tasks", {{.name = "colour"}}}}}};
  const auto made = updated(local, description);
  EXPECT_EQ(made.document.schema.version, 3);
  ASSERT_EQ(made.document.migrations.size(), 2U);
  EXPECT_EQ(made.document.migrations[0], local.migrations[0]);
  EXPECT_EQ(made.document.migrations[1].to_version, 3);
  EXPECT_THAT(
      steps_of(made),
      ElementsAre(
          R"({"drop_column":{"table":"tasks","column":"rank"}})",
          R"({"drop_column":{"table":"tasks","column":"colour"}})",
          R"({"add_columns":{"table":"tasks","columns":[{"name":"rank","type":"string","indexed":true},)"
          R"({"name":"flag","type":"boolean"},{"name":"list_id","type":"string","indexed":true,"pg":"uuid",)"
          R"("references":{"table":"lists","on_delete":"cascade"}}]}})",
          R"({"drop_table":"boards"})",
          R"({"create_table":{"name":"lists","columns":[{"name":"name","type":"string"}]}})"));
  // What was made can be read, and is up to date.
  const auto again =
      schema::parse_schema(schema::schema_to_json(made.document.schema, made.document.migrations));
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_THAT(updated(*again, description).steps, IsEmpty());
}

TEST(SchemaUpdate, CarriesOutTheRenamesItIsTold) {
  const auto description =
      server({table("todos", {column("name"), key("list_id", "lists")}), table("lists", {})});
  const auto local = document(
      {{.name = "tasks",
        .columns = {{.name = "title", .is_searchable = true},
                    {.name = "board_id",
                     .is_indexed = true,
                     .pg_type = PgType::Uuid,
                     .references = Reference{.table = "boards", .on_delete = OnDelete::Cascade}}}},
       {.name = "boards", .columns = {}}});
  const std::vector<Rename> renames{{"tasks", "", "todos"},
                                    {"tasks", "title", "name"},
                                    {"tasks", "board_id", "list_id"},
                                    {"boards", "", "lists"}};
  const auto made = updated(local, description, renames);
  EXPECT_THAT(
      steps_of(made),
      ElementsAre(R"({"rename_table":{"from":"tasks","to":"todos"}})",
                  R"({"rename_table":{"from":"boards","to":"lists"}})",
                  R"({"rename_column":{"table":"todos","from":"title","to":"name"}})",
                  R"({"rename_column":{"table":"todos","from":"board_id","to":"list_id"}})"));
  EXPECT_TRUE(made.document.schema.tables[0].columns[0].is_searchable);
  EXPECT_EQ(made.document.schema.tables[0].columns[1].references,
            (Reference{"lists", OnDelete::Cascade}));
}

TEST(SchemaUpdate, RefusesRenamesThatFitNeitherSide) {
  const auto description = server({table("todos", {column("name"), column("title")})});
  const auto local = document({{.name = "tasks", .columns = {{.name = "title"}}},
                               {.name = "todos", .columns = {{.name = "title"}}}});
  const auto code_of = [&](const Rename& rename) {
    const auto made = update(local, description, {rename});
    return made.ok() ? ErrorCode::Internal : made.error().code;
  };
  EXPECT_EQ(code_of({"boards", "", "todos"}), ErrorCode::UnknownTable);
  EXPECT_EQ(code_of({"boards", "a", "b"}), ErrorCode::UnknownTable);
  EXPECT_EQ(code_of({"tasks", "", "nowhere"}), ErrorCode::InvalidArgument);
  EXPECT_EQ(code_of({"tasks", "", "todos"}), ErrorCode::InvalidArgument);
  EXPECT_EQ(code_of({"todos", "colour", "name"}), ErrorCode::UnknownColumn);
  EXPECT_EQ(code_of({"todos", "title", "nowhere"}), ErrorCode::InvalidArgument);
  EXPECT_EQ(code_of({"todos", "title", "title"}), ErrorCode::InvalidArgument);
}

TEST(SchemaUpdate, ReadsRenames) {
  const auto whole = parse_rename("tasks=todos");
  ASSERT_TRUE(whole.ok());
  EXPECT_EQ(whole->table + "|" + whole->column + "|" + whole->to, "tasks||todos");
  const auto part = parse_rename("tasks.title=name");
  ASSERT_TRUE(part.ok());
  EXPECT_EQ(part->table + "|" + part->column + "|" + part->to, "tasks|title|name");
  for (const char* wrong : {"", "tasks", "tasks=", "=todos", "tasks.=a", ".title=a"}) {
    EXPECT_FALSE(parse_rename(wrong).ok()) << wrong;
  }
}

TEST(SchemaUpdate, FollowsTheKindOfIdsOnlyWhereItMust) {
  auto texts = table("texts", {});
  texts.id_type = "text";
  const auto description = server({table("tasks", {}), texts});
  const auto made = updated(document({{.name = "tasks", .columns = {}, .ids = IdKind::Watermelon},
                                      {.name = "texts", .columns = {}, .ids = IdKind::Uuid}}),
                            description);
  EXPECT_EQ(made.document.schema.tables[0].ids, IdKind::Uuid);
  EXPECT_EQ(made.document.schema.tables[1].ids, IdKind::Uuid);
  EXPECT_THAT(made.steps, IsEmpty());
}

TEST(SchemaUpdate, AnOlderServersSilenceChangesNoReference) {
  const auto description =
      server({table("tasks", {key("list_id", "lists", std::nullopt)}), table("lists", {})});
  const auto local = document({{.name = "tasks",
                                .columns = {{.name = "list_id",
                                             .is_indexed = true,
                                             .pg_type = PgType::Uuid,
                                             .references = Reference{"lists", OnDelete::Cascade}}}},
                               {.name = "lists", .columns = {}}});
  EXPECT_EQ(updated(local, description).document, local);
}

TEST(SchemaUpdate, NothingOfTheServersRefersToWhatStaysHere) {
  const auto description = server({table("tasks", {key("list_id", "lists")}), table("lists", {})});
  const auto made =
      updated(document({{.name = "lists", .columns = {}, .is_local_only = true}}), description);
  EXPECT_TRUE(made.document.schema.find_table("lists")->is_local_only);
  EXPECT_FALSE(made.document.schema.find_table("tasks")->columns[0].references.has_value());
}

}  // namespace
}  // namespace convoy::codegen
