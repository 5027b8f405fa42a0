// The memory bank on a real database.
#include <gtest/gtest.h>

#include "memory/test_bank.h"

namespace convoy::memory {
namespace {

class BankTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(store.database.ok()) << store.database.error().message;
    workspace = store.make(Entity::Workspace, {{"name", "Night train"}});
    project = store.make(Entity::Project, {{"workspace_id", workspace}, {"name", "Timetable"}});
    milestone = store.make(Entity::Milestone, {{"project_id", project}, {"name", "First draft"}});
    task = store.make(Entity::Task, {{"milestone_id", milestone}, {"title", "Ask around"}});
  }

  Bank bank() { return store.bank(); }

  ErrorCode code_of_update(Entity entity, const std::string& id, Fields fields) {
    const auto result = bank().update(entity, id, std::move(fields));
    return result.ok() ? ErrorCode{} : result.error().code;
  }

  TestBank store;
  std::string workspace;
  std::string project;
  std::string milestone;
  std::string task;
};

TEST_F(BankTest, NewRecordsTakeTheirDefaults) {
  const auto record = bank().find(Entity::Task, task);
  ASSERT_TRUE(record.ok()) << record.error().message;
  EXPECT_EQ(record->text("status"), "TODO");
  EXPECT_EQ(record->text("current_stage"), "PLAN");
  EXPECT_TRUE(is_null(record->get("parent_task_id")));
  EXPECT_TRUE(is_null(record->get("completion_date")));
  EXPECT_EQ(record->number("created_at"), static_cast<double>(store.clock.now));
  EXPECT_EQ(bank().find(Entity::Project, project)->text("status"), "ACTIVE");
  EXPECT_EQ(bank().find(Entity::Milestone, milestone)->text("status"), "PLANNED");
}

TEST_F(BankTest, NamesAndTitlesAreNotBlank) {
  for (const auto& fields :
       {Fields{}, Fields{{"name", ""}}, Fields{{"name", " \t\n"}}, Fields{{"name", Null{}}}}) {
    const auto made = bank().create(Entity::Workspace, fields);
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().code, ErrorCode::InvalidArgument);
  }
  EXPECT_EQ(code_of_update(Entity::Task, task, {{"title", " "}}), ErrorCode::InvalidArgument);
}

TEST_F(BankTest, ParentsMustBeHere) {
  const Fields fields{{"milestone_id", "01939f3c-0f4b-7cc2-9a8e-0123456789ab"}, {"title", "T"}};
  const auto made = bank().create(Entity::Task, fields);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, ErrorCode::NotFound);
  const auto orphan = bank().create(Entity::Task, {{"title", "T"}});
  ASSERT_FALSE(orphan.ok());
  EXPECT_EQ(orphan.error().code, ErrorCode::InvalidArgument);
}

TEST_F(BankTest, RefusesUnknownStatusesButKeepsThoseThatAreThere) {
  EXPECT_EQ(code_of_update(Entity::Task, task, {{"status", "LATER"}}), ErrorCode::InvalidArgument);
  EXPECT_EQ(code_of_update(Entity::Task, task, {{"current_stage", "X"}}),
            ErrorCode::InvalidArgument);
  EXPECT_EQ(code_of_update(Entity::Task, task, {{"status", Null{}}}), ErrorCode::InvalidArgument);
  // Another program wrote a status that this one does not know.
  const auto written = store.database->write([&](Writer& writer) -> Status {
    CONVOY_TRY(auto record, writer.update("tasks", task, {{"status", "WAITING"}}));
    return ok_status();
  });
  ASSERT_TRUE(written.ok());
  EXPECT_EQ(code_of_update(Entity::Task, task, {{"status", "WAITING"}, {"title", "T"}}),
            ErrorCode{});
  const auto waiting = bank().list(Entity::Task, {.statuses = {"WAITING"}});
  ASSERT_TRUE(waiting.ok());
  EXPECT_EQ(waiting->size(), 1U);
}

TEST_F(BankTest, ADoneTaskHasItsCompletionDateAsLongAsItIsDone) {
  auto done = bank().update(Entity::Task, task, {{"status", "done"}});
  ASSERT_TRUE(done.ok()) << done.error().message;
  const auto first = static_cast<double>(store.clock.now);
  EXPECT_EQ(done->number("completion_date"), first);
  store.clock.now += 5000;
  EXPECT_EQ(bank()
                .update(Entity::Task, task, {{"status", "DONE"}, {"title", "T"}})
                ->number("completion_date"),
            first);
  auto open = bank().update(Entity::Task, task, {{"status", "IN_PROGRESS"}});
  ASSERT_TRUE(open.ok());
  EXPECT_TRUE(is_null(open->get("completion_date")));
}

TEST_F(BankTest, ATaskMayBePartOfATaskButNotOfItself) {
  const auto child = store.make(
      Entity::Task, {{"milestone_id", milestone}, {"title", "Child"}, {"parent_task_id", task}});
  EXPECT_EQ(code_of_update(Entity::Task, task, {{"parent_task_id", task}}),
            ErrorCode::InvalidArgument);
  EXPECT_EQ(code_of_update(Entity::Task, task, {{"parent_task_id", child}}),
            ErrorCode::InvalidArgument);
  EXPECT_EQ(code_of_update(Entity::Task, child, {{"parent_task_id", Null{}}}), ErrorCode{});
  EXPECT_EQ(code_of_update(Entity::Task, task, {{"parent_task_id", child}}), ErrorCode{});
}

TEST_F(BankTest, TechStackIsJson) {
  EXPECT_EQ(code_of_update(Entity::Project, project, {{"tech_stack", "{not json"}}),
            ErrorCode::InvalidArgument);
  EXPECT_EQ(code_of_update(Entity::Project, project, {{"tech_stack", R"({"a": [1]})"}}),
            ErrorCode{});
}

TEST_F(BankTest, FindsByBeginningAndEndOfAnId) {
  for (const auto& part : {task, task.substr(28), short_id(task), task.substr(0, 36)}) {
    const auto found = bank().find(Entity::Task, part);
    ASSERT_TRUE(found.ok()) << part << ": " << found.error().message;
    EXPECT_EQ(found->id, task);
  }
  auto capitals = short_id(task);
  for (char& c : capitals) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_TRUE(bank().find(Entity::Task, capitals).ok());
}

TEST_F(BankTest, SaysWhichRecordsAnIdCouldMean) {
  const auto other =
      store.make(Entity::Task, {{"milestone_id", milestone}, {"title", "Another one"}});
  const auto found = bank().find(Entity::Task, task.substr(0, 8));  // The same millisecond.
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().code, ErrorCode::Ambiguous);
  EXPECT_NE(found.error().hint.find(task), std::string::npos);
  EXPECT_NE(found.error().hint.find(other), std::string::npos);
  EXPECT_NE(found.error().hint.find("Another one"), std::string::npos);
}

TEST_F(BankTest, FindsByTitle) {
  const auto other =
      store.make(Entity::Task, {{"milestone_id", milestone}, {"title", "Ask around the stations"}});
  for (const auto* title :
       {"Ask around", "ask AROUND", "around ask stations", "stations", "stat"}) {
    const auto found = bank().find(Entity::Task, title);
    ASSERT_TRUE(found.ok()) << title << ": " << found.error().message;
    const bool is_whole = std::string_view(title).size() == 10;
    EXPECT_EQ(found->id, is_whole ? task : other) << title;
  }
  const auto both = bank().find(Entity::Task, "around");
  ASSERT_FALSE(both.ok());
  EXPECT_EQ(both.error().code, ErrorCode::Ambiguous);
  EXPECT_NE(both.error().hint.find(task), std::string::npos);
  EXPECT_NE(both.error().hint.find("Ask around the stations"), std::string::npos);
}

TEST_F(BankTest, ATitleOfHexadecimalDigitsOrSignsIsFoundAsWell) {
  const auto cafe = store.make(Entity::Task, {{"milestone_id", milestone}, {"title", "Cafe"}});
  EXPECT_EQ(bank().find(Entity::Task, "cafe")->id, cafe);
  const auto signs = store.make(Entity::Task, {{"milestone_id", milestone}, {"title", "???"}});
  EXPECT_EQ(bank().find(Entity::Task, "???")->id, signs);
}

TEST_F(BankTest, TyposAreForgivenToWhoeverOnlyLooks) {
  const auto looked = bank().find(Entity::Task, "ask aruond", Guess::Likely);
  ASSERT_TRUE(looked.ok()) << looked.error().message;
  EXPECT_EQ(looked->id, task);
  const auto written = bank().update(Entity::Task, "ask aruond", {{"title", "T"}});
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().code, ErrorCode::NotFound);
  EXPECT_NE(written.error().hint.find("Ask around"), std::string::npos) << "the nearest is offered";
}

TEST_F(BankTest, RefusesWhatNamesNothing) {
  for (const auto* name : {"", "  "}) {
    EXPECT_EQ(bank().find(Entity::Task, name).error().code, ErrorCode::InvalidArgument);
  }
  for (const auto* name : {"abc", "%%%%", "a_cd", "wxyz", "ffffffff", "\"", "* OR x"}) {
    const auto found = bank().find(Entity::Task, name);
    ASSERT_FALSE(found.ok()) << name;
    EXPECT_EQ(found.error().code, ErrorCode::NotFound) << name;
  }
}

TEST_F(BankTest, ListsWhatLiesWithinAtAnyDistance) {
  const auto elsewhere = store.make(Entity::Workspace, {{"name", "Elsewhere"}});
  for (const auto& [above, id] : {std::pair{Entity::Workspace, workspace},
                                  {Entity::Project, project},
                                  {Entity::Milestone, milestone}}) {
    const auto tasks = bank().list(Entity::Task, {.within = {{above, id}}});
    ASSERT_TRUE(tasks.ok()) << tasks.error().message;
    ASSERT_EQ(tasks->size(), 1U);
    EXPECT_EQ(tasks->front().id, task);
  }
  const auto none = bank().list(Entity::Task, {.within = {{Entity::Workspace, elsewhere}}});
  ASSERT_TRUE(none.ok());
  EXPECT_TRUE(none->empty());
  // A whole id of something that is not here; part of one is an error.
  const auto unknown = std::string("01939f3c-0f4b-7cc2-9a8e-0123456789ab");
  EXPECT_TRUE(bank().list(Entity::Task, {.within = {{Entity::Project, unknown}}})->empty());
  EXPECT_EQ(bank().list(Entity::Task, {.within = {{Entity::Project, "ffffffff"}}}).error().code,
            ErrorCode::NotFound);
}

TEST_F(BankTest, ListsSortedAndLimited) {
  for (const auto* title : {"C", "A", "B"}) {
    store.clock.now += 1000;
    store.make(Entity::Task, {{"milestone_id", milestone}, {"title", title}});
  }
  const auto by_title = bank().list(Entity::Task, {.order = {desc("title")}, .limit = 2});
  ASSERT_TRUE(by_title.ok());
  ASSERT_EQ(by_title->size(), 2U);
  EXPECT_EQ(by_title->front().text("title"), "C");
  EXPECT_EQ(bank().list(Entity::Task, {})->front().id, task) << "oldest first";
  const auto wrong = bank().list(Entity::Task, {.order = {asc("colour")}});
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().code, ErrorCode::UnknownColumn);
  EXPECT_NE(wrong.error().hint.find("updated_at"), std::string::npos);
}

TEST_F(BankTest, ListsSubtasksAndTopLevelTasks) {
  const auto child = store.make(
      Entity::Task, {{"milestone_id", milestone}, {"title", "Child"}, {"parent_task_id", task}});
  const auto subtasks = bank().list(Entity::Task, {.parent_task = task});
  ASSERT_TRUE(subtasks.ok());
  ASSERT_EQ(subtasks->size(), 1U);
  EXPECT_EQ(subtasks->front().id, child);
  const auto top = bank().list(Entity::Task, {.parent_task = ""});
  ASSERT_EQ(top->size(), 1U);
  EXPECT_EQ(top->front().id, task);
}

TEST_F(BankTest, DeletesEverythingBeneathButLetsSubtasksGo) {
  const auto child = store.make(
      Entity::Task, {{"milestone_id", milestone}, {"title", "Child"}, {"parent_task_id", task}});
  const auto below = bank().descendants(Entity::Workspace, workspace);
  ASSERT_TRUE(below.ok());
  EXPECT_EQ(below->projects, 1);
  EXPECT_EQ(below->milestones, 1);
  EXPECT_EQ(below->tasks, 2);
  EXPECT_EQ(*bank().remove(Entity::Task, task), 1);
  EXPECT_TRUE(is_null(bank().find(Entity::Task, child)->get("parent_task_id")));
  EXPECT_EQ(*bank().remove(Entity::Project, project), 3);
  EXPECT_EQ(bank().find(Entity::Task, child).error().code, ErrorCode::NotFound);
  EXPECT_TRUE(bank().find(Entity::Workspace, workspace).ok());
}

TEST_F(BankTest, NothingOfARefusedWriteRemains) {
  const auto before = bank().list(Entity::Task, {})->size();
  EXPECT_FALSE(
      bank()
          .create(Entity::Task, {{"milestone_id", milestone}, {"title", std::string("a\0b", 3)}})
          .ok());
  EXPECT_EQ(bank().list(Entity::Task, {})->size(), before);
}

TEST_F(BankTest, LabelsTellNames) {
  const auto labels = bank().labels(Entity::Project, {project, project, "nowhere"});
  ASSERT_TRUE(labels.ok());
  ASSERT_EQ(labels->size(), 1U);
  EXPECT_EQ(labels->at(project), "Timetable");
}

}  // namespace
}  // namespace convoy::memory
