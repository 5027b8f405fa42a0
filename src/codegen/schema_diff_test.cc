// What differs between a local schema and the server, and how much it matters.
#include "codegen/schema_diff.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codegen/renames.h"
#include "codegen/test_server.h"

namespace convoy::codegen {
namespace {

using test::column;
using test::key;
using test::local_of;
using test::nullable;
using test::server;
using test::table;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<Difference> differences(const Schema& local, const ServerDescription& description,
                                    const std::vector<Rename>& renames = {}) {
  auto found = compare(local, description, local_of(description), renames);
  EXPECT_TRUE(found.ok()) << (found.ok() ? "" : found.error().message);
  return found.ok() ? *std::move(found) : std::vector<Difference>();
}

// "breaking column_missing tasks.title".
std::vector<std::string> lines(const std::vector<Difference>& all) {
  std::vector<std::string> result;
  for (const auto& one : all) {
    result.push_back(std::string(to_string(one.impact)) + " " + std::string(to_string(one.change)) +
                     " " + one.table + (one.column.empty() ? "" : "." + one.column));
  }
  return result;
}

std::vector<std::string> lines(const Schema& local, const ServerDescription& description,
                               const std::vector<Rename>& renames = {}) {
  return lines(differences(local, description, renames));
}

Schema one_table(std::vector<Column> columns) {
  return {.version = 1, .tables = {{.name = "tasks", .columns = std::move(columns)}}};
}

TEST(SchemaDiff, FindsNothingWhereBothAgree) {
  const auto description =
      server({table("tasks", {column("title"), nullable(key("list_id", "lists"))}),
              table("lists", {column("n", "bigint")})});
  const auto found = differences(local_of(description).schema, description);
  EXPECT_THAT(lines(found), IsEmpty());
  EXPECT_EQ(worst(found), Impact::Note);
}

TEST(SchemaDiff, WhatIsNewOnTheServerIsAdditive) {
  const auto description = server({table("tasks", {column("title"), nullable(column("note")),
                                                   test::with_default(column("rank", "integer")),
                                                   test::read_only(column("total", "integer"))}),
                                   table("lists", {})});
  const auto found = differences(one_table({{.name = "title"}}), description);
  EXPECT_THAT(lines(found),
              ElementsAre("additive column_added tasks.note", "additive column_added tasks.rank",
                          "additive column_added tasks.total", "additive table_added lists"));
  EXPECT_EQ(worst(found), Impact::Additive);
  EXPECT_THAT(found[1].message, HasSubstr("(integer)"));
}

TEST(SchemaDiff, ANewColumnThatNeedsAValueBreaks) {
  const auto found = differences(one_table({}), server({table("tasks", {column("title")})}));
  EXPECT_THAT(lines(found), ElementsAre("breaking column_added tasks.title"));
  EXPECT_THAT(found[0].advice, HasSubstr("alter table tasks alter column title set default"));
}

TEST(SchemaDiff, WhatIsMissingOnTheServerBreaks) {
  Schema local = one_table({{.name = "title"}, {.name = "done", .type = ColumnType::Boolean}});
  local.tables.push_back({.name = "boards", .columns = {{.name = "name"}}});
  const auto found = differences(local, server({table("tasks", {column("title")})}));
  EXPECT_THAT(lines(found),
              ElementsAre("breaking column_missing tasks.done", "breaking table_missing boards"));
  EXPECT_EQ(worst(found), Impact::Breaking);
  for (const auto& one : found) EXPECT_THAT(one.advice, HasSubstr("convoy schema pull"));
}

TEST(SchemaDiff, TypesThatDoNotFitBreak) {
  const auto description = server(
      {table("tasks", {column("a", "bigint"), column("b", "text"), column("c", "smallint")})});
  const auto found = differences(one_table({{.name = "a", .type = ColumnType::Number},
                                            {.name = "b", .type = ColumnType::Boolean},
                                            {.name = "c", .pg_type = PgType::Bigint}}),
                                 description);
  EXPECT_THAT(lines(found),
              ElementsAre("breaking type_changed tasks.a", "breaking type_changed tasks.b"));
  EXPECT_THAT(found[0].message, HasSubstr("bigint"));
}

TEST(SchemaDiff, KnowsBothDirectionsOfNull) {
  const auto description =
      server({table("tasks", {nullable(column("a")), column("b"),
                              nullable(column("created_at", "timestamp with time zone"))})});
  const auto found = differences(
      one_table(
          {{.name = "a"},
           {.name = "b", .is_optional = true},
           {.name = "created_at", .type = ColumnType::Number, .pg_type = PgType::Timestamptz}}),
      description);
  EXPECT_THAT(lines(found),
              ElementsAre("breaking became_optional tasks.a", "additive became_required tasks.b",
                          "note became_optional tasks.created_at"));
  EXPECT_THAT(found[2].advice, HasSubstr("alter column created_at set not null"));
}

TEST(SchemaDiff, ComparesReferences) {
  const auto description =
      server({table("tasks", {key("a", "lists"), key("b", "lists"), column("c", "uuid"),
                              key("d", "lists"), key("e", "lists", std::nullopt)}),
              table("lists", {})});
  const auto reference = [](const char* name, std::optional<Reference> target) {
    return Column{
        .name = name, .is_indexed = true, .pg_type = PgType::Uuid, .references = std::move(target)};
  };
  Schema local = one_table({reference("a", Reference{"lists", OnDelete::Cascade}),
                            reference("b", std::nullopt),
                            reference("c", Reference{"lists", OnDelete::Cascade}),
                            reference("d", Reference{"lists", OnDelete::Nothing}),
                            reference("e", Reference{"lists", OnDelete::Cascade})});
  local.tables.push_back({.name = "lists", .columns = {}});
  EXPECT_THAT(lines(local, description), ElementsAre("additive reference_changed tasks.b",
                                                     "additive reference_changed tasks.c",
                                                     "additive reference_changed tasks.d"));
}

TEST(SchemaDiff, NotesWhatIsTheDevicesOwnChoice) {
  const auto description =
      server({table("tasks", {test::indexed(column("a")), column("b")}), table("drafts", {})});
  Schema local =
      one_table({{.name = "a"}, {.name = "b", .is_indexed = true, .is_searchable = true}});
  local.tables.push_back({.name = "drafts", .columns = {}, .is_local_only = true});
  local.tables.push_back({.name = "settings", .columns = {}, .is_local_only = true});
  const auto found = differences(local, description);
  EXPECT_THAT(lines(found),
              ElementsAre("note index_missing tasks.a", "note table_kept_local drafts"));
  EXPECT_EQ(worst(found), Impact::Note);
}

TEST(SchemaDiff, IdsThatTheServerRefusesBreak) {
  const auto description = server({table("tasks", {})});
  const Schema local{.version = 1,
                     .tables = {{.name = "tasks", .columns = {}, .ids = IdKind::Watermelon}}};
  EXPECT_THAT(lines(local, description), ElementsAre("breaking ids_changed tasks"));
}

TEST(SchemaDiff, PointsOutWhatWasProbablyRenamed) {
  const auto description = server({table("tasks", {column("headline"), column("size", "integer")}),
                                   table("lists", {column("name"), column("colour")})});
  Schema local = one_table({{.name = "title"}, {.name = "size", .type = ColumnType::Number}});
  local.tables.push_back({.name = "boards", .columns = {{.name = "name"}, {.name = "colour"}}});
  const auto found = differences(local, description);
  ASSERT_THAT(lines(found), testing::Contains("breaking column_missing tasks.title"));
  EXPECT_THAT(found[0].advice, HasSubstr("--rename tasks.title=headline"));
  EXPECT_THAT(found[2].advice, HasSubstr("--rename boards=lists"));
  EXPECT_THAT(lines(local, description, {{"boards", "", "lists"}, {"tasks", "title", "headline"}}),
              ElementsAre("breaking table_renamed boards", "breaking column_renamed tasks.title"));
}

TEST(Renames, WantAReason) {
  const Table local{.name = "tasks", .columns = {{.name = "title"}}};
  const Table two{.name = "tasks", .columns = {{.name = "xyz"}, {.name = "subtitle"}}};
  const Table far{.name = "tasks", .columns = {{.name = "xyz"}, {.name = "uvw"}}};
  const Table other{.name = "tasks", .columns = {{.name = "title2", .type = ColumnType::Number}}};
  EXPECT_EQ(likely_column(local.columns[0], local, two), "subtitle");
  EXPECT_EQ(likely_column(local.columns[0], local, far), "");
  EXPECT_EQ(likely_column(local.columns[0], local, other), "");
  const Schema all{.version = 1, .tables = {other, far}};
  EXPECT_EQ(likely_table(local, {.version = 1, .tables = {local}}, all), "");
}

TEST(SchemaDiff, EveryWordIsItsOwn) {
  std::set<std::string_view> words;
  int count = 0;
  for (int change = 0; change <= static_cast<int>(Change::IndexMissing); ++change, ++count) {
    words.insert(to_string(static_cast<Change>(change)));
  }
  EXPECT_EQ(words.size(), static_cast<std::size_t>(count));
}

}  // namespace
}  // namespace convoy::codegen
