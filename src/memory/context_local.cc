// What this device has of a task's context.
#include <array>
#include <span>
#include <utility>

#include "memory/context_rows.h"
#include "memory/rights.h"

namespace convoy::memory {
namespace {

// The scope of rows that are everybody's.
constexpr std::string_view kGlobalScope = "00000000-0000-0000-0000-000000000000";

struct SyncState {
  std::optional<std::int64_t> last_success_ms;
  std::map<std::string, bool, std::less<>> is_backfilling;  // By scope.
};

Result<SyncState> read_sync_state(Reader& reader) {
  SyncState state;
  CONVOY_TRY(const auto runs, reader.select("select max(finished_at_ms) from convoy_sync_run where "
                                            "error_code = ''"));
  if (!runs.rows.empty()) {
    if (const auto* time = std::get_if<double>(&runs.rows.front().front())) {
      state.last_success_ms = static_cast<std::int64_t>(*time);
    }
  }
  CONVOY_TRY(const auto scopes, reader.select("select id, is_backfilling from convoy_scope"));
  for (const auto& row : scopes.rows) {
    const auto* id = std::get_if<std::string>(&row[0]);
    const auto* flag = std::get_if<double>(&row[1]);
    if (id != nullptr) state.is_backfilling.emplace(*id, flag == nullptr || *flag != 0);
  }
  return state;
}

// Why a scope is not all here; "" if it is.
std::string why_incomplete(const SyncState& state, std::string_view scope) {
  if (!state.last_success_ms && state.is_backfilling.empty()) {
    return "this device has never synced";
  }
  const auto at = state.is_backfilling.find(scope);
  if (at == state.is_backfilling.end()) return "this device does not sync its workspace";
  return at->second ? "its workspace is still being fetched" : "";
}

Result<std::optional<Record>> find_above(Reader& reader, std::string_view table,
                                         const std::optional<Record>& below,
                                         std::string_view column) {
  if (!below) return std::optional<Record>();
  const auto id = below->text(column);
  if (id.empty()) return std::optional<Record>();
  return reader.find(table, id);
}

Query knowledge_for(std::string_view table, const ContextRows& rows) {
  std::vector<Condition> scopes{
      all_of({where("project_id", eq(nullptr)), where("workspace_id", eq(nullptr))})};
  if (rows.workspace) {
    scopes.push_back(
        all_of({where("project_id", eq(nullptr)), where("workspace_id", eq(rows.workspace->id))}));
  }
  if (rows.project) scopes.push_back(where("project_id", eq(rows.project->id)));
  return from(std::string(table))
      .where(any_of(std::move(scopes)))
      .order_by(desc("updated_at"))
      .take(kKnowledgeMax);
}

Status read_around(Reader& reader, ContextRows& rows) {
  const auto& id = rows.task_id;
  CONVOY_TRY(rows.subtasks, reader.fetch(from("tasks")
                                             .where("parent_task_id", eq(id))
                                             .order_by(asc("created_at"))
                                             .take(kSubtasksMax)));
  CONVOY_TRY(rows.waits_for, reader.fetch(from("task_dependencies").where("task_id", eq(id))));
  CONVOY_TRY(rows.needed_by,
             reader.fetch(from("task_dependencies").where("depends_on_task_id", eq(id))));
  for (const auto& [links, column] :
       {std::pair{&rows.waits_for, "depends_on_task_id"}, std::pair{&rows.needed_by, "task_id"}}) {
    CONVOY_TRY(auto tasks, reader.parents(*links, column));
    for (auto& task : tasks) {
      if (task) rows.neighbours.push_back(*std::move(task));
    }
  }
  CONVOY_TRY(rows.activities, reader.fetch(from("activity_feed")
                                               .where("task_id", eq(id))
                                               .order_by(desc("created_at"))
                                               .take(kActivitiesMax)));
  CONVOY_TRY(rows.activity_count, reader.count(from("activity_feed").where("task_id", eq(id))));
  CONVOY_TRY(rows.patterns, reader.fetch(knowledge_for("patterns", rows)));
  CONVOY_TRY(rows.best_practices, reader.fetch(knowledge_for("best_practices", rows)));
  CONVOY_TRY(rows.workflows, reader.fetch(from("workflows")));
  return ok_status();
}

// What a task refers to and is not here.
void note_absent_records(ContextRows& rows) {
  const std::string absent = "it is not on this device";
  if (!rows.task) rows.missing.emplace("task", absent);
  if (!rows.milestone) rows.missing.emplace("milestone", absent);
  if (!rows.project) rows.missing.emplace("project", absent);
  if (!rows.workspace) rows.missing.emplace("workspace", absent);
  if (rows.task && !rows.parent && !rows.task->text("parent_task_id").empty()) {
    rows.missing.emplace("parent", absent);
  }
  if (rows.neighbours.size() < rows.waits_for.size() + rows.needed_by.size()) {
    rows.missing.emplace("dependencies", "some of these tasks are not on this device");
  }
}

void note_incomplete_lists(const SyncState& state, ContextRows& rows) {
  const auto workspace = rows.workspace ? rows.workspace->id : std::string();
  auto why = why_incomplete(state, workspace);
  // What was made here and never sent is nowhere else.
  if (rows.workspace && rows.workspace->status == "created") why.clear();
  rows.is_complete = why.empty();
  if (!why.empty()) {
    for (const auto* list :
         {"subtasks", "dependencies", "activities", "patterns", "best practices"}) {
      rows.missing.emplace(list, why);
    }
  }
  if (!rows.workflows.empty()) return;
  const auto why_none = why_incomplete(state, kGlobalScope);
  if (!why_none.empty()) rows.missing.emplace("workflow", why_none);
}

}  // namespace

Result<ContextRows> read_local_rows(Reader& reader, const std::string& task_id) {
  ContextRows rows;
  rows.task_id = task_id;
  CONVOY_TRY(rows.task, reader.find("tasks", task_id));
  CONVOY_TRY(rows.parent, find_above(reader, "tasks", rows.task, "parent_task_id"));
  CONVOY_TRY(rows.milestone, find_above(reader, "milestones", rows.task, "milestone_id"));
  CONVOY_TRY(rows.project, find_above(reader, "projects", rows.milestone, "project_id"));
  CONVOY_TRY(rows.workspace, find_above(reader, "workspaces", rows.project, "workspace_id"));
  CONVOY_CHECK_OK(read_around(reader, rows));
  if (rows.milestone) {
    CONVOY_TRY(rows.milestone_progress, progress_of(reader, Entity::Milestone, rows.milestone->id));
  }
  if (rows.project) {
    CONVOY_TRY(rows.project_progress, progress_of(reader, Entity::Project, rows.project->id));
  }
  CONVOY_TRY(rows.user, user_of(reader));
  CONVOY_TRY(const auto state, read_sync_state(reader));
  rows.last_sync_ms = state.last_success_ms;
  note_absent_records(rows);
  note_incomplete_lists(state, rows);
  return rows;
}

}  // namespace convoy::memory
