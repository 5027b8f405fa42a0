// The outbox on the command line.
#include <cstdio>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/test_program.h"
#include "store/replica.h"

namespace convoy::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

// A workspace that the server refuses, and a project in it.
struct QueueTest : testing::Test {
  QueueTest() {
    workspace = program.state.store.make(memory::Entity::Workspace, {{"name", "Night train"}});
    store::Replica replica(*program.state.store.database);
    EXPECT_EQ(replica.prepare_push(50, 1 << 20)->size(), 1U);
    project = program.state.store.make(memory::Entity::Project,
                                       {{"workspace_id", workspace}, {"name", "Timetable"}});
    EXPECT_TRUE(replica
                    .apply_outcomes({{.mid = 1,
                                      .kind = schema::Outcome::Kind::Rejected,
                                      .conflicts = {},
                                      .code = "23514",
                                      .message = "name is not \x1b[31m allowed",
                                      .table = "workspaces",
                                      .id = workspace}})
                    .ok());
  }

  void prepare() {
    EXPECT_TRUE(store::Replica(*program.state.store.database).prepare_push(50, 1 << 20).ok());
  }

  TestProgram program;
  std::string workspace;
  std::string project;
};

TEST_F(QueueTest, ListsWithAndWithoutTheWord) {
  const auto text = program.run({"queue"}).out;
  EXPECT_THAT(text, HasSubstr("insert workspace"));
  EXPECT_THAT(text, HasSubstr("(23514)"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b[31m")));
  EXPECT_EQ(program.run({"queue", "list"}).out, text);
  const auto json = program.run({"queue", "list", "--json"}).json();
  ASSERT_EQ(json.array()->size(), 2U);
  EXPECT_EQ(*json.array()->front().find("state")->string(), "parked");
  EXPECT_EQ(json.array()->front().find("dependents")->dump(), "[2]");
}

TEST_F(QueueTest, ShowsOneWithItsValues) {
  prepare();
  const auto parent = program.run({"queue", "show", "1"});
  EXPECT_EQ(parent.code, 0);
  EXPECT_THAT(parent.out, HasSubstr("name: Night train"));
  EXPECT_THAT(parent.out, HasSubstr("Needed by   2"));
  EXPECT_THAT(program.run({"queue", "show", "2"}).out, HasSubstr("Depends on  1"));
  EXPECT_EQ(program.run({"queue", "show", "9"}).code, 3);
  EXPECT_EQ(program.run({"queue", "show"}).code, 2);
}

TEST_F(QueueTest, RetriesWithThoseThatNeedIt) {
  prepare();
  const auto refused = program.run({"queue", "retry", "2", "--json"});
  EXPECT_NE(refused.code, 0);
  EXPECT_THAT(refused.out, HasSubstr("InvalidState"));
  EXPECT_EQ(program.run({"queue", "retry", "1", "--json"}).out, "{\"retried\":[1,2]}\n");
}

TEST_F(QueueTest, EditsTheOnlyRecordOfAChange) {
  EXPECT_EQ(program.run({"queue", "edit", "1"}).code, 2);
  EXPECT_EQ(program.run({"queue", "edit", "1", "--set", "name"}).code, 2);
  EXPECT_THAT(program.run({"queue", "edit", "1", "--set", "nam=x"}).err,
              HasSubstr("Did you mean \"name\"?"));
  const auto edited =
      program.run({"queue", "edit", "1", "--set", "name=Day train", "--null", "description"});
  EXPECT_EQ(edited.code, 0) << edited.err;
  EXPECT_EQ(edited.out, "To be sent again: change 1.\n");
  EXPECT_THAT(program.run({"queue", "show", "1"}).out, HasSubstr("name: Day train"));
  EXPECT_THAT(program.run({"workspace", "list"}).out, HasSubstr("Day train"));
}

TEST_F(QueueTest, DiscardSaysFirstWhatGoesWithIt) {
  prepare();
  EXPECT_EQ(program.run({"queue", "discard", "1", "--dry-run", "--json"}).out,
            "{\"would_discard\":[1,2]}\n");
  const auto asked = program.run({"queue", "discard", "1"});
  EXPECT_EQ(asked.code, 2);
  EXPECT_THAT(asked.err, HasSubstr("change 2 rests on it"));
  EXPECT_THAT(asked.err, HasSubstr("--yes"));
  program.is_terminal = true;
  program.input = "n\n";
  EXPECT_EQ(program.run({"queue", "discard", "1"}).code, 4);
  program.input = "y\n";
  EXPECT_THAT(program.run({"queue", "discard", "1"}).out, HasSubstr("Gave up changes 1, 2."));
  program.is_terminal = false;
  EXPECT_EQ(program.run({"queue"}).out, "Nothing waits.\n");
}

TEST_F(QueueTest, UndoesTheNewestOrTheOneThatIsNamed) {
  EXPECT_EQ(program.run({"queue", "undo"}).out, "Undid change 2.\n");
  const auto nothing = program.run({"queue", "undo", "--json"});
  EXPECT_EQ(nothing.code, 3);
  const auto parked = program.run({"queue", "undo", "1"});
  EXPECT_THAT(parked.err, HasSubstr("mutation 1 is parked"));
}

TEST_F(QueueTest, ExportsLines) {
  const auto lines = program.run({"queue", "export"}).out;
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 2);
  EXPECT_TRUE(base::parse_json(lines.substr(0, lines.find('\n'))).ok());
  const auto path = testing::TempDir() + "convoy-queue-export.jsonl";
  EXPECT_EQ(program.run({"queue", "export", "--output", path}).out, "");
  std::ifstream file(path);
  std::ostringstream content;
  content << file.rdbuf();
  EXPECT_EQ(content.str(), lines);
  std::remove(path.c_str());
}

}  // namespace
}  // namespace convoy::cli
