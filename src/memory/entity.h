// entity.h: the four kinds of things the hierarchy is made of. Pure.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "convoy/result.h"

namespace convoy::memory {

enum class Entity { Workspace, Project, Milestone, Task };

inline constexpr std::array kEntities{Entity::Workspace, Entity::Project, Entity::Milestone,
                                      Entity::Task};

struct EntityInfo {
  std::string_view noun;   // "task"
  std::string_view table;  // "tasks"
  std::string_view label;  // The column that names it to people; never blank.
  std::optional<Entity> parent;
  std::string_view parent_column;              // Empty without a parent.
  std::span<const std::string_view> statuses;  // Empty without a status; the first is the default.
};

const EntityInfo& info(Entity entity);

// The entity whose table this is, or nothing.
std::optional<Entity> find_entity(std::string_view table);

// Beneath which entity this one lies directly, or nothing for tasks.
std::optional<Entity> child_of(Entity entity);

// "in-progress" as IN_PROGRESS, the spelling of statuses and stages.
std::string in_capitals(std::string_view text);

// The one of `known` that `text` means; "in-progress" means IN_PROGRESS. Errors: InvalidArgument,
// naming `what` and listing all of `known`.
Result<std::string> choose(std::string_view text, std::span<const std::string_view> known,
                           std::string_view what);

}  // namespace convoy::memory
