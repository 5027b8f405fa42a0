// Stages, and who may move a task where.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "memory/schema.h"
#include "memory/workflow.h"

namespace convoy::memory {
namespace {

using testing::HasSubstr;

const Schema& schema() {
  static const Schema schema = memory_schema();
  return schema;
}

Record workflow_row(const std::string& id, const std::string& stages, double created_at = 0) {
  return {.table = schema().find_table("workflows"),
          .id = id,
          .status = "synced",
          .changed = {},
          .values = {"Flow " + id, Null{}, stages, created_at, created_at}};
}

Status move(const std::string& from, const std::string& to, ActorKind actor = ActorKind::Person,
            Approval approval = Approval::NotGiven) {
  return check_move(standard_workflow(),
                    {.from = from, .to = to, .actor = actor, .approval = approval});
}

TEST(Workflow, IsReadInTheOrderOfItsStages) {
  const auto parsed = parse_workflow(workflow_row(
      "w",
      R"([{"name":"B","order":2,"is_checkpoint":true,"description":"second"},{"name":"A","order":1}])"));
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  ASSERT_EQ(parsed->stages.size(), 2U);
  EXPECT_EQ(parsed->stages[0].name, "A");
  EXPECT_EQ(parsed->stages[1].description, "second");
  EXPECT_TRUE(parsed->stages[1].is_checkpoint);
  EXPECT_EQ(parsed->find("b"), 1U);
  EXPECT_EQ(parse_workflow(workflow_row("w", R"(["Draft","Done"])"))->stages[1].name, "Done");
}

TEST(Workflow, RefusesStagesThatMakeNoSense) {
  for (const auto* stages : {"", "{}", "[]", "[1]", R"([{"order":1}])", R"(["A","A"])"}) {
    const auto parsed = parse_workflow(workflow_row("w", stages));
    ASSERT_FALSE(parsed.ok()) << stages;
    EXPECT_EQ(parsed.error().code, ErrorCode::InvalidArgument);
  }
}

TEST(Workflow, OfATaskIsTheOldestWithItsStage) {
  const std::vector<Record> rows{workflow_row("broken", "[]", 0),
                                 workflow_row("b", R"(["X","Y"])", 2),
                                 workflow_row("a", R"(["Y","Z"])", 1)};
  EXPECT_EQ(choose_workflow(rows, "X").id, "b");
  EXPECT_EQ(choose_workflow(rows, "Y").id, "a");
  EXPECT_EQ(choose_workflow(rows, "PLAN").id, "a") << "none has it: the oldest";
  EXPECT_EQ(choose_workflow({}, "PLAN").id, "");
  EXPECT_EQ(choose_workflow({}, "PLAN").stages.size(), 6U);
}

TEST(StageRules, GoOnStageOnOrBackAnywhere) {
  EXPECT_TRUE(move("PLAN", "PLAN_REVIEW").ok());
  EXPECT_TRUE(move("COMMIT", "PLAN").ok());
  const auto skipped = move("PLAN", "IMPLEMENT");
  ASSERT_FALSE(skipped.ok());
  EXPECT_EQ(skipped.error().code, ErrorCode::InvalidArgument);
  EXPECT_THAT(skipped.error().hint, HasSubstr("PLAN_REVIEW"));
  EXPECT_THAT(move("PLAN", "DREAM").error().hint, HasSubstr("IMPLEMENT"));
  EXPECT_TRUE(move("ELSEWHERE", "VALIDATE").ok()) << "from a stage of no workflow";
}

TEST(StageRules, ACheckpointIsLeftOnlyByAPersonsApproval) {
  EXPECT_EQ(move("PLAN_REVIEW", "IMPLEMENT").error().code, ErrorCode::InvalidArgument);
  EXPECT_TRUE(move("PLAN_REVIEW", "IMPLEMENT", ActorKind::Person, Approval::Given).ok());
  EXPECT_TRUE(move("PLAN_REVIEW", "PLAN").ok()) << "sent back";
  for (const auto approval : {Approval::NotGiven, Approval::Given}) {
    for (const auto* to : {"IMPLEMENT", "PLAN"}) {
      const auto left = move("PLAN_REVIEW", to, ActorKind::Agent, approval);
      ASSERT_FALSE(left.ok());
      EXPECT_EQ(left.error().code, ErrorCode::Refused);
    }
  }
  EXPECT_TRUE(move("PLAN", "PLAN_REVIEW", ActorKind::Agent).ok()) << "an agent may ask for review";
  EXPECT_TRUE(needs_approval(standard_workflow(), "CODE_REVIEW", "COMMIT"));
  EXPECT_FALSE(needs_approval(standard_workflow(), "CODE_REVIEW", "VALIDATE"));
}

}  // namespace
}  // namespace convoy::memory
