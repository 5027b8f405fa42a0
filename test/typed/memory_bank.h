// Made by `convoy schema types` from version 1 of the schema; changes by hand are lost.
// clang-format off
// NOLINTBEGIN
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "convoy/typed.h"

namespace bank {

struct Workspace;
struct WorkspaceMember;
struct Project;
struct Milestone;
struct Task;
struct TaskDependency;
struct ActivityFeed;
struct Workflow;
struct Pattern;
struct BestPractice;

// A record of workspaces.
struct Workspace {
  std::string id{};
  std::string name{};
  std::optional<std::string> description{};
  convoy::typed::Time created_at{};
  convoy::typed::Time updated_at{};

  bool operator==(const Workspace&) const = default;
};

struct NewWorkspace {
  using Record = ::bank::Workspace;

  std::string id{};  // Empty: a new one.
  convoy::typed::Given<std::string> name;
  convoy::typed::Field<std::optional<std::string>> description{};
  convoy::typed::Field<convoy::typed::Time> created_at{};
  convoy::typed::Field<convoy::typed::Time> updated_at{};
};

struct WorkspacePatch {
  using Record = ::bank::Workspace;

  convoy::typed::Field<std::string> name{};
  convoy::typed::Field<std::optional<std::string>> description{};
  convoy::typed::Field<convoy::typed::Time> created_at{};
  convoy::typed::Field<convoy::typed::Time> updated_at{};
};

namespace workspaces {

inline constexpr convoy::typed::Column<Workspace, convoy::typed::Id> id{"id", &Workspace::id};
inline constexpr convoy::typed::Column<Workspace, convoy::typed::Text> name{"name", &Workspace::name};
inline constexpr convoy::typed::Column<Workspace, convoy::typed::Optional<convoy::typed::Text>> description{"description", &Workspace::description};
inline constexpr convoy::typed::Column<Workspace, convoy::typed::Instant> created_at{"created_at", &Workspace::created_at};
inline constexpr convoy::typed::Column<Workspace, convoy::typed::Instant> updated_at{"updated_at", &Workspace::updated_at};

inline convoy::typed::Query<Workspace> all() { return convoy::typed::Query<Workspace>("workspaces"); }

inline convoy::typed::Query<Workspace> where(convoy::typed::Condition<Workspace> condition) { return all().where(std::move(condition)); }

}  // namespace workspaces

// A record of workspace_members.
struct WorkspaceMember {
  std::string id{};
  std::string workspace_id{};  // Of a Workspace.
  std::string user_id{};
  std::string role{};
  convoy::typed::Time created_at{};
  convoy::typed::Time updated_at{};

  bool operator==(const WorkspaceMember&) const = default;
};

struct NewWorkspaceMember {
  using Record = ::bank::WorkspaceMember;

  std::string id{};  // Empty: a new one.
  convoy::typed::Given<std::string> workspace_id;
  convoy::typed::Given<std::string> user_id;
  convoy::typed::Given<std::string> role;
  convoy::typed::Field<convoy::typed::Time> created_at{};
  convoy::typed::Field<convoy::typed::Time> updated_at{};
};

struct WorkspaceMemberPatch {
  using Record = ::bank::WorkspaceMember;

  convoy::typed::Field<std::string> workspace_id{};
  convoy::typed::Field<std::string> user_id{};
  convoy::typed::Field<std::string> role{};
  convoy::typed::Field<convoy::typed::Time> created_at{};
  convoy::typed::Field<convoy::typed::Time> updated_at{};
};

namespace workspace_members {

inline constexpr convoy::typed::Column<WorkspaceMember, convoy::typed::Id> id{"id", &WorkspaceMember::id};
inline constexpr convoy::typed::Column<WorkspaceMember, convoy::typed::Reference<Workspace>> workspace_id{"workspace_id", &WorkspaceMember::workspace_id};
inline constexpr convoy::typed::Column<WorkspaceMember, convoy::typed::Id> user_id{"user_id", &WorkspaceMember::user_id};
inline constexpr convoy::typed::Column<WorkspaceMember, convoy::typed::Text> role{"role", &WorkspaceMember::role};
inline constexpr convoy::typed::Column<WorkspaceMember, convoy::typed::Instant> created_at{"created_at", &WorkspaceMember::created_at};
inline constexpr convoy::typed::Column<WorkspaceMember, convoy::typed::Instant> updated_at{"updated_at", &WorkspaceMember::updated_at};

inline convoy::typed::Query<WorkspaceMember> all() { return convoy::typed::Query<WorkspaceMember>("workspace_members"); }

inline convoy::typed::Query<WorkspaceMember> where(convoy::typed::Condition<WorkspaceMember> condition) { return all().where(std::move(condition)); }

}  // namespace workspace_members

// A record of projects.
struct Project {
  std::string id{};
  std::string workspace_id{};  // Of a Workspace.
  std::string name{};
  std::optional<std::string> description{};
  std::optional<std::string> overview{};
  std::optional<std::string> tech_stack{};  // JSON.
  std::string status{};
  convoy::typed::Time created_at{};
  convoy::typed::Time updated_at{};

  bool operator==(const Project&) const = default;
};

struct NewProject {
  using Record = ::bank::Project;

  std::string id{};  // Empty: a new one.
  convoy::typed::Given<std::string> workspace_id;
  convoy::typed::Given<std::string> name;
  convoy::typed::Field<std::optional<std::string>> description{};
  convoy::typed::Field<std::optional<std::string>> overview{};
  convoy::typed::Field<std::optional<std::string>> tech_stack{};
  convoy::typed::Given<std::string> status;
  convoy::typed::Field<convoy::typed::Time> created_at{};
  convoy::typed::Field<convoy::typed::Time> updated_at{};
};

struct ProjectPatch {
  using Record = ::bank::Project;

  convoy::typed::Field<std::string> workspace_id{};
  convoy::typed::Field<std::string> name{};
  convoy::typed::Field<std::optional<std::string>> description{};
  convoy::typed::Field<std::optional<std::string>> overview{};
  convoy::typed::Field<std::optional<std::string>> tech_stack{};
  convoy::typed::Field<std::string> status{};
  convoy::typed::Field<convoy::typed::Time> created_at{};
  convoy::typed::Field<convoy::typed::Time> updated_at{};
};

namespace projects {

inline constexpr convoy::typed::Column<Project, convoy::typed::Id> id{"id", &Project::id};
inline constexpr convoy::typed::Column<Project, convoy::typed::Reference<Workspace>> workspace_id{"workspace_id", &Project::workspace_id};
inline constexpr convoy::typed::Column<Project, convoy::typed::Text> name{"name", &Project::name};
inline constexpr convoy::typed::Column<Project, convoy::typed::Optional<convoy::typed::Text>> description{"description", &Project::description};
inline constexpr convoy::typed::Column<Project, convoy::typed::Optional<convoy::typed::Text>> overview{"overview", &Project::overview};
inline constexpr convoy::typed::Column<Project, convoy::typed::Optional<convoy::typed::Json>> tech_stack{"tech_stack", &Project::tech_stack};
inline constexpr convoy::typed::Column<Project, convoy::typed::Text> status{"status", &Project::status};
inline constexpr convoy::typed::Column<Project, convoy::typed::Instant> created_at{"created_at", &Project::created_at};
inline constexpr convoy::typed::Column<Project, convoy::typed::Instant> updated_at{"updated_at", &Project::updated_at};

inline convoy::typed::Query<Project> all() { return convoy::typed::Query<Project>("projects"); }

inline convoy::typed::Query<Project> where(convoy::typed::Condition<Project> condition) { return all().where(std::move(condition)); }

}  // namespace projects

// A record of milestones.
struct Milestone {
  std::string id{};
  std::string project_id{};  // Of a Project.
  std::string name{};
  std::optional<std::string> description{};
  std::optional<std::string> requirements{};
  std::string status{};
  std::optional<convoy::typed::Time> target_date{};
  convoy::typed::Time created_at{};
  convoy::typed::Time updated_at{};

  bool operator==(const Milestone&) const = default;
};

struct NewMilestone {
  using Record = ::bank::Milestone;

  std::string id{};  // Empty: a new one.
  convoy::typed::Given<std::string> project_id;
  convoy::typed::Given<std::string> name;
  convoy::typed::Field<std::optional<std::string>> description{};
  convoy::typed::Field<std::optional<std::string>> requirements{};
  convoy::typed::Given<std::string> status;
  convoy::typed::Field<std::optional<convoy::typed::Time>> target_date{};
  convoy::typed::Field<convoy::typed::Time> created_at{};
  convoy::typed::Field<convoy::typed::Time> updated_at{};
};

struct MilestonePatch {
  using Record = ::bank::Milestone;

  convoy::typed::Field<std::string> project_id{};
  convoy::typed::Field<std::string> name{};
  convoy::typed::Field<std::optional<std::string>> description{};
  convoy::typed::Field<std::optional<std::string>> requirements{};
  convoy::typed::Field<std::string> status{};
  convoy::typed::Field<std::optional<convoy::typed::Time>> target_date{};
  convoy::typed::Field<convoy::typed::Time> created_at{};
  convoy::typed::Field<convoy::typed::Time> updated_at{};
};

namespace milestones {

inline constexpr convoy::typed::Column<Milestone, convoy::typed::Id> id{"id", &Milestone::id};
inline constexpr convoy::typed::Column<Milestone, convoy::typed::Reference<Project>> project_id{"project_id", &Milestone::project_id};
inline constexpr convoy::typed::Column<Milestone, convoy::typed::Text> name{"name", &Milestone::name};
inline constexpr convoy::typed::Column<Milestone, convoy::typed::Optional<convoy::typed::Text>> description{"description", &Milestone::description};
inline constexpr convoy::typed::Column<Milestone, convoy::typed::Optional<convoy::typed::Text>> requirements{"requirements", &Milestone::requirements};
inline constexpr convoy::typed::Column<Milestone, convoy::typed::Text> status{"status", &Milestone::status};
inline constexpr convoy::typed::Column<Milestone, convoy::typed::Optional<convoy::typed::Instant>> target_date{"target_date", &Milestone::target_date};
inline constexpr convoy::typed::Column<Milestone, convoy::typed::Instant> created_at{"created_at", &Milestone::created_at};
inline constexpr convoy::typed::Column<Milestone, convoy::typed::Instant> updated_at{"updated_at", &Milestone::updated_at};

inline convoy::typed::Query<Milestone> all() { return convoy::typed::Query<Milestone>("milestones"); }

inline convoy::typed::Query<Milestone> where(convoy::typed::Condition<Milestone> condition) { return all().where(std::move(condition)); }

}  // namespace milestones

// A record of tasks.
struct Task {
  std::string id{};
  std::string milestone_id{};  // Of a Milestone.
  std::optional<std::string> parent_task_id{};  // Of a Task.
  std::string title{};
  std::optional<std::string> description{};
  std::string current_stage{};
  std::string status{};
  convoy::typed::Time created_at{};
  convoy::typed::Time updated_at{};
  std::optional<convoy::typed::Time> completion_date{};

  bool operator==(const Task&) const = default;
};

struct NewTask {
  using Record = ::bank::Task;

  std::string id{};  // Empty: a new one.
  convoy::typed::Given<std::string> milestone_id;
  convoy::typed::Field<std::optional<std::string>> parent_task_id{};
  convoy::typed::Given<std::string> title;
  convoy::typed::Field<std::optional<std::string>> description{};
  convoy::typed::Given<std::string> current_stage;
  convoy::typed::Given<std::string> status;
  convoy::typed::Field<convoy::typed::Time> created_at{};
  convoy::typed::Field<convoy::typed::Time> updated_at{};
  convoy::typed::Field<std::optional<convoy::typed::Time>> completion_date{};
};

struct TaskPatch {
  using Record = ::bank::Task;

  convoy::typed::Field<std::string> milestone_id{};
  convoy::typed::Field<std::optional<std::string>> parent_task_id{};
  convoy::typed::Field<std::string> title{};
  convoy::typed::Field<std::optional<std::string>> description{};
  convoy::typed::Field<std::string> current_stage{};
  convoy::typed::Field<std::string> status{};
  convoy::typed::Field<convoy::typed::Time> created_at{};
  convoy::typed::Field<convoy::typed::Time> updated_at{};
  convoy::typed::Field<std::optional<convoy::typed::Time>> completion_date{};
};

namespace tasks {

inline constexpr convoy::typed::Column<Task, convoy::typed::Id> id{"id", &Task::id};
inline constexpr convoy::typed::Column<Task, convoy::typed::Reference<Milestone>> milestone_id{"milestone_id", &Task::milestone_id};
inline constexpr convoy::typed::Column<Task, convoy::typed::Optional<convoy::typed::Reference<Task>>> parent_task_id{"parent_task_id", &Task::parent_task_id};
inline constexpr convoy::typed::Column<Task, convoy::typed::Text> title{"title", &Task::title};
inline constexpr convoy::typed::Column<Task, convoy::typed::Optional<convoy::typed::Text>> description{"description", &Task::description};
inline constexpr convoy::typed::Column<Task, convoy::typed::Text> current_stage{"current_stage", &Task::current_stage};
inline constexpr convoy::typed::Column<Task, convoy::typed::Text> status{"status", &Task::status};
inline constexpr convoy::typed::Column<Task, convoy::typed::Instant> created_at{"created_at", &Task::created_at};
inline constexpr convoy::typed::Column<Task, convoy::typed::Instant> updated_at{"updated_at", &Task::updated_at};
inline constexpr convoy::typed::Column<Task, convoy::typed::Optional<convoy::typed::Instant>> completion_date{"completion_date", &Task::completion_date};

inline convoy::typed::Query<Task> all() { return convoy::typed::Query<Task>("tasks"); }

inline convoy::typed::Query<Task> where(convoy::typed::Condition<Task> condition) { return all().where(std::move(condition)); }

}  // namespace tasks

// A record of task_dependencies.
struct TaskDependency {
  std::string id{};
  std::string task_id{};  // Of a Task.
  std::string depends_on_task_id{};  // Of a Task.
  convoy::typed::Time created_at{};

  bool operator==(const TaskDependency&) const = default;
};

struct NewTaskDependency {
  using Record = ::bank::TaskDependency;

  std::string id{};  // Empty: a new one.
  convoy::typed::Given<std::string> task_id;
  convoy::typed::Given<std::string> depends_on_task_id;
  convoy::typed::Field<convoy::typed::Time> created_at{};
};

struct TaskDependencyPatch {
  using Record = ::bank::TaskDependency;

  convoy::typed::Field<std::string> task_id{};
  convoy::typed::Field<std::string> depends_on_task_id{};
  convoy::typed::Field<convoy::typed::Time> created_at{};
};

namespace task_dependencies {

inline constexpr convoy::typed::Column<TaskDependency, convoy::typed::Id> id{"id", &TaskDependency::id};
inline constexpr convoy::typed::Column<TaskDependency, convoy::typed::Reference<Task>> task_id{"task_id", &TaskDependency::task_id};
inline constexpr convoy::typed::Column<TaskDependency, convoy::typed::Reference<Task>> depends_on_task_id{"depends_on_task_id", &TaskDependency::depends_on_task_id};
inline constexpr convoy::typed::Column<TaskDependency, convoy::typed::Instant> created_at{"created_at", &TaskDependency::created_at};

inline convoy::typed::Query<TaskDependency> all() { return convoy::typed::Query<TaskDependency>("task_dependencies"); }

inline convoy::typed::Query<TaskDependency> where(convoy::typed::Condition<TaskDependency> condition) { return all().where(std::move(condition)); }

}  // namespace task_dependencies

// A record of activity_feed.
struct ActivityFeed {
  std::string id{};
  std::string task_id{};  // Of a Task.
  std::optional<std::string> actor_id{};
  std::string activity_type{};
  std::optional<std::string> details{};  // JSON.
  convoy::typed::Time created_at{};

  bool operator==(const ActivityFeed&) const = default;
};

struct NewActivityFeed {
  using Record = ::bank::ActivityFeed;

  std::string id{};  // Empty: a new one.
  convoy::typed::Given<std::string> task_id;
  convoy::typed::Field<std::optional<std::string>> actor_id{};
  convoy::typed::Given<std::string> activity_type;
  convoy::typed::Field<std::optional<std::string>> details{};
  convoy::typed::Field<convoy::typed::Time> created_at{};
};

struct ActivityFeedPatch {
  using Record = ::bank::ActivityFeed;

  convoy::typed::Field<std::string> task_id{};
  convoy::typed::Field<std::optional<std::string>> actor_id{};
  convoy::typed::Field<std::string> activity_type{};
  convoy::typed::Field<std::optional<std::string>> details{};
  convoy::typed::Field<convoy::typed::Time> created_at{};
};

namespace activity_feed {

inline constexpr convoy::typed::Column<ActivityFeed, convoy::typed::Id> id{"id", &ActivityFeed::id};
inline constexpr convoy::typed::Column<ActivityFeed, convoy::typed::Reference<Task>> task_id{"task_id", &ActivityFeed::task_id};
inline constexpr convoy::typed::Column<ActivityFeed, convoy::typed::Optional<convoy::typed::Text>> actor_id{"actor_id", &ActivityFeed::actor_id};
inline constexpr convoy::typed::Column<ActivityFeed, convoy::typed::Text> activity_type{"activity_type", &ActivityFeed::activity_type};
inline constexpr convoy::typed::Column<ActivityFeed, convoy::typed::Optional<convoy::typed::Json>> details{"details", &ActivityFeed::details};
inline constexpr convoy::typed::Column<ActivityFeed, convoy::typed::Instant> created_at{"created_at", &ActivityFeed::created_at};

inline convoy::typed::Query<ActivityFeed> all() { return convoy::typed::Query<ActivityFeed>("activity_feed"); }

inline convoy::typed::Query<ActivityFeed> where(convoy::typed::Condition<ActivityFeed> condition) { return all().where(std::move(condition)); }

}  // namespace activity_feed

// A record of workflows.
struct Workflow {
  std::string id{};
  std::string name{};
  std::optional<std::string> description{};
  std::string stages{};  // JSON.
  convoy::typed::Time created_at{};
  convoy::typed::Time updated_at{};

  bool operator==(const Workflow&) const = default;
};

struct NewWorkflow {
  using Record = ::bank::Workflow;

  std::string id{};  // Empty: a new one.
  convoy::typed::Given<std::string> name;
  convoy::typed::Field<std::optional<std::string>> description{};
  convoy::typed::Given<std::string> stages;
  convoy::typed::Field<convoy::typed::Time> created_at{};
  convoy::typed::Field<convoy::typed::Time> updated_at{};
};

struct WorkflowPatch {
  using Record = ::bank::Workflow;

  convoy::typed::Field<std::string> name{};
  convoy::typed::Field<std::optional<std::string>> description{};
  convoy::typed::Field<std::string> stages{};
  convoy::typed::Field<convoy::typed::Time> created_at{};
  convoy::typed::Field<convoy::typed::Time> updated_at{};
};

namespace workflows {

inline constexpr convoy::typed::Column<Workflow, convoy::typed::Id> id{"id", &Workflow::id};
inline constexpr convoy::typed::Column<Workflow, convoy::typed::Text> name{"name", &Workflow::name};
inline constexpr convoy::typed::Column<Workflow, convoy::typed::Optional<convoy::typed::Text>> description{"description", &Workflow::description};
inline constexpr convoy::typed::Column<Workflow, convoy::typed::Json> stages{"stages", &Workflow::stages};
inline constexpr convoy::typed::Column<Workflow, convoy::typed::Instant> created_at{"created_at", &Workflow::created_at};
inline constexpr convoy::typed::Column<Workflow, convoy::typed::Instant> updated_at{"updated_at", &Workflow::updated_at};

inline convoy::typed::Query<Workflow> all() { return convoy::typed::Query<Workflow>("workflows"); }

inline convoy::typed::Query<Workflow> where(convoy::typed::Condition<Workflow> condition) { return all().where(std::move(condition)); }

}  // namespace workflows

// A record of patterns.
struct Pattern {
  std::string id{};
  std::optional<std::string> workspace_id{};  // Of a Workspace.
  std::optional<std::string> project_id{};  // Of a Project.
  std::string name{};
  std::optional<std::string> description{};
  std::optional<std::string> pattern_type{};
  std::optional<std::string> content{};  // JSON.
  convoy::typed::Time created_at{};
  convoy::typed::Time updated_at{};

  bool operator==(const Pattern&) const = default;
};

struct NewPattern {
  using Record = ::bank::Pattern;

  std::string id{};  // Empty: a new one.
  convoy::typed::Field<std::optional<std::string>> workspace_id{};
  convoy::typed::Field<std::optional<std::string>> project_id{};
  convoy::typed::Given<std::string> name;
  convoy::typed::Field<std::optional<std::string>> description{};
  convoy::typed::Field<std::optional<std::string>> pattern_type{};
  convoy::typed::Field<std::optional<std::string>> content{};
  convoy::typed::Field<convoy::typed::Time> created_at{};
  convoy::typed::Field<convoy::typed::Time> updated_at{};
};

struct PatternPatch {
  using Record = ::bank::Pattern;

  convoy::typed::Field<std::optional<std::string>> workspace_id{};
  convoy::typed::Field<std::optional<std::string>> project_id{};
  convoy::typed::Field<std::string> name{};
  convoy::typed::Field<std::optional<std::string>> description{};
  convoy::typed::Field<std::optional<std::string>> pattern_type{};
  convoy::typed::Field<std::optional<std::string>> content{};
  convoy::typed::Field<convoy::typed::Time> created_at{};
  convoy::typed::Field<convoy::typed::Time> updated_at{};
};

namespace patterns {

inline constexpr convoy::typed::Column<Pattern, convoy::typed::Id> id{"id", &Pattern::id};
inline constexpr convoy::typed::Column<Pattern, convoy::typed::Optional<convoy::typed::Reference<Workspace>>> workspace_id{"workspace_id", &Pattern::workspace_id};
inline constexpr convoy::typed::Column<Pattern, convoy::typed::Optional<convoy::typed::Reference<Project>>> project_id{"project_id", &Pattern::project_id};
inline constexpr convoy::typed::Column<Pattern, convoy::typed::Text> name{"name", &Pattern::name};
inline constexpr convoy::typed::Column<Pattern, convoy::typed::Optional<convoy::typed::Text>> description{"description", &Pattern::description};
inline constexpr convoy::typed::Column<Pattern, convoy::typed::Optional<convoy::typed::Text>> pattern_type{"pattern_type", &Pattern::pattern_type};
inline constexpr convoy::typed::Column<Pattern, convoy::typed::Optional<convoy::typed::Json>> content{"content", &Pattern::content};
inline constexpr convoy::typed::Column<Pattern, convoy::typed::Instant> created_at{"created_at", &Pattern::created_at};
inline constexpr convoy::typed::Column<Pattern, convoy::typed::Instant> updated_at{"updated_at", &Pattern::updated_at};

inline convoy::typed::Query<Pattern> all() { return convoy::typed::Query<Pattern>("patterns"); }

inline convoy::typed::Query<Pattern> where(convoy::typed::Condition<Pattern> condition) { return all().where(std::move(condition)); }

}  // namespace patterns

// A record of best_practices.
struct BestPractice {
  std::string id{};
  std::optional<std::string> workspace_id{};  // Of a Workspace.
  std::optional<std::string> project_id{};  // Of a Project.
  std::string name{};
  std::optional<std::string> description{};
  std::optional<std::string> category{};
  std::optional<std::string> content{};  // JSON.
  convoy::typed::Time created_at{};
  convoy::typed::Time updated_at{};

  bool operator==(const BestPractice&) const = default;
};

struct NewBestPractice {
  using Record = ::bank::BestPractice;

  std::string id{};  // Empty: a new one.
  convoy::typed::Field<std::optional<std::string>> workspace_id{};
  convoy::typed::Field<std::optional<std::string>> project_id{};
  convoy::typed::Given<std::string> name;
  convoy::typed::Field<std::optional<std::string>> description{};
  convoy::typed::Field<std::optional<std::string>> category{};
  convoy::typed::Field<std::optional<std::string>> content{};
  convoy::typed::Field<convoy::typed::Time> created_at{};
  convoy::typed::Field<convoy::typed::Time> updated_at{};
};

struct BestPracticePatch {
  using Record = ::bank::BestPractice;

  convoy::typed::Field<std::optional<std::string>> workspace_id{};
  convoy::typed::Field<std::optional<std::string>> project_id{};
  convoy::typed::Field<std::string> name{};
  convoy::typed::Field<std::optional<std::string>> description{};
  convoy::typed::Field<std::optional<std::string>> category{};
  convoy::typed::Field<std::optional<std::string>> content{};
  convoy::typed::Field<convoy::typed::Time> created_at{};
  convoy::typed::Field<convoy::typed::Time> updated_at{};
};

namespace best_practices {

inline constexpr convoy::typed::Column<BestPractice, convoy::typed::Id> id{"id", &BestPractice::id};
inline constexpr convoy::typed::Column<BestPractice, convoy::typed::Optional<convoy::typed::Reference<Workspace>>> workspace_id{"workspace_id", &BestPractice::workspace_id};
inline constexpr convoy::typed::Column<BestPractice, convoy::typed::Optional<convoy::typed::Reference<Project>>> project_id{"project_id", &BestPractice::project_id};
inline constexpr convoy::typed::Column<BestPractice, convoy::typed::Text> name{"name", &BestPractice::name};
inline constexpr convoy::typed::Column<BestPractice, convoy::typed::Optional<convoy::typed::Text>> description{"description", &BestPractice::description};
inline constexpr convoy::typed::Column<BestPractice, convoy::typed::Optional<convoy::typed::Text>> category{"category", &BestPractice::category};
inline constexpr convoy::typed::Column<BestPractice, convoy::typed::Optional<convoy::typed::Json>> content{"content", &BestPractice::content};
inline constexpr convoy::typed::Column<BestPractice, convoy::typed::Instant> created_at{"created_at", &BestPractice::created_at};
inline constexpr convoy::typed::Column<BestPractice, convoy::typed::Instant> updated_at{"updated_at", &BestPractice::updated_at};

inline convoy::typed::Query<BestPractice> all() { return convoy::typed::Query<BestPractice>("best_practices"); }

inline convoy::typed::Query<BestPractice> where(convoy::typed::Condition<BestPractice> condition) { return all().where(std::move(condition)); }

}  // namespace best_practices

// For DatabaseOptions.
inline const convoy::Schema& schema() {
  static constexpr convoy::typed::ColumnData kColumns0[] = {  // workspaces
      {.name = "name", .is_searchable = true},
      {.name = "description", .is_optional = true, .is_searchable = true},
      {.name = "created_at", .type = convoy::ColumnType::Number, .pg_type = convoy::PgType::Timestamptz},
      {.name = "updated_at", .type = convoy::ColumnType::Number, .pg_type = convoy::PgType::Timestamptz},
  };
  static constexpr convoy::typed::ColumnData kColumns1[] = {  // workspace_members
      {.name = "workspace_id", .is_indexed = true, .pg_type = convoy::PgType::Uuid, .references = "workspaces", .on_delete = convoy::OnDelete::Cascade},
      {.name = "user_id", .is_indexed = true, .pg_type = convoy::PgType::Uuid},
      {.name = "role"},
      {.name = "created_at", .type = convoy::ColumnType::Number, .pg_type = convoy::PgType::Timestamptz},
      {.name = "updated_at", .type = convoy::ColumnType::Number, .pg_type = convoy::PgType::Timestamptz},
  };
  static constexpr convoy::typed::ColumnData kColumns2[] = {  // projects
      {.name = "workspace_id", .is_indexed = true, .pg_type = convoy::PgType::Uuid, .references = "workspaces", .on_delete = convoy::OnDelete::Cascade},
      {.name = "name", .is_searchable = true},
      {.name = "description", .is_optional = true, .is_searchable = true},
      {.name = "overview", .is_optional = true, .is_searchable = true},
      {.name = "tech_stack", .is_optional = true, .pg_type = convoy::PgType::Jsonb},
      {.name = "status", .is_indexed = true},
      {.name = "created_at", .type = convoy::ColumnType::Number, .pg_type = convoy::PgType::Timestamptz},
      {.name = "updated_at", .type = convoy::ColumnType::Number, .pg_type = convoy::PgType::Timestamptz},
  };
  static constexpr convoy::typed::ColumnData kColumns3[] = {  // milestones
      {.name = "project_id", .is_indexed = true, .pg_type = convoy::PgType::Uuid, .references = "projects", .on_delete = convoy::OnDelete::Cascade},
      {.name = "name", .is_searchable = true},
      {.name = "description", .is_optional = true, .is_searchable = true},
      {.name = "requirements", .is_optional = true, .is_searchable = true},
      {.name = "status", .is_indexed = true},
      {.name = "target_date", .type = convoy::ColumnType::Number, .is_optional = true, .pg_type = convoy::PgType::Timestamptz},
      {.name = "created_at", .type = convoy::ColumnType::Number, .pg_type = convoy::PgType::Timestamptz},
      {.name = "updated_at", .type = convoy::ColumnType::Number, .pg_type = convoy::PgType::Timestamptz},
  };
  static constexpr convoy::typed::ColumnData kColumns4[] = {  // tasks
      {.name = "milestone_id", .is_indexed = true, .pg_type = convoy::PgType::Uuid, .references = "milestones", .on_delete = convoy::OnDelete::Cascade},
      {.name = "parent_task_id", .is_optional = true, .is_indexed = true, .pg_type = convoy::PgType::Uuid, .references = "tasks", .on_delete = convoy::OnDelete::SetNull},
      {.name = "title", .is_searchable = true},
      {.name = "description", .is_optional = true, .is_searchable = true},
      {.name = "current_stage", .is_indexed = true},
      {.name = "status", .is_indexed = true},
      {.name = "created_at", .type = convoy::ColumnType::Number, .pg_type = convoy::PgType::Timestamptz},
      {.name = "updated_at", .type = convoy::ColumnType::Number, .pg_type = convoy::PgType::Timestamptz},
      {.name = "completion_date", .type = convoy::ColumnType::Number, .is_optional = true, .pg_type = convoy::PgType::Timestamptz},
  };
  static constexpr convoy::typed::ColumnData kColumns5[] = {  // task_dependencies
      {.name = "task_id", .is_indexed = true, .pg_type = convoy::PgType::Uuid, .references = "tasks", .on_delete = convoy::OnDelete::Cascade},
      {.name = "depends_on_task_id", .is_indexed = true, .pg_type = convoy::PgType::Uuid, .references = "tasks", .on_delete = convoy::OnDelete::Cascade},
      {.name = "created_at", .type = convoy::ColumnType::Number, .pg_type = convoy::PgType::Timestamptz},
  };
  static constexpr convoy::typed::ColumnData kColumns6[] = {  // activity_feed
      {.name = "task_id", .is_indexed = true, .pg_type = convoy::PgType::Uuid, .references = "tasks", .on_delete = convoy::OnDelete::Cascade},
      {.name = "actor_id", .is_optional = true},
      {.name = "activity_type"},
      {.name = "details", .is_optional = true, .is_searchable = true, .pg_type = convoy::PgType::Jsonb},
      {.name = "created_at", .type = convoy::ColumnType::Number, .pg_type = convoy::PgType::Timestamptz},
  };
  static constexpr convoy::typed::ColumnData kColumns7[] = {  // workflows
      {.name = "name", .is_searchable = true},
      {.name = "description", .is_optional = true, .is_searchable = true},
      {.name = "stages", .pg_type = convoy::PgType::Jsonb},
      {.name = "created_at", .type = convoy::ColumnType::Number, .pg_type = convoy::PgType::Timestamptz},
      {.name = "updated_at", .type = convoy::ColumnType::Number, .pg_type = convoy::PgType::Timestamptz},
  };
  static constexpr convoy::typed::ColumnData kColumns8[] = {  // patterns
      {.name = "workspace_id", .is_optional = true, .is_indexed = true, .pg_type = convoy::PgType::Uuid, .references = "workspaces", .on_delete = convoy::OnDelete::Cascade},
      {.name = "project_id", .is_optional = true, .is_indexed = true, .pg_type = convoy::PgType::Uuid, .references = "projects", .on_delete = convoy::OnDelete::Cascade},
      {.name = "name", .is_searchable = true},
      {.name = "description", .is_optional = true, .is_searchable = true},
      {.name = "pattern_type", .is_optional = true, .is_searchable = true},
      {.name = "content", .is_optional = true, .is_searchable = true, .pg_type = convoy::PgType::Jsonb},
      {.name = "created_at", .type = convoy::ColumnType::Number, .pg_type = convoy::PgType::Timestamptz},
      {.name = "updated_at", .type = convoy::ColumnType::Number, .pg_type = convoy::PgType::Timestamptz},
  };
  static constexpr convoy::typed::ColumnData kColumns9[] = {  // best_practices
      {.name = "workspace_id", .is_optional = true, .is_indexed = true, .pg_type = convoy::PgType::Uuid, .references = "workspaces", .on_delete = convoy::OnDelete::Cascade},
      {.name = "project_id", .is_optional = true, .is_indexed = true, .pg_type = convoy::PgType::Uuid, .references = "projects", .on_delete = convoy::OnDelete::Cascade},
      {.name = "name", .is_searchable = true},
      {.name = "description", .is_optional = true, .is_searchable = true},
      {.name = "category", .is_optional = true, .is_searchable = true},
      {.name = "content", .is_optional = true, .is_searchable = true, .pg_type = convoy::PgType::Jsonb},
      {.name = "created_at", .type = convoy::ColumnType::Number, .pg_type = convoy::PgType::Timestamptz},
      {.name = "updated_at", .type = convoy::ColumnType::Number, .pg_type = convoy::PgType::Timestamptz},
  };
  static constexpr convoy::typed::TableData kTables[] = {
      {.name = "workspaces", .columns = kColumns0},
      {.name = "workspace_members", .columns = kColumns1},
      {.name = "projects", .columns = kColumns2},
      {.name = "milestones", .columns = kColumns3},
      {.name = "tasks", .columns = kColumns4},
      {.name = "task_dependencies", .columns = kColumns5},
      {.name = "activity_feed", .columns = kColumns6},
      {.name = "workflows", .columns = kColumns7},
      {.name = "patterns", .columns = kColumns8},
      {.name = "best_practices", .columns = kColumns9},
  };
  static const convoy::Schema value = convoy::typed::make_schema(1, kTables);
  return value;
}

inline convoy::Migrations migrations() {
  return {};
}

}  // namespace bank

template <>
struct convoy::typed::Binding<::bank::Workspace> {
  using New = ::bank::NewWorkspace;
  using Patch = ::bank::WorkspacePatch;
  static constexpr const char* kTable = "workspaces";

  template <class Visitor>
  static void columns(Visitor&& visit) {
    visit(::bank::workspaces::name, &New::name, &Patch::name);
    visit(::bank::workspaces::description, &New::description, &Patch::description);
    visit(::bank::workspaces::created_at, &New::created_at, &Patch::created_at);
    visit(::bank::workspaces::updated_at, &New::updated_at, &Patch::updated_at);
  }
};

template <>
struct convoy::typed::Binding<::bank::WorkspaceMember> {
  using New = ::bank::NewWorkspaceMember;
  using Patch = ::bank::WorkspaceMemberPatch;
  static constexpr const char* kTable = "workspace_members";

  template <class Visitor>
  static void columns(Visitor&& visit) {
    visit(::bank::workspace_members::workspace_id, &New::workspace_id, &Patch::workspace_id);
    visit(::bank::workspace_members::user_id, &New::user_id, &Patch::user_id);
    visit(::bank::workspace_members::role, &New::role, &Patch::role);
    visit(::bank::workspace_members::created_at, &New::created_at, &Patch::created_at);
    visit(::bank::workspace_members::updated_at, &New::updated_at, &Patch::updated_at);
  }
};

template <>
struct convoy::typed::Binding<::bank::Project> {
  using New = ::bank::NewProject;
  using Patch = ::bank::ProjectPatch;
  static constexpr const char* kTable = "projects";

  template <class Visitor>
  static void columns(Visitor&& visit) {
    visit(::bank::projects::workspace_id, &New::workspace_id, &Patch::workspace_id);
    visit(::bank::projects::name, &New::name, &Patch::name);
    visit(::bank::projects::description, &New::description, &Patch::description);
    visit(::bank::projects::overview, &New::overview, &Patch::overview);
    visit(::bank::projects::tech_stack, &New::tech_stack, &Patch::tech_stack);
    visit(::bank::projects::status, &New::status, &Patch::status);
    visit(::bank::projects::created_at, &New::created_at, &Patch::created_at);
    visit(::bank::projects::updated_at, &New::updated_at, &Patch::updated_at);
  }
};

template <>
struct convoy::typed::Binding<::bank::Milestone> {
  using New = ::bank::NewMilestone;
  using Patch = ::bank::MilestonePatch;
  static constexpr const char* kTable = "milestones";

  template <class Visitor>
  static void columns(Visitor&& visit) {
    visit(::bank::milestones::project_id, &New::project_id, &Patch::project_id);
    visit(::bank::milestones::name, &New::name, &Patch::name);
    visit(::bank::milestones::description, &New::description, &Patch::description);
    visit(::bank::milestones::requirements, &New::requirements, &Patch::requirements);
    visit(::bank::milestones::status, &New::status, &Patch::status);
    visit(::bank::milestones::target_date, &New::target_date, &Patch::target_date);
    visit(::bank::milestones::created_at, &New::created_at, &Patch::created_at);
    visit(::bank::milestones::updated_at, &New::updated_at, &Patch::updated_at);
  }
};

template <>
struct convoy::typed::Binding<::bank::Task> {
  using New = ::bank::NewTask;
  using Patch = ::bank::TaskPatch;
  static constexpr const char* kTable = "tasks";

  template <class Visitor>
  static void columns(Visitor&& visit) {
    visit(::bank::tasks::milestone_id, &New::milestone_id, &Patch::milestone_id);
    visit(::bank::tasks::parent_task_id, &New::parent_task_id, &Patch::parent_task_id);
    visit(::bank::tasks::title, &New::title, &Patch::title);
    visit(::bank::tasks::description, &New::description, &Patch::description);
    visit(::bank::tasks::current_stage, &New::current_stage, &Patch::current_stage);
    visit(::bank::tasks::status, &New::status, &Patch::status);
    visit(::bank::tasks::created_at, &New::created_at, &Patch::created_at);
    visit(::bank::tasks::updated_at, &New::updated_at, &Patch::updated_at);
    visit(::bank::tasks::completion_date, &New::completion_date, &Patch::completion_date);
  }
};

template <>
struct convoy::typed::Binding<::bank::TaskDependency> {
  using New = ::bank::NewTaskDependency;
  using Patch = ::bank::TaskDependencyPatch;
  static constexpr const char* kTable = "task_dependencies";

  template <class Visitor>
  static void columns(Visitor&& visit) {
    visit(::bank::task_dependencies::task_id, &New::task_id, &Patch::task_id);
    visit(::bank::task_dependencies::depends_on_task_id, &New::depends_on_task_id, &Patch::depends_on_task_id);
    visit(::bank::task_dependencies::created_at, &New::created_at, &Patch::created_at);
  }
};

template <>
struct convoy::typed::Binding<::bank::ActivityFeed> {
  using New = ::bank::NewActivityFeed;
  using Patch = ::bank::ActivityFeedPatch;
  static constexpr const char* kTable = "activity_feed";

  template <class Visitor>
  static void columns(Visitor&& visit) {
    visit(::bank::activity_feed::task_id, &New::task_id, &Patch::task_id);
    visit(::bank::activity_feed::actor_id, &New::actor_id, &Patch::actor_id);
    visit(::bank::activity_feed::activity_type, &New::activity_type, &Patch::activity_type);
    visit(::bank::activity_feed::details, &New::details, &Patch::details);
    visit(::bank::activity_feed::created_at, &New::created_at, &Patch::created_at);
  }
};

template <>
struct convoy::typed::Binding<::bank::Workflow> {
  using New = ::bank::NewWorkflow;
  using Patch = ::bank::WorkflowPatch;
  static constexpr const char* kTable = "workflows";

  template <class Visitor>
  static void columns(Visitor&& visit) {
    visit(::bank::workflows::name, &New::name, &Patch::name);
    visit(::bank::workflows::description, &New::description, &Patch::description);
    visit(::bank::workflows::stages, &New::stages, &Patch::stages);
    visit(::bank::workflows::created_at, &New::created_at, &Patch::created_at);
    visit(::bank::workflows::updated_at, &New::updated_at, &Patch::updated_at);
  }
};

template <>
struct convoy::typed::Binding<::bank::Pattern> {
  using New = ::bank::NewPattern;
  using Patch = ::bank::PatternPatch;
  static constexpr const char* kTable = "patterns";

  template <class Visitor>
  static void columns(Visitor&& visit) {
    visit(::bank::patterns::workspace_id, &New::workspace_id, &Patch::workspace_id);
    visit(::bank::patterns::project_id, &New::project_id, &Patch::project_id);
    visit(::bank::patterns::name, &New::name, &Patch::name);
    visit(::bank::patterns::description, &New::description, &Patch::description);
    visit(::bank::patterns::pattern_type, &New::pattern_type, &Patch::pattern_type);
    visit(::bank::patterns::content, &New::content, &Patch::content);
    visit(::bank::patterns::created_at, &New::created_at, &Patch::created_at);
    visit(::bank::patterns::updated_at, &New::updated_at, &Patch::updated_at);
  }
};

template <>
struct convoy::typed::Binding<::bank::BestPractice> {
  using New = ::bank::NewBestPractice;
  using Patch = ::bank::BestPracticePatch;
  static constexpr const char* kTable = "best_practices";

  template <class Visitor>
  static void columns(Visitor&& visit) {
    visit(::bank::best_practices::workspace_id, &New::workspace_id, &Patch::workspace_id);
    visit(::bank::best_practices::project_id, &New::project_id, &Patch::project_id);
    visit(::bank::best_practices::name, &New::name, &Patch::name);
    visit(::bank::best_practices::description, &New::description, &Patch::description);
    visit(::bank::best_practices::category, &New::category, &Patch::category);
    visit(::bank::best_practices::content, &New::content, &Patch::content);
    visit(::bank::best_practices::created_at, &New::created_at, &Patch::created_at);
    visit(::bank::best_practices::updated_at, &New::updated_at, &Patch::updated_at);
  }
};
// NOLINTEND
