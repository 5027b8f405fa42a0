#include "memory/progress.h"

#include <array>
#include <string>

namespace convoy::memory {
namespace {

std::string_view tasks_beneath(Entity entity) {
  switch (entity) {
    case Entity::Workspace:
      return /* sql */
          R"(milestone_id in (select m.id from milestones m join projects p on p.id = m.project_id
                          where p.workspace_id = ?))";
    case Entity::Project:
      return "milestone_id in (select id from milestones where project_id = ?)";
    case Entity::Milestone:
      return "milestone_id = ?";
    case Entity::Task:
      break;
  }
  return "parent_task_id = ?";
}

}  // namespace

Result<Progress> progress_of(Reader& reader, Entity entity, std::string_view id) {
  const std::array<Value, 1> args{std::string(id)};
  CONVOY_TRY(
      const auto counts,
      reader.select("select status, count(*) from tasks where _status is not 'deleted' and " +
                        std::string(tasks_beneath(entity)) + " group by status",
                    args));
  Progress progress;
  for (const auto& row : counts.rows) {
    const auto* status = std::get_if<std::string>(&row[0]);
    const auto* number = std::get_if<double>(&row[1]);
    const auto count = number == nullptr ? 0 : static_cast<std::int64_t>(*number);
    if (status != nullptr && *status == "DONE") {
      progress.done += count;
    } else if (status != nullptr && *status == "IN_PROGRESS") {
      progress.in_progress += count;
    } else if (status != nullptr && *status == "BLOCKED") {
      progress.blocked += count;
    } else {
      progress.todo += count;
    }
  }
  return progress;
}

}  // namespace convoy::memory
