#include "memory/entity.h"

#include <algorithm>

namespace convoy::memory {
namespace {

constexpr std::array<std::string_view, 4> kProjectStatuses{"ACTIVE", "ON_HOLD", "COMPLETED",
                                                           "ARCHIVED"};
constexpr std::array<std::string_view, 4> kMilestoneStatuses{"PLANNED", "IN_PROGRESS", "COMPLETED",
                                                             "ARCHIVED"};
constexpr std::array<std::string_view, 4> kTaskStatuses{"TODO", "IN_PROGRESS", "BLOCKED", "DONE"};

constexpr EntityInfo kWorkspace{
    .noun = "workspace", .table = "workspaces", .label = "name", .parent = {}};
constexpr EntityInfo kProject{.noun = "project",
                              .table = "projects",
                              .label = "name",
                              .parent = Entity::Workspace,
                              .parent_column = "workspace_id",
                              .statuses = kProjectStatuses};
constexpr EntityInfo kMilestone{.noun = "milestone",
                                .table = "milestones",
                                .label = "name",
                                .parent = Entity::Project,
                                .parent_column = "project_id",
                                .statuses = kMilestoneStatuses};
constexpr EntityInfo kTask{.noun = "task",
                           .table = "tasks",
                           .label = "title",
                           .parent = Entity::Milestone,
                           .parent_column = "milestone_id",
                           .statuses = kTaskStatuses};

}  // namespace

const EntityInfo& info(Entity entity) {
  switch (entity) {
    case Entity::Workspace:
      return kWorkspace;
    case Entity::Project:
      return kProject;
    case Entity::Milestone:
      return kMilestone;
    case Entity::Task:
      break;
  }
  return kTask;
}

std::optional<Entity> find_entity(std::string_view table) {
  for (const Entity entity : kEntities) {
    if (info(entity).table == table) return entity;
  }
  return std::nullopt;
}

std::optional<Entity> child_of(Entity entity) {
  for (const Entity below : kEntities) {
    if (info(below).parent == entity) return below;
  }
  return std::nullopt;
}

std::string in_capitals(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == '-' || c == ' ') c = '_';
  }
  return result;
}

Result<std::string> choose(std::string_view text, std::span<const std::string_view> known,
                           std::string_view what) {
  const std::string wanted = in_capitals(text);
  for (const auto word : known) {
    if (in_capitals(word) == wanted) return std::string(word);
  }
  std::string all;
  for (const auto word : known) all.append(all.empty() ? "" : ", ").append(word);
  return Error{.code = ErrorCode::InvalidArgument,
               .message = "\"" + std::string(text) + "\" is not a " + std::string(what),
               .hint = "Choose one of " + all + "."};
}

}  // namespace convoy::memory
