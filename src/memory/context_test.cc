// The context of a task: from this device, from the server, from both.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "memory/context_json.h"
#include "memory/context_service.h"
#include "memory/test_bank.h"

namespace convoy::memory {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;

constexpr const char* kTask = "10000000-0000-4000-8000-000000000001";
constexpr const char* kMilestone = "20000000-0000-4000-8000-000000000001";
constexpr const char* kProject = "30000000-0000-4000-8000-000000000001";
constexpr const char* kWorkspace = "40000000-0000-4000-8000-000000000001";
constexpr const char* kSubtask = "10000000-0000-4000-8000-000000000002";

// A server whose rows are filtered as PostgREST does: by `eq`, `in` and `is.null`.
class FakeServer final : public ServerRows {
 public:
  Result<base::Json> read(const std::string& table, const RowParameters& parameters) override {
    ++requests;
    if (error) return *error;
    base::Json::Array found;
    for (const auto& row : rows[table]) {
      if (fits(row, parameters)) found.push_back(row);
    }
    return base::Json(std::move(found));
  }

  void add(const std::string& table, const std::string& json) {
    rows[table].push_back(*base::parse_json(json));
  }

  std::map<std::string, base::Json::Array> rows;
  std::optional<Error> error;
  int requests = 0;

 private:
  static bool fits(const base::Json& row, const RowParameters& parameters) {
    for (const auto& [name, value] : parameters) {
      if (name == "order" || name == "limit") continue;
      const auto* found = row.find(name);
      const auto* text = found == nullptr ? nullptr : found->string();
      if (value == "is.null"         ? text != nullptr
          : value.starts_with("eq.") ? text == nullptr || "eq." + *text != value
                                     : text == nullptr || value.find(*text) == std::string::npos) {
        return false;
      }
    }
    return true;
  }
};

class ContextTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(store.database.ok()) << store.database.error().message; }

  // A plan that was made on this device.
  void make_plan() {
    workspace = store.make(Entity::Workspace, {{"name", "Railways"}});
    project = store.make(Entity::Project, {{"workspace_id", workspace}, {"name", "Timetable"}});
    milestone = store.make(Entity::Milestone, {{"project_id", project}, {"name", "Draft"}});
    parent = make_task("All stations");
    task = make_task("Index the stations", {{"parent_task_id", parent}});
  }

  std::string make_task(const std::string& title, Fields more = {}) {
    store.clock.now += 1000;
    more.emplace_back("milestone_id", milestone);
    more.emplace_back("title", title);
    return store.make(Entity::Task, std::move(more));
  }

  void write(const std::function<Status(Writer&)>& work) {
    const auto written = store.database->write(work);
    ASSERT_TRUE(written.ok()) << written.error().message;
  }

  void offer_plan() {
    server.add("workspaces", row(kWorkspace, R"("name":"Far away")"));
    server.add("projects", row(kProject, R"("name":"P","status":"ACTIVE","workspace_id":")" +
                                             std::string(kWorkspace) + "\""));
    server.add("milestones", row(kMilestone, R"("name":"M","status":"PLANNED","project_id":")" +
                                                 std::string(kProject) + "\""));
    server.add("tasks", task_row(kTask, "Remote task"));
    server.add("tasks", task_row(kSubtask, "Remote subtask", kTask));
    server.add("best_practices",
               row("50000000-0000-4000-8000-000000000001", R"("name":"Everywhere")"));
    server.add("best_practices",
               row("50000000-0000-4000-8000-000000000002",
                   R"("name":"Here","project_id":")" + std::string(kProject) + "\""));
    server.add("workflows", row("60000000-0000-4000-8000-000000000001",
                                R"("name":"Flow","stages":["PLAN","SHIP"])"));
  }

  static std::string row(const std::string& id, const std::string& more) {
    return R"({"id":")" + id +
           R"(","created_at":"2026-11-01T00:00:00+00:00","updated_at":"2026-11-02T00:00:00+00:00",)" +
           more + "}";
  }

  static std::string task_row(const std::string& id, const std::string& title,
                              const std::string& parent_id = "") {
    return row(id, R"("title":")" + title +
                       R"(","status":"TODO","current_stage":"PLAN","milestone_id":")" + kMilestone +
                       "\"" +
                       (parent_id.empty() ? "" : R"(,"parent_task_id":")" + parent_id + "\""));
  }

  Context context_of(const std::string& name) {
    auto context = service.task_context(name);
    EXPECT_TRUE(context.ok()) << context.error().message;
    return context.ok() ? *std::move(context) : Context{};
  }

  static std::vector<std::string> titles(const std::vector<Record>& records) {
    std::vector<std::string> titles;
    for (const auto& record : records) titles.emplace_back(record.text("title"));
    return titles;
  }

  static std::vector<std::string> missing(const Context& context) {
    std::vector<std::string> what;
    for (const auto& one : context.missing) what.push_back(one.what);
    return what;
  }

  TestBank store;
  FakeServer server;
  ContextService service{*store.database, store.clock, &server};
  std::string workspace;
  std::string project;
  std::string milestone;
  std::string parent;
  std::string task;
};

TEST_F(ContextTest, HasWhatLiesAroundATask) {
  make_plan();
  const auto part = make_task("Part", {{"parent_task_id", task}});
  const auto first = make_task("First");
  const auto done = make_task("Done before", {{"status", "DONE"}});
  const auto later = make_task("Later");
  auto bank = store.bank();
  ASSERT_TRUE(bank.depend(task, done).ok());
  ASSERT_TRUE(bank.depend(task, first).ok());
  ASSERT_TRUE(bank.depend(later, task).ok());
  ASSERT_TRUE(bank.set_stage(task, {.stage = "next"}).ok());
  write([&](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("best_practices", {{"name", "Index what you search"}}));
    CONVOY_CHECK_OK(writer.create("best_practices",
                                  {{"name", "Elsewhere"}, {"project_id", std::string(kProject)}}));
    CONVOY_CHECK_OK(writer.create("patterns", {{"name", "Ours"}, {"workspace_id", workspace}}));
    return ok_status();
  });
  ContextService alone(*store.database, store.clock, nullptr);
  const auto context = alone.task_context("index the stations");
  ASSERT_TRUE(context.ok()) << context.error().message;
  EXPECT_EQ(context->task.id, task);
  EXPECT_EQ(context->parent->id, parent);
  EXPECT_EQ(context->milestone->id, milestone);
  EXPECT_EQ(context->project->id, project);
  EXPECT_EQ(context->workspace->id, workspace);
  EXPECT_THAT(titles(context->subtasks), ElementsAre("Part"));
  ASSERT_EQ(context->waits_for.size(), 2U);
  EXPECT_EQ(context->waits_for[0].task_id, first) << "what is not done comes first";
  EXPECT_TRUE(context->waits_for[1].is_done());
  ASSERT_EQ(context->needed_by.size(), 1U);
  EXPECT_EQ(context->needed_by[0].task_id, later);
  ASSERT_EQ(context->activities.size(), 1U);
  EXPECT_EQ(context->milestone_progress.total(), 6);
  ASSERT_EQ(context->best_practices.size(), 1U) << "not those of other projects";
  EXPECT_THAT(context->best_practices[0].reason, HasSubstr("index"));
  ASSERT_EQ(context->patterns.size(), 1U);
  EXPECT_EQ(context->patterns[0].scope, Scope::Workspace);
  EXPECT_EQ(context->workflow.stage(0)->name, "PLAN_REVIEW");
  EXPECT_TRUE(context->workflow.stage(0)->is_checkpoint);
  EXPECT_EQ(context->workflow.stage(1)->name, "IMPLEMENT");
  EXPECT_EQ(context->workflow.stage(-1)->name, "PLAN");
  EXPECT_EQ(context->workflow.stage(-2), nullptr);
  EXPECT_TRUE(context->workflow.is_builtin);
  EXPECT_EQ(context->source, Source::Local);
  EXPECT_TRUE(context->freshness.is_complete) << "it was made here";
  EXPECT_GT(context->freshness.unsent, 5);
  EXPECT_THAT(missing(*context), ElementsAre("workflow"));
}

TEST_F(ContextTest, HasTheLatestTwentyActivities) {
  make_plan();
  for (int i = 0; i < 25; ++i) {
    store.clock.now += 1000;
    base::Json details;
    details.set("text", std::to_string(i));
    ASSERT_TRUE(store.bank().add_activity(task, "COMMENT", details).ok());
  }
  const auto context = context_of(task);
  ASSERT_EQ(context.activities.size(), 20U);
  EXPECT_EQ(context.activities.front().text("details"), R"({"text":"24"})");
  EXPECT_EQ(context.activity_count, 25);
}

TEST_F(ContextTest, IsReadInAFixedNumberOfQueries) {
  make_plan();
  for (int i = 0; i < 40; ++i) {
    ASSERT_TRUE(store.bank().depend(task, make_task("T" + std::to_string(i))).ok());
  }
  // Each round to the reader would see a write in between: they all see one state.
  const auto context = context_of(task);
  EXPECT_EQ(context.waits_for.size(), 40U);
  EXPECT_TRUE(context.waits_for.back().task);
}

TEST_F(ContextTest, WhatIsNotHereComesFromTheServer) {
  offer_plan();
  const auto context = context_of(kTask);
  EXPECT_EQ(context.source, Source::Remote);
  EXPECT_EQ(context.task.text("title"), "Remote task");
  EXPECT_EQ(context.workspace->text("name"), "Far away");
  EXPECT_THAT(titles(context.subtasks), ElementsAre("Remote subtask"));
  EXPECT_EQ(context.best_practices.size(), 2U);
  EXPECT_EQ(context.workflow.workflow.name, "Flow");
  EXPECT_THAT(context.missing, IsEmpty());
  EXPECT_EQ(context.freshness.fetched_at_ms, store.clock.now);
  EXPECT_FALSE(context.freshness.is_complete);
  EXPECT_EQ(provenance_of(context, context.task).source, "server");
  EXPECT_EQ(service.statistics().fallbacks, 1);
  EXPECT_EQ(service.statistics().requests, server.requests);
  EXPECT_EQ(*store.database->count(from("tasks")), 0) << "nothing gets among the synced rows";
}

TEST_F(ContextTest, TheServersAnswerIsKept) {
  offer_plan();
  context_of(kTask);
  const auto asked = server.requests;
  context_of(kTask);
  EXPECT_EQ(server.requests, asked) << "a moment later it is as good as new";
  store.clock.now += 10 * 60'000;
  server.error = Error{.code = ErrorCode::Offline, .message = "no route"};
  ContextService another(*store.database, store.clock, &server);
  const auto context = another.task_context(kTask);
  ASSERT_TRUE(context.ok()) << context.error().message;
  EXPECT_EQ(context->task.text("title"), "Remote task");
  EXPECT_TRUE(context->freshness.is_kept);
  EXPECT_EQ(context->freshness.fetched_at_ms, store.clock.now - 10 * 60'000);
  EXPECT_EQ(another.statistics().kept_used, 1);
  EXPECT_EQ(another.statistics().fallbacks_failed, 1);
  store.clock.now += std::int64_t{8} * 24 * 3600 * 1000;
  const auto forgotten = another.task_context(kTask);
  ASSERT_FALSE(forgotten.ok());
  EXPECT_EQ(forgotten.error().code, ErrorCode::Offline);
}

TEST_F(ContextTest, OnlySoManyAnswersAreKept) {
  offer_plan();
  for (int i = 10; i < 50; ++i) {
    store.clock.now += 1000;
    const auto id = "70000000-0000-4000-8000-0000000000" + std::to_string(i);
    server.add("tasks", task_row(id, "T"));
    context_of(id);
  }
  const auto kept = store.database->select(
      "select count(*), min(key) from local_storage where key like 'convoy.context.%'");
  EXPECT_EQ(std::get<double>(kept->rows[0][0]), 32);
  EXPECT_EQ(std::get<std::string>(kept->rows[0][1]),
            "convoy.context.70000000-0000-4000-8000-000000000018")
      << "the oldest went";
}

TEST_F(ContextTest, WhatTheServerDoesNotShowAnyMoreIsForgotten) {
  offer_plan();
  context_of(kTask);
  store.clock.now += 10 * 60'000;
  server.rows.clear();
  EXPECT_EQ(service.task_context(kTask).error().code, ErrorCode::NotFound);
  server.error = Error{.code = ErrorCode::Offline, .message = "no route"};
  EXPECT_EQ(service.task_context(kTask).error().code, ErrorCode::Offline)
      << "not from memory either";
}

TEST_F(ContextTest, LocalRowsStayAsTheyAre) {
  offer_plan();
  write([&](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("tasks",
                                  {{"title", "Mine"},
                                   {"milestone_id", std::string(kMilestone)},
                                   {"current_stage", "PLAN"},
                                   {"status", "TODO"}},
                                  kTask));
    CONVOY_CHECK_OK(writer.create("tasks",
                                  {{"title", "Gone"},
                                   {"milestone_id", std::string(kMilestone)},
                                   {"parent_task_id", std::string(kTask)}},
                                  kSubtask));
    return ok_status();
  });
  // As if it had been synced once: deleting it leaves a row that waits to be sent.
  ASSERT_TRUE(store.database->select("select 1").ok());
  write([&](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.update("tasks", kSubtask, {{"parent_task_id", Null{}}}));
    return ok_status();
  });
  const auto context = context_of(kTask);
  EXPECT_EQ(context.task.text("title"), "Mine");
  EXPECT_EQ(context.source, Source::Mixed);
  EXPECT_THAT(titles(context.subtasks), IsEmpty()) << "here it is no subtask any more";
  EXPECT_EQ(context.milestone->text("name"), "M");
  EXPECT_EQ(provenance_of(context, context.task).source, "local");
}

TEST_F(ContextTest, OfflineSaysWhatIsMissingAndWhy) {
  server.error = Error{.code = ErrorCode::Offline, .message = "no route"};
  write([&](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("tasks",
                                  {{"title", "Alone"},
                                   {"milestone_id", std::string(kMilestone)},
                                   {"current_stage", "PLAN"},
                                   {"status", "TODO"}},
                                  kTask));
    return ok_status();
  });
  const auto context = context_of("alone");
  EXPECT_EQ(context.source, Source::Local);
  EXPECT_THAT(missing(context),
              testing::IsSupersetOf({"milestone", "project", "workspace", "activities"}));
  for (const auto& one : context.missing) EXPECT_THAT(one.reason, HasSubstr("no route"));
  EXPECT_FALSE(context.milestone);
}

TEST_F(ContextTest, ATaskThatIsNowhereIsNotFound) {
  EXPECT_EQ(service.task_context(kTask).error().code, ErrorCode::NotFound);
  EXPECT_EQ(service.task_context("some words").error().code, ErrorCode::NotFound);
  const auto asked = server.requests;
  EXPECT_EQ(service.task_context("").error().code, ErrorCode::InvalidArgument);
  EXPECT_EQ(server.requests, asked);
  server.add("tasks", R"({"id":"no uuid"})");
  server.rows["tasks"][0] = *base::parse_json(R"({"title":"no id"})");
  EXPECT_EQ(service.task_context(kTask).error().code, ErrorCode::NotFound);
}

TEST_F(ContextTest, AnAnswerThatMakesNoSenseIsAnError) {
  class Nonsense final : public ServerRows {
   public:
    Result<base::Json> read(const std::string&, const RowParameters&) override {
      return *base::parse_json(R"([{"id":"10000000-0000-4000-8000-000000000001","title":7}])");
    }
  } nonsense;

  ContextService confused(*store.database, store.clock, &nonsense);
  EXPECT_EQ(confused.task_context(kTask).error().code, ErrorCode::BadReply);
}

TEST_F(ContextTest, IsOneJsonDocument) {
  make_plan();
  const auto json = to_json(context_of(task));
  std::vector<std::string> members;
  for (const auto& [name, value] : *json.object()) members.push_back(name);
  EXPECT_THAT(members, ElementsAre("version", "source", "freshness", "missing", "task", "workflow",
                                   "waits_for", "needed_by", "parent", "subtasks", "milestone",
                                   "project", "workspace", "progress", "best_practices", "patterns",
                                   "activities", "activity_count"));
  EXPECT_THAT(*json.find("task")->object(), Contains(Key("_provenance")));
  EXPECT_EQ(json.find("task")->find("_provenance")->find("unsent")->dump(), "true");
  EXPECT_EQ(json.find("workflow")->find("current")->find("name")->dump(), R"("PLAN")");
  EXPECT_EQ(to_json(context_of(task)).dump(), json.dump()) << "the same each time";
}

}  // namespace
}  // namespace convoy::memory
