#include "memory/context.h"

#include <array>

#include "base/time_text.h"

namespace convoy::memory {
namespace {

std::string time_of(const Record& record) {
  for (const auto* column : {"updated_at", "created_at"}) {
    if (const auto time = record.number(column)) return base::format_json_timestamp(*time);
  }
  return {};
}

std::string scope_name(const Context& context, const Record& record) {
  const std::string_view table = record.table == nullptr ? std::string_view() : record.table->name;
  const auto in_project = [&]() -> std::string {
    if (context.project) return "project:" + context.project->id;
    return context.workspace ? "workspace:" + context.workspace->id : "unknown";
  };
  if (table == "workspaces") return "workspace:" + record.id;
  if (table == "projects") return "project:" + record.id;
  if (table == "patterns" || table == "best_practices") {
    if (const auto project = record.text("project_id"); !project.empty()) {
      return "project:" + std::string(project);
    }
    const auto workspace = record.text("workspace_id");
    return workspace.empty() ? "global" : "workspace:" + std::string(workspace);
  }
  if (table == "workflows") return "global";
  // A task that this one waits for may lie in another project, of which nothing more is known here.
  const auto milestone = record.text("milestone_id");
  const bool is_elsewhere = table == "tasks" && milestone != context.task.text("milestone_id");
  return is_elsewhere ? "milestone:" + std::string(milestone) : in_project();
}

}  // namespace

std::string_view to_string(Source source) noexcept {
  constexpr std::array<std::string_view, 3> kNames{"local", "remote", "mixed"};
  return kNames[static_cast<std::size_t>(source)];
}

const Stage* WorkflowState::stage(std::ptrdiff_t from_current) const {
  if (!current) return nullptr;
  const auto at = static_cast<std::ptrdiff_t>(*current) + from_current;
  if (at < 0 || at >= static_cast<std::ptrdiff_t>(workflow.stages.size())) return nullptr;
  return &workflow.stages[static_cast<std::size_t>(at)];
}

bool Context::is_fetched(const Record& record) const {
  return record.table != nullptr && fetched.contains({record.table->name, record.id});
}

Provenance provenance_of(const Context& context, const Record& record) {
  Provenance provenance{.by = std::string(record.text("actor_id")),
                        .at = time_of(record),
                        .scope = scope_name(context, record),
                        .source = context.is_fetched(record) ? "server" : "local",
                        .is_unsent = record.status != "synced"};
  // Other tables keep no author; what is not sent yet was written here.
  if (provenance.by.empty() && provenance.is_unsent) provenance.by = context.user;
  return provenance;
}

}  // namespace convoy::memory
