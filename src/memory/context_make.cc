// From rows to a context: who is first, what comes next, what to make of it. Pure.
#include <algorithm>
#include <tuple>
#include <utility>

#include "memory/context_rows.h"

namespace convoy::memory {
namespace {

double created_at(const Record& record) { return record.number("created_at").value_or(0); }

void sort_by_time(std::vector<Record>& records, bool is_latest_first) {
  std::ranges::sort(records, [&](const Record& left, const Record& right) {
    const auto sign = is_latest_first ? -1.0 : 1.0;
    return std::tuple(sign * created_at(left), std::string_view(left.id)) <
           std::tuple(sign * created_at(right), std::string_view(right.id));
  });
}

std::vector<Dependency> dependencies_of(const std::vector<Record>& links, std::string_view column,
                                        const std::vector<Record>& tasks) {
  std::vector<Dependency> dependencies;
  for (const auto& link : links) {
    Dependency dependency{.task_id = std::string(link.text(column)), .task = {}};
    const auto at = std::ranges::find(tasks, dependency.task_id, &Record::id);
    if (at != tasks.end()) dependency.task = *at;
    const auto is_same = [&](const Dependency& other) {
      return other.task_id == dependency.task_id;
    };
    if (std::ranges::none_of(dependencies, is_same)) dependencies.push_back(std::move(dependency));
  }
  std::ranges::sort(dependencies, [](const Dependency& left, const Dependency& right) {
    const auto key = [](const Dependency& one) {
      return std::tuple(one.is_done(), one.task ? created_at(*one.task) : 0.0,
                        std::string_view(one.task_id));
    };
    return key(left) < key(right);
  });
  return dependencies;
}

WorkflowState workflow_of(const std::vector<Record>& records, const Record& task) {
  WorkflowState state;
  state.workflow = choose_workflow(records, task.text("current_stage"));
  state.is_builtin = state.workflow.id.empty();
  state.current = state.workflow.find(task.text("current_stage"));
  return state;
}

template <class Visit>
void visit_records(const Context& context, const Visit& visit) {
  visit(context.task);
  for (const auto* one :
       {&context.parent, &context.milestone, &context.project, &context.workspace}) {
    if (*one) visit(**one);
  }
  for (const auto& record : context.subtasks) visit(record);
  for (const auto* list : {&context.waits_for, &context.needed_by}) {
    for (const auto& one : *list) {
      if (one.task) visit(*one.task);
    }
  }
  for (const auto& record : context.activities) visit(record);
  for (const auto* list : {&context.patterns, &context.best_practices}) {
    for (const auto& one : *list) visit(one.record);
  }
}

}  // namespace

Context make_context(ContextRows rows) {
  sort_by_time(rows.subtasks, false);
  sort_by_time(rows.activities, true);
  const auto activity_count =
      std::max(rows.activity_count, static_cast<std::int64_t>(rows.activities.size()));
  if (rows.activities.size() > std::size_t{kActivitiesMax}) rows.activities.resize(kActivitiesMax);
  Context context;
  context.waits_for = dependencies_of(rows.waits_for, "depends_on_task_id", rows.neighbours);
  context.needed_by = dependencies_of(rows.needed_by, "task_id", rows.neighbours);
  context.workflow = workflow_of(rows.workflows, *rows.task);
  const auto surroundings =
      rows.milestone ? std::string(rows.milestone->text("name")) : std::string();
  const Subject subject{.title = rows.task->text("title"),
                        .description = rows.task->text("description"),
                        .surroundings = surroundings};
  context.patterns = rank_knowledge(std::move(rows.patterns), "pattern_type", subject);
  context.best_practices = rank_knowledge(std::move(rows.best_practices), "category", subject);
  context.task = *std::move(rows.task);
  context.parent = std::move(rows.parent);
  context.milestone = std::move(rows.milestone);
  context.project = std::move(rows.project);
  context.workspace = std::move(rows.workspace);
  context.milestone_progress = rows.milestone_progress;
  context.project_progress = rows.project_progress;
  context.subtasks = std::move(rows.subtasks);
  context.activities = std::move(rows.activities);
  context.activity_count = activity_count;
  for (auto& [what, reason] : rows.missing) context.missing.push_back({what, std::move(reason)});
  context.user = std::move(rows.user);
  context.fetched = std::move(rows.fetched);
  context.freshness.last_sync_ms = rows.last_sync_ms;
  context.freshness.is_complete = rows.is_complete;
  std::size_t local = 0;
  std::size_t fetched = 0;
  visit_records(context, [&](const Record& record) {
    ++(context.is_fetched(record) ? fetched : local);
    if (record.status != "synced") ++context.freshness.unsent;
  });
  if (fetched > 0) context.source = local == 0 ? Source::Remote : Source::Mixed;
  return context;
}

}  // namespace convoy::memory
