// context, search, and the commands of a task's life.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/test_program.h"

namespace convoy::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string text_of(const base::Json& json, std::string_view name) {
  const auto* member = json.find(name);
  return member == nullptr || member->string() == nullptr ? "" : *member->string();
}

class ContextCommandsTest : public testing::Test {
 protected:
  std::string created(std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    const auto result = program.run(arguments);
    EXPECT_EQ(result.code, 0) << result.out << result.err;
    return text_of(result.json(), "id");
  }

  void SetUp() override {
    ASSERT_TRUE(program.state.store.database.ok());
    workspace = created({"workspace", "create", "--name", "Night train"});
    project = created({"project", "create", "--workspace", "night train", "--name", "Timetable"});
    milestone = created({"milestone", "create", "--project", "timetable", "--name", "First draft"});
    task = created({"task", "create", "--milestone", "draft", "--title", "Ask around"});
    map = created({"task", "create", "--milestone", "draft", "--title", "Draw the map"});
  }

  TestProgram program;
  std::string workspace;
  std::string project;
  std::string milestone;
  std::string task;
  std::string map;
};

TEST_F(ContextCommandsTest, ContextIsMarkdownOrJson) {
  const auto markdown = program.run({"context", "ask around"});
  ASSERT_EQ(markdown.code, 0) << markdown.err;
  EXPECT_THAT(markdown.out, testing::StartsWith("# Context of a task\n"));
  EXPECT_THAT(markdown.out, HasSubstr("Title: `Ask around`"));
  const auto json = program.run({"context", "ask aruond", "--json"});
  ASSERT_EQ(json.code, 0) << json.out;
  EXPECT_EQ(text_of(*json.json().find("task"), "id"), task) << "typos are forgiven";
  EXPECT_EQ(program.run({"context", task, "--format", "json"}).out, json.out);
  EXPECT_EQ(program.run({"context", task, "--budget", "8"}).code, 2);
  EXPECT_EQ(program.run({"context", task, "--format", "xml"}).code, 2);
  EXPECT_LE(program.run({"context", task, "--budget", "4kb"}).out.size(), 4000U);
  EXPECT_EQ(program.run({"context", "no such thing"}).code, 3);
}

TEST_F(ContextCommandsTest, ContextAsksTheServerForWhatIsNotHere) {
  constexpr const char* kElsewhere = "10000000-0000-4000-8000-000000000001";
  EXPECT_EQ(program.run({"context", kElsewhere, "--local"}).code, 3);
  EXPECT_TRUE(program.state.tables_read.empty());
  EXPECT_EQ(program.run({"context", kElsewhere}).code, 4) << "offline";
  program.state.rows_error.reset();
  EXPECT_EQ(program.run({"context", kElsewhere}).code, 3) << "nor on the server";
  program.state.server_rows["tasks"] =
      R"([{"id":"10000000-0000-4000-8000-000000000001","title":"Far","status":"TODO","current_stage":"PLAN"}])";
  const auto result = program.run({"context", kElsewhere, "--json"});
  ASSERT_EQ(result.code, 0) << result.out;
  EXPECT_EQ(text_of(result.json(), "source"), "remote");
  EXPECT_EQ(text_of(*result.json().find("task"), "title"), "Far");
  program.state.server_rows["tasks"] = "not json";
  EXPECT_EQ(program.run({"context", "10000000-0000-4000-8000-000000000002"}).code, 7);
}

TEST_F(ContextCommandsTest, SearchShowsWhatItFoundAndWhere) {
  const auto found = program.run({"search", "draw", "map"});
  EXPECT_EQ(found.code, 0) << found.err;
  EXPECT_THAT(found.out, HasSubstr(map.substr(28) + "  Draw the map  task  TODO  in Timetable\n"));
  EXPECT_EQ(program.run({"search", "nothing"}).out, "Nothing found.\n");
  EXPECT_THAT(program.run({"search", "timtable"}).out,
              HasSubstr("No \"timtable\" here; looked for \"timetable\"."));
  const auto json = program.run({"search", "--kind", "task,project", "draw", "--json"}).json();
  ASSERT_NE(json.find("hits"), nullptr);
  EXPECT_EQ(text_of(json.find("hits")->array()->front(), "title"), "Draw the map");
  EXPECT_EQ(json.find("hits")->array()->front().find("matches")->dump(), R"(["Draw"])");
  EXPECT_THAT(program.run({"search", "draw", "--status", "done"}).out, HasSubstr("Nothing"));
  EXPECT_EQ(program.run({"search", "draw", "--kind", "taks"}).code, 2);
  EXPECT_EQ(program.run({"search", "?"}).code, 2);
  program.is_terminal = true;
  EXPECT_THAT(program.run({"search", "draw"}).out, HasSubstr("\x1b["));
}

TEST_F(ContextCommandsTest, StagesGoOnWithAPersonsApproval) {
  EXPECT_THAT(program.run({"task", "stage", "ask around", "next"}).out,
              HasSubstr("PLAN → PLAN_REVIEW."));
  EXPECT_EQ(program.run({"task", "stage", task, "next"}).code, 2);
  program.variables["CONVOY_AGENT"] = "claude";
  const auto refused = program.run({"task", "stage", task, "next", "--approve", "--json"});
  EXPECT_EQ(refused.code, 6) << refused.out;
  program.variables.erase("CONVOY_AGENT");
  program.is_terminal = true;
  program.input = "n\n";
  auto asked = program.run({"task", "stage", task, "next"});
  EXPECT_EQ(asked.code, 2);
  EXPECT_THAT(asked.err, HasSubstr("Do you approve that it goes on? [y/N]"));
  program.input = "y\n";
  EXPECT_EQ(program.run({"task", "stage", task, "next"}).code, 0);
  program.is_terminal = false;
  EXPECT_THAT(program.run({"task", "stage", task, "COMMIT"}).err, HasSubstr("can't skip"));
  const auto json =
      program.run({"task", "stage", task, "previous", "--note", "not good", "--json"}).json();
  EXPECT_EQ(text_of(json, "current_stage"), "PLAN_REVIEW");
  EXPECT_THAT(program.run({"task", "show", task}).out,
              HasSubstr("IMPLEMENT → PLAN_REVIEW: not good"));
}

TEST_F(ContextCommandsTest, DependenciesComeAndGo) {
  EXPECT_THAT(program.run({"task", "depend", "draw", "ask around"}).out,
              HasSubstr("Task \"Draw the map\""));
  EXPECT_EQ(program.run({"task", "depend", task, map}).code, 2) << "a circle";
  EXPECT_THAT(program.run({"task", "show", map}).out, HasSubstr("Waits for (1)"));
  EXPECT_THAT(program.run({"task", "show", task}).out, HasSubstr("Needed by (1)"));
  EXPECT_EQ(program.run({"task", "list", "--ready", "--json"}).json().array()->size(), 1U);
  EXPECT_EQ(program.run({"task", "undepend", map, task, "--json"}).out, "{\"removed\":1}\n");
  EXPECT_EQ(program.run({"task", "undepend", map, task}).code, 3);
}

TEST_F(ContextCommandsTest, CommentsComeFromArgumentsFilesAndInput) {
  EXPECT_THAT(program.run({"task", "comment", task, "Whom?"}).out,
              HasSubstr("Commented on task \"Ask around\""));
  program.input = "a longer\x1b one\n";
  program.variables["CONVOY_AGENT"] = "claude";
  const auto json = program.run({"task", "comment", task, "-", "--json"}).json();
  EXPECT_EQ(text_of(json, "actor_id"), "claude");
  EXPECT_EQ(text_of(json, "activity_type"), "COMMENT");
  const auto page = program.run({"task", "show", task}).out;
  EXPECT_THAT(page, HasSubstr("Activity (2)"));
  EXPECT_THAT(page, HasSubstr("Whom?"));
  EXPECT_THAT(page, Not(HasSubstr("\x1b")));
  EXPECT_EQ(program.run({"task", "comment", task, " "}).code, 2);
}

TEST_F(ContextCommandsTest, MovesAndShowsProgress) {
  const auto second = created({"milestone", "create", "--project", project, "--name", "Second"});
  EXPECT_EQ(program.run({"task", "move", map, "--milestone", "second"}).code, 0);
  EXPECT_EQ(program.run({"task", "list", "--milestone", second, "--json"}).json().array()->size(),
            1U);
  EXPECT_EQ(program.run({"task", "update", map, "--status", "DONE"}).code, 0);
  EXPECT_THAT(program.run({"project", "show", project}).out, HasSubstr("1 of 2 tasks done (50 %)"));
  EXPECT_EQ(program.run({"workspace", "move", workspace}).code, 2) << "there is nothing above";
}

TEST_F(ContextCommandsTest, ListsSortByColumnsAndSearch) {
  const auto titles = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"task", "list", "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    std::string all;
    const auto rows = program.run(arguments).json();
    for (const auto& row : *rows.array()) all += text_of(row, "title") + ",";
    return all;
  };
  EXPECT_EQ(titles({"--sort", "status,-title"}), "Draw the map,Ask around,");
  EXPECT_EQ(titles({"--sort=-status,title"}), "Ask around,Draw the map,");
  EXPECT_EQ(titles({"--search", "the map"}), "Draw the map,");
}

TEST_F(ContextCommandsTest, ATerminalShowsAHundredRows) {
  for (int i = 0; i < 100; ++i) {
    created({"task", "create", "--milestone", milestone, "--title", "T" + std::to_string(i)});
  }
  const auto lines = [](const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
  };
  EXPECT_GT(lines(program.run({"task", "list"}).out), 102) << "all, where nobody scrolls";
  program.is_terminal = true;
  const auto page = program.run({"task", "list"}).out;
  EXPECT_THAT(page, HasSubstr("… and 2 more: --all or --limit N\n"));
  EXPECT_LT(lines(page), 105);
  EXPECT_THAT(program.run({"task", "list", "--all"}).out, Not(HasSubstr("more:")));
}

}  // namespace
}  // namespace convoy::cli
