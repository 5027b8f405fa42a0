// Conflicts on the command line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/test_program.h"
#include "store/replica.h"

namespace convoy::cli {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

// A name on which nobody has decided, and one that the rules settled.
struct ConflictsTest : testing::Test {
  ConflictsTest() {
    workspace = program.state.store.make(memory::Entity::Workspace, {{"name", "Night train"}});
    store::Replica replica(*program.state.store.database);
    EXPECT_EQ(replica.prepare_push(50, 1 << 20)->size(), 1U);
    EXPECT_TRUE(
        replica
            .apply_outcomes({{.mid = 1,
                              .kind = schema::Outcome::Kind::Merged,
                              .conflicts = {of("name", "The slow night train",
                                               "The last night train", "manual"),
                                            of("description", "Mine", "Theirs", "server_wins")}}})
            .ok());
  }

  [[nodiscard]] schema::Conflict of(const char* column, const char* client, const char* server,
                                    const char* rule) const {
    return {.table = "workspaces",
            .id = workspace,
            .column = column,
            .base = "The night train",
            .client = client,
            .server = server,
            .kept = "server",
            .value = std::nullopt,
            .rule = rule,
            .reason = ""};
  }

  std::string name() {
    const auto found = program.state.store.database->find("workspaces", workspace);
    return std::string((**found).text("name"));
  }

  TestProgram program;
  std::string workspace;
};

TEST_F(ConflictsTest, ListsAllOrThoseThatAreOpen) {
  const auto all = program.run({"conflicts"}).out;
  EXPECT_THAT(all, ContainsRegex("name .*open"));
  EXPECT_THAT(all, ContainsRegex("description .*theirs"));
  EXPECT_EQ(program.run({"conflicts", "list"}).out, all);
  const auto open = program.run({"conflicts", "--open"}).out;
  EXPECT_THAT(open, Not(HasSubstr("description")));
  EXPECT_EQ(program.run({"conflicts", "list", "--open"}).out, open);
  const auto json = program.run({"conflicts", "--json"}).json();
  EXPECT_EQ(*json.array()->front().find("state")->string(), "open");
}

TEST_F(ConflictsTest, ShowsBothSidesWithTheirDifferencesMarked) {
  const auto shown = program.run({"conflicts", "show", "1"});
  EXPECT_EQ(shown.code, 0);
  EXPECT_THAT(shown.out, HasSubstr("Before      The night train"));
  EXPECT_THAT(shown.out, HasSubstr("The [slow] night train │ The [last] night train"));
  EXPECT_EQ(program.run({"conflicts", "show", "9"}).code, 3);
}

TEST_F(ConflictsTest, IsResolvedInOneWay) {
  EXPECT_EQ(program.run({"conflicts", "resolve", "1"}).code, 2);
  EXPECT_EQ(program.run({"conflicts", "resolve", "1", "--mine", "--theirs"}).code, 2);
  const auto resolved = program.run({"conflicts", "resolve", "1", "--theirs", "--json"});
  EXPECT_EQ(resolved.code, 0) << resolved.out;
  EXPECT_EQ(*resolved.json().find("state")->string(), "resolved");
  EXPECT_EQ(*resolved.json().find("resolution")->string(), "theirs");
  EXPECT_EQ(name(), "The last night train");
  EXPECT_NE(program.run({"conflicts", "resolve", "1", "--mine"}).code, 0);
}

TEST_F(ConflictsTest, TakesAnotherValue) {
  EXPECT_EQ(program.run({"conflicts", "resolve", "1", "--value", "The train"}).out,
            "Conflict 1 is resolved.\n");
  EXPECT_EQ(name(), "The train");
}

}  // namespace
}  // namespace convoy::cli
