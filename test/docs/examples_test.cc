// The examples of the reference pages on queries and schemas are the code below, which compiles,
// runs, and means the same as the JSON beside it.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "convoy/database.h"
#include "convoy/system.h"
#include "query/query_json.h"
#include "schema/schema_json.h"

namespace convoy {
namespace {

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What stands between lines that begin with `begin` and lines that begin with `end`.
std::vector<std::string> between(const std::string& text, const std::string& begin,
                                 const std::string& end) {
  std::vector<std::string> found;
  bool is_inside = false;
  for (std::size_t at = 0; at < text.size();) {
    const auto newline = std::min(text.find('\n', at), text.size() - 1);
    const auto line = text.substr(at, newline - at + 1);
    if (is_inside && line.starts_with(end)) {
      is_inside = false;
    } else if (is_inside) {
      found.back() += line;
    } else if (line.starts_with(begin)) {
      is_inside = true;
      found.emplace_back();
    }
    at = newline + 1;
  }
  return found;
}

std::vector<std::string> blocks(const std::string& page, const std::string& language) {
  const auto text = read(std::string(CONVOY_SOURCE_DIR) + "/docs/reference/" + page);
  EXPECT_FALSE(text.empty()) << page;
  return between(text, "```" + language, "```");
}

void expect_shown(const std::string& page, const std::string& name) {
  const auto own = between(read(CONVOY_SOURCE_DIR "/test/docs/examples_test.cc"),
                           "// [" + name + "]", "// [end]");
  ASSERT_EQ(own.size(), 1U) << name;
  const auto shown = blocks(page, "cpp");
  EXPECT_TRUE(std::ranges::find(shown, own.front()) != shown.end())
      << page << " does not show " << name << ":\n"
      << own.front();
}

Schema bank() {
  Column milestone{.name = "milestone_id", .references = Reference{.table = "milestones"}};
  Column parent{
      .name = "parent_id", .is_optional = true, .references = Reference{.table = "tasks"}};
  Column task{.name = "task_id", .references = Reference{.table = "tasks"}};
  Schema schema;
  schema.tables.push_back({.name = "milestones", .columns = {{.name = "name"}}});
  schema.tables.push_back({.name = "tasks",
                           .columns = {milestone,
                                       parent,
                                       {.name = "status"},
                                       {.name = "updated_at", .type = ColumnType::Number}}});
  schema.tables.push_back(
      {.name = "comments", .columns = {task, {.name = "author"}, {.name = "text"}}});
  return schema;
}

struct DocsTest : ::testing::Test {
  Database database = *Database::open(
      {.path = ":memory:", .schema = bank(), .clock = &system_clock(), .random = &system_random()});

  void expect_runs(const Query& query) {
    const auto found = database.fetch(query);
    EXPECT_TRUE(found.ok()) << found.error().message;
  }
};

// clang-format off
Query first_query() {
  return
// [first]
from("tasks")
    .where("status", one_of({"TODO", "IN_PROGRESS"}))
    .on("milestones", {where("name", includes("beta"))})
    .order_by(desc("updated_at"))
    .take(50)
// [end]
  ;
}

TEST_F(DocsTest, AQueryInBothForms) {
  expect_shown("queries.md", "first");
  expect_runs(first_query());
  const auto json = blocks("queries.md", "json");
  ASSERT_EQ(json.size(), 1U);
  const auto parsed = query::parse_query(json.front());
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  EXPECT_EQ(query::to_json(*parsed)->dump(), query::to_json(first_query())->dump());
}

TEST_F(DocsTest, RelatedRecords) {
  expect_shown("queries.md", "via");
// [via]
auto ready = from("tasks").on("tasks", {where("status", eq("DONE"))}, "parent_id");     // tasks whose parent is done
auto parents = from("tasks").on("tasks", {where("status", eq("TODO"))}, "<-parent_id");  // tasks with a subtask to do
// [end]
  expect_runs(ready);
  expect_runs(parents);
}

TEST_F(DocsTest, OneRelatedRecordOrSeveral) {
  expect_shown("queries.md", "side");
  const auto by_ann = where("author", eq("Ann"));
  const auto about_money = where("text", includes("money"));
// [side]
auto both = from("tasks").on("comments", {by_ann}).on("comments", {about_money});  // Ann's comment about money
auto each = from("tasks").where(all_of({on("comments", {by_ann})})).where(all_of({on("comments", {about_money})}));
// [end]
  std::string milestone;
  const auto task = [&](Writer& writer, const std::vector<std::pair<std::string, std::string>>& comments) -> Status {
    CONVOY_TRY(const auto made, writer.create("tasks", {{"milestone_id", milestone}, {"status", "TODO"}}));
    for (const auto& [author, text] : comments) {
      const auto comment = writer.create("comments", {{"task_id", made.id}, {"author", author}, {"text", text}});
      if (!comment.ok()) return comment.error();
    }
    return ok_status();
  };
  const auto written = database.write([&](Writer& writer) -> Status {
    CONVOY_TRY(const auto made, writer.create("milestones", {{"name", "beta"}}));
    milestone = made.id;
    const auto first = task(writer, {{"Ann", "about money"}});
    return first.ok() ? task(writer, {{"Ann", "hello"}, {"Bob", "about money"}}) : first;
  });
  ASSERT_TRUE(written.ok()) << written.error().message;
  EXPECT_EQ(*database.count(both), 1);
  EXPECT_EQ(*database.count(each), 2);
}

TEST_F(DocsTest, ASchemaWithItsMigrations) {
  expect_shown("schema.md", "schema");
// [schema]
Schema schema{.version = 2,
              .tables = {{.name = "tasks",
                          .columns = {{.name = "title", .is_searchable = true},
                                      {.name = "rank", .type = ColumnType::Number, .is_indexed = true}}}}};
Migrations migrations{
    {.to_version = 2, .steps = {AddColumns{"tasks", {{.name = "rank", .type = ColumnType::Number, .is_indexed = true}}}}}};
// [end]
  EXPECT_TRUE(validate(schema).ok());
  EXPECT_TRUE(validate(migrations, schema).ok());
  const auto json = blocks("schema.md", "json");
  ASSERT_EQ(json.size(), 1U);
  const auto document = schema::parse_schema(json.front());
  ASSERT_TRUE(document.ok()) << document.error().message;
  EXPECT_TRUE(validate(document->schema).ok());
  EXPECT_TRUE(validate(document->migrations, document->schema).ok());
}

// clang-format on

}  // namespace
}  // namespace convoy
