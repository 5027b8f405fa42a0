// progress.h: how far the tasks of a milestone or project are.
#pragma once

#include <cstdint>
#include <string_view>

#include "convoy/database.h"
#include "memory/entity.h"

namespace convoy::memory {

// Every task counts once, subtasks too. A status that this program does not know is `todo`.
struct Progress {
  std::int64_t todo = 0;
  std::int64_t in_progress = 0;
  std::int64_t blocked = 0;
  std::int64_t done = 0;

  [[nodiscard]] std::int64_t total() const { return todo + in_progress + blocked + done; }

  // Rounded down, so that 100 means that all is done; 0 without tasks.
  [[nodiscard]] std::int64_t percent() const { return total() == 0 ? 0 : done * 100 / total(); }

  bool operator==(const Progress&) const = default;
};

// Of a workspace, project or milestone, given by its whole id.
Result<Progress> progress_of(Reader& reader, Entity entity, std::string_view id);

}  // namespace convoy::memory
