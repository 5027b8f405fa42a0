// Stages, dependencies, activities, moves and rights on a real database.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "memory/record_json.h"
#include "memory/test_bank.h"

namespace convoy::memory {
namespace {

using testing::HasSubstr;

class BankWriteTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(store.database.ok()) << store.database.error().message;
    workspace = store.make(Entity::Workspace, {{"name", "Night train"}});
    project = store.make(Entity::Project, {{"workspace_id", workspace}, {"name", "Timetable"}});
    milestone = store.make(Entity::Milestone, {{"project_id", project}, {"name", "First draft"}});
    task = make_task("Ask around");
  }

  std::string make_task(const std::string& title, const std::string& in = "") {
    return store.make(Entity::Task,
                      {{"milestone_id", in.empty() ? milestone : in}, {"title", title}});
  }

  Bank bank() { return store.bank(); }

  Bank agent() {
    return {*store.database, store.clock, {.kind = ActorKind::Agent, .name = "claude"}};
  }

  std::vector<Record> feed(const std::string& of) {
    return *store.database->fetch(from("activity_feed").where("task_id", eq(of)));
  }

  std::size_t mutations() {
    return store.database->select("select seq from convoy_mutation")->rows.size();
  }

  // As the server would tell it.
  void join(const std::string& role) {
    const auto written = store.database->write([&](Writer& writer) -> Status {
      CONVOY_TRY(auto members, writer.fetch(from("workspace_members")));
      if (!members.empty()) {
        CONVOY_CHECK_OK(writer.update("workspace_members", members.front().id, {{"role", role}}));
        return ok_status();
      }
      CONVOY_CHECK_OK(writer.create(
          "workspace_members", {{"workspace_id", workspace}, {"user_id", kUser}, {"role", role}}));
      return ok_status();
    });
    ASSERT_TRUE(written.ok()) << written.error().message;
  }

  static constexpr const char* kUser = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa";
  TestBank store{"aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"};
  std::string workspace;
  std::string project;
  std::string milestone;
  std::string task;
};

TEST_F(BankWriteTest, AChangeOfStageIsOneTransactionWithItsEntryInTheFeed) {
  const auto before = mutations();
  const auto moved = bank().set_stage("ask around", {.stage = "plan-review", .note = "ready"});
  ASSERT_TRUE(moved.ok()) << moved.error().message;
  EXPECT_EQ(moved->text("current_stage"), "PLAN_REVIEW");
  EXPECT_EQ(mutations(), before + 1);
  const auto entries = feed(task);
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].text("activity_type"), "STAGE_CHANGE");
  EXPECT_EQ(entries[0].text("actor_id"), kUser);
  EXPECT_EQ(embedded(std::string(entries[0].text("details"))).dump(),
            R"({"from":"PLAN","to":"PLAN_REVIEW","note":"ready"})");
}

TEST_F(BankWriteTest, OnlyAPersonsApprovalLeadsOutOfACheckpoint) {
  ASSERT_TRUE(agent().set_stage(task, {.stage = "next"}).ok());
  EXPECT_EQ(feed(task)[0].text("actor_id"), "claude");
  const auto tried = agent().set_stage(task, {.stage = "next", .approval = Approval::Given});
  ASSERT_FALSE(tried.ok());
  EXPECT_EQ(tried.error().code, ErrorCode::Refused);
  EXPECT_EQ(agent().update(Entity::Task, task, {{"current_stage", "IMPLEMENT"}}).error().code,
            ErrorCode::Refused)
      << "no way around it";
  EXPECT_EQ(bank().set_stage(task, {.stage = "next"}).error().code, ErrorCode::InvalidArgument);
  EXPECT_TRUE(*bank().needs_approval(task, "next"));
  EXPECT_FALSE(*bank().needs_approval(task, "previous"));
  const auto approved = bank().set_stage(task, {.stage = "next", .approval = Approval::Given});
  ASSERT_TRUE(approved.ok()) << approved.error().message;
  EXPECT_EQ(approved->text("current_stage"), "IMPLEMENT");
  EXPECT_EQ(feed(task).size(), 2U) << "refused moves leave nothing";
  EXPECT_THAT(std::string(feed(task).back().text("details")) +
                  std::string(feed(task).front().text("details")),
              HasSubstr(R"("approved":true)"));
}

TEST_F(BankWriteTest, StagesAreNotSkippedAndEndSomewhere) {
  EXPECT_EQ(bank().set_stage(task, {.stage = "COMMIT"}).error().code, ErrorCode::InvalidArgument);
  EXPECT_EQ(bank().set_stage(task, {.stage = "PLAN"}).error().code, ErrorCode::InvalidArgument);
  EXPECT_EQ(bank().set_stage(task, {.stage = "previous"}).error().code, ErrorCode::InvalidArgument);
  EXPECT_EQ(bank().update(Entity::Task, task, {{"current_stage", "COMMIT"}}).error().code,
            ErrorCode::InvalidArgument);
  EXPECT_TRUE(feed(task).empty());
  const auto updated = bank().update(Entity::Task, task, {{"current_stage", "PLAN_REVIEW"}});
  ASSERT_TRUE(updated.ok());
  EXPECT_EQ(feed(task).size(), 1U) << "an update that moves on says so too";
}

TEST_F(BankWriteTest, TheWorkflowOfTheServerRules) {
  const auto written = store.database->write([&](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create(
        "workflows", {{"name", "Short"},
                      {"stages", R"(["Draft",{"name":"Check","is_checkpoint":true},"Out"])"}}));
    return ok_status();
  });
  ASSERT_TRUE(written.ok()) << written.error().message;
  const auto made = make_task("New one");
  EXPECT_EQ(bank().find(Entity::Task, made)->text("current_stage"), "Draft") << "its first stage";
  EXPECT_EQ(bank().set_stage(made, {.stage = "next"})->text("current_stage"), "Check");
  EXPECT_EQ(bank().set_stage(made, {.stage = "OUT"}).error().code, ErrorCode::InvalidArgument);
  EXPECT_TRUE(bank().set_stage(made, {.stage = "out", .approval = Approval::Given}).ok());
}

TEST_F(BankWriteTest, TasksDoNotWaitForEachOther) {
  const auto second = make_task("Draw the map");
  const auto third = make_task("Print it");
  ASSERT_TRUE(bank().depend(second, "ask around").ok());
  ASSERT_TRUE(bank().depend(third, second).ok());
  const auto again = bank().depend(third, second);
  ASSERT_TRUE(again.ok()) << "it does already";
  EXPECT_EQ(store.database->count(from("task_dependencies")).ok(), true);
  EXPECT_EQ(*store.database->count(from("task_dependencies")), 2);
  const auto circle = bank().depend(task, third);
  ASSERT_FALSE(circle.ok());
  EXPECT_EQ(circle.error().code, ErrorCode::InvalidArgument);
  EXPECT_THAT(circle.error().hint,
              HasSubstr("\"Print it\" waits for \"Draw the map\" waits for \"Ask around\""));
  EXPECT_EQ(bank().depend(task, task).error().code, ErrorCode::InvalidArgument);
  EXPECT_TRUE(bank().undepend(third, second).ok());
  EXPECT_EQ(bank().undepend(third, second).error().code, ErrorCode::NotFound);
  EXPECT_TRUE(bank().depend(task, third).ok()) << "the circle is open now";
}

TEST_F(BankWriteTest, ReadyIsWhatWaitsForNothing) {
  const auto second = make_task("Draw the map");
  ASSERT_TRUE(bank().depend(second, task).ok());
  const auto ready = [&] {
    std::vector<std::string> ids;
    for (const auto& record : *bank().list(Entity::Task, {.is_ready = true}))
      ids.push_back(record.id);
    return ids;
  };
  EXPECT_THAT(ready(), testing::ElementsAre(task));
  ASSERT_TRUE(bank().update(Entity::Task, task, {{"status", "DONE"}}).ok());
  EXPECT_THAT(ready(), testing::ElementsAre(second));
  ASSERT_TRUE(bank().remove(Entity::Task, task).ok());
  EXPECT_THAT(ready(), testing::ElementsAre(second));
}

TEST_F(BankWriteTest, ActivitiesAreWordsWithDetails) {
  base::Json details;
  details.set("text", "The map is wrong.");
  const auto added = agent().add_activity("ask around", "comment", details);
  ASSERT_TRUE(added.ok()) << added.error().message;
  EXPECT_EQ(added->text("activity_type"), "COMMENT");
  EXPECT_EQ(added->text("actor_id"), "claude");
  EXPECT_EQ(bank().add_activity(task, "not; a word", {}).error().code, ErrorCode::InvalidArgument);
  EXPECT_EQ(bank().add_activity("nothing", "COMMENT", {}).error().code, ErrorCode::NotFound);
}

TEST_F(BankWriteTest, MovingTakesAlongWhatABelongs) {
  const auto other = store.make(Entity::Milestone, {{"project_id", project}, {"name", "Second"}});
  const auto part = store.make(
      Entity::Task, {{"milestone_id", milestone}, {"title", "Part"}, {"parent_task_id", task}});
  const auto before = mutations();
  const auto moved = bank().move(Entity::Task, task, "second");
  ASSERT_TRUE(moved.ok()) << moved.error().message;
  EXPECT_EQ(moved->text("milestone_id"), other);
  EXPECT_EQ(bank().find(Entity::Task, part)->text("milestone_id"), other);
  EXPECT_EQ(mutations(), before + 1);
  EXPECT_EQ(bank().move(Entity::Task, task, "third").error().code, ErrorCode::NotFound);
}

TEST_F(BankWriteTest, ProgressCountsAllTasksBeneath) {
  make_task("B");
  const auto done = make_task("C");
  ASSERT_TRUE(bank().update(Entity::Task, done, {{"status", "DONE"}}).ok());
  const Progress expected{.todo = 2, .in_progress = 0, .blocked = 0, .done = 1};
  EXPECT_EQ(*bank().progress(Entity::Milestone, milestone), expected);
  EXPECT_EQ(*bank().progress(Entity::Project, "timetable"), expected);
  EXPECT_EQ(*bank().progress(Entity::Workspace, workspace), expected);
  EXPECT_EQ(expected.percent(), 33);
  ASSERT_TRUE(bank().remove(Entity::Task, done).ok());
  EXPECT_EQ(bank().progress(Entity::Milestone, milestone)->done, 0);
  EXPECT_EQ(Progress{}.percent(), 0);
}

TEST_F(BankWriteTest, ViewersChangeNothingAndOnlyOwnersDeleteAWorkspace) {
  join("viewer");
  for (const auto& error :
       {bank().update(Entity::Task, task, {{"title", "T"}}).error(),
        bank().create(Entity::Task, {{"milestone_id", milestone}, {"title", "T"}}).error(),
        bank().create(Entity::Project, {{"workspace_id", workspace}, {"name", "P"}}).error(),
        bank().remove(Entity::Milestone, milestone).error(),
        bank().set_stage(task, {.stage = "next"}).error(),
        bank().add_activity(task, "COMMENT", {}).error(), bank().depend(task, task).error(),
        agent().update(Entity::Task, task, {{"title", "T"}}).error()}) {
    EXPECT_EQ(error.code, ErrorCode::Refused) << error.message;
    EXPECT_THAT(error.message, HasSubstr("viewer of the workspace \"Night train\""));
  }
  join("member");
  EXPECT_TRUE(bank().update(Entity::Task, task, {{"title", "T"}}).ok());
  EXPECT_EQ(bank().remove(Entity::Workspace, workspace).error().code, ErrorCode::Refused);
  join("owner");
  EXPECT_TRUE(bank().remove(Entity::Workspace, workspace).ok());
}

TEST_F(BankWriteTest, MovingNeedsTheRightOnBothSides) {
  const auto elsewhere = store.make(Entity::Workspace, {{"name", "Elsewhere"}});
  join("viewer");
  const auto mine = store.make(Entity::Project, {{"workspace_id", elsewhere}, {"name", "Mine"}});
  EXPECT_EQ(bank().move(Entity::Project, mine, workspace).error().code, ErrorCode::Refused);
  EXPECT_EQ(bank().move(Entity::Project, project, elsewhere).error().code, ErrorCode::Refused);
}

}  // namespace
}  // namespace convoy::memory
