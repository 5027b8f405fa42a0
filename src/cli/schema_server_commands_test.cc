// schema describe, pull, diff, sql, on real files and without a server.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/test_program.h"
#include "store/test_support.h"

namespace convoy::cli {
namespace {

using testing::HasSubstr;

namespace fs = std::filesystem;

constexpr const char* kServer = R"({"fingerprint": "f", "tables": [
  {"name": "tasks", "id": "id", "id_type": "uuid", "conflict": "merge", "columns": [
    {"name": "title", "type": "text", "nullable": false, "default": false, "write": true, "references": null, "indexed": false},
    {"name": "mood", "type": "mood", "nullable": true, "default": false, "write": true, "references": null, "indexed": false}]}]})";

class SchemaServer : public testing::Test {
 protected:
  void SetUp() override {
    program.state.description = kServer;
    std::ofstream(saved) << kServer;
  }

  void write(std::string_view text) const { std::ofstream(schema, std::ios::trunc) << text; }

  [[nodiscard]] std::string content() const {
    std::ifstream file(schema, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }

  store::testing::TemporaryFolder folder;
  std::string schema = folder.file("schema.json");
  std::string saved = folder.file("server.json");
  TestProgram program;
};

TEST_F(SchemaServer, ANewSchemaGoesToStandardOutput) {
  const auto result = program.run({"schema", "pull"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr(R"("name": "title")"));
  EXPECT_THAT(result.err, HasSubstr("tasks.mood: the type mood is taken for text"));
  const auto json = program.run({"schema", "pull", "--json"}).json();
  EXPECT_EQ(json.find("schema")->find("version")->integer(), 1);
  EXPECT_TRUE(json.find("migration")->is_null());
  EXPECT_EQ(json.find("notes")->array()->size(), 1U);
}

TEST_F(SchemaServer, ASchemaThatIsThereIsBroughtUpToDate) {
  write(R"({"version": 1, "tables": [
    {"name": "drafts", "local_only": true, "columns": []},
    {"name": "tasks", "columns": [{"name": "title", "type": "string", "searchable": true}]}]})");
  auto result = program.run({"schema", "pull", "-o", schema});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("holds version 2 with 2 tables now."));
  for (const auto* part : {"\"drafts\"", "\"searchable\": true", "\"mood\"", "\"add_columns\""}) {
    EXPECT_THAT(content(), HasSubstr(part));
  }
  const auto before = content();
  result = program.run({"schema", "pull", "-o", schema});
  EXPECT_THAT(result.out, HasSubstr("is up to date."));
  EXPECT_EQ(content(), before);
  EXPECT_EQ(program.run({"schema", "diff", schema}).code, 0);
}

TEST_F(SchemaServer, ABrokenSchemaIsLeftAlone) {
  write("{");
  const auto result = program.run({"schema", "pull", "-o", schema});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr(schema));
  EXPECT_EQ(content(), "{");
}

TEST_F(SchemaServer, DifferencesHaveExitCodes) {
  write(R"({"version": 1, "tables": [{"name": "tasks", "columns": [
    {"name": "title", "type": "string"}, {"name": "mood", "type": "string", "optional": true}]}]})");
  auto result = program.run({"schema", "diff", schema});
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(result.out, "The schema and the server agree.\n");
  write(
      R"({"version": 1, "tables": [{"name": "tasks", "columns": [{"name": "title", "type": "string"}]}]})");
  result = program.run({"schema", "diff", schema});
  EXPECT_EQ(result.code, 10);
  EXPECT_THAT(result.out, HasSubstr("additive  tasks.mood  is new on the server (mood)"));
  EXPECT_THAT(result.out, HasSubstr("\"add_columns\""));
  write(
      R"({"version": 1, "tables": [{"name": "tasks", "columns": [{"name": "name", "type": "string"}]}]})");
  result = program.run({"schema", "diff", schema, "--json"});
  EXPECT_EQ(result.code, 11);
  const auto json = result.json();
  EXPECT_EQ(*json.find("impact")->string(), "breaking");
  const auto& first = json.find("differences")->array()->front();
  EXPECT_EQ(*first.find("change")->string(), "column_missing");
  EXPECT_EQ(*first.find("column")->string(), "name");
  EXPECT_EQ(json.find("migration")->find("to")->integer(), 2);
}

TEST_F(SchemaServer, RenamesAreTold) {
  write(
      R"({"version": 1, "tables": [{"name": "todos", "columns": [{"name": "name", "type": "string", "searchable": true}]}]})");
  const auto result = program.run(
      {"schema", "pull", "-o", schema, "--rename", "todos=tasks", "--rename", "todos.name=title"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(content(), HasSubstr("\"rename_table\""));
  EXPECT_THAT(content(), HasSubstr("\"rename_column\""));
  EXPECT_THAT(content(), HasSubstr("\"searchable\": true"));
  EXPECT_EQ(program.run({"schema", "pull", "--rename", "todos"}).code, 2);
  const auto without = program.run({"schema", "pull", "--rename", "todos=tasks"});
  EXPECT_EQ(without.code, 2) << "there is no schema in which anything could be renamed";
}

TEST_F(SchemaServer, ASavedDescriptionNeedsNoServer) {
  const auto described = folder.file("described.json");
  EXPECT_EQ(program.run({"schema", "describe", "-o", described}).code, 0);
  EXPECT_EQ(program.run({"schema", "describe", "--json"}).json().find("fingerprint")->dump(),
            "\"f\"");
  program.state.error = Error{.code = ErrorCode::Offline, .message = "no network"};
  EXPECT_EQ(program.run({"schema", "pull"}).code, 4);
  for (const auto& file : {saved, described}) {
    EXPECT_THAT(program.run({"schema", "pull", "--offline", file}).out, HasSubstr("\"title\""));
  }
  EXPECT_EQ(program.run({"schema", "diff", "--offline", saved}).code, 11);
  write("{}");
  EXPECT_EQ(program.run({"schema", "pull", "--offline", schema}).code, 7);
}

TEST_F(SchemaServer, SqlIsMadeOfAnySchema) {
  write(
      R"({"version": 1, "tables": [{"name": "tasks", "columns": [{"name": "title", "type": "string"}]}]})");
  EXPECT_THAT(program.run({"schema", "sql", schema}).out,
              HasSubstr("create table if not exists public.tasks"));
  EXPECT_THAT(program.run({"schema", "sql"}).out, HasSubstr("public.task_dependencies"));
  EXPECT_THAT(*program.run({"schema", "sql", "--json"}).json().find("text")->string(),
              HasSubstr("select convoy.enable("));
  const auto file = folder.file("tables.sql");
  EXPECT_EQ(program.run({"schema", "sql", schema, "-o", file, "--json"}).out,
            "{\"output\":\"" + file + "\"}\n");
  EXPECT_TRUE(fs::exists(file));
}

}  // namespace
}  // namespace convoy::cli
