// context.h: all that somebody needs to know to work on a task, as one value.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "convoy/database.h"
#include "memory/progress.h"
#include "memory/relevance.h"
#include "memory/workflow.h"

namespace convoy::memory {

inline constexpr std::int64_t kActivitiesMax = 20;

enum class Source {
  Local,   // All of it from this device.
  Remote,  // All of it from the server.
  Mixed,
};

// "local", "remote", "mixed".
std::string_view to_string(Source source) noexcept;

struct Freshness {
  std::optional<std::int64_t> last_sync_ms;  // When this device last agreed with the server.
  // The device has all of the task's workspace that the server showed then.
  bool is_complete = false;
  std::int64_t unsent = 0;  // Of the records here, those with changes that the server has not got.
  std::optional<std::int64_t> fetched_at_ms;  // Of what came from the server for this answer …
  bool is_kept = false;                       // … which it gave earlier: it can't be reached now.
};

struct Missing {
  std::string what;    // "milestone", "subtasks" …
  std::string reason;  // For people.

  bool operator==(const Missing&) const = default;
};

struct Dependency {
  std::string task_id;
  std::optional<Record> task;  // Nothing: it is not here.

  // Whether it is known to be done.
  [[nodiscard]] bool is_done() const { return task && task->text("status") == "DONE"; }
};

struct WorkflowState {
  Workflow workflow;
  bool is_builtin = false;             // There is no workflow here: the standard one.
  std::optional<std::size_t> current;  // Nothing: the task's stage is none of the workflow's.

  [[nodiscard]] const Stage* stage(std::ptrdiff_t from_current) const;
};

struct Context {
  Record task;
  std::optional<Record> parent;
  std::optional<Record> milestone;
  std::optional<Record> project;
  std::optional<Record> workspace;
  Progress milestone_progress;  // Of the tasks that are on this device.
  Progress project_progress;
  std::vector<Record> subtasks;       // Oldest first.
  std::vector<Dependency> waits_for;  // What must be done first; what is not, first.
  std::vector<Dependency> needed_by;  // What waits for this task.
  std::vector<Record> activities;     // The latest first, at most kActivitiesMax.
  std::int64_t activity_count = 0;    // How many there are, as far as is known.
  std::vector<Ranked> patterns;       // The most relevant first.
  std::vector<Ranked> best_practices;
  WorkflowState workflow;

  Source source = Source::Local;
  Freshness freshness;
  std::vector<Missing> missing;
  std::string user;                                       // Whose device this is; "" if nobody's.
  std::set<std::pair<std::string, std::string>> fetched;  // (table, id) of what the server gave.

  [[nodiscard]] bool is_fetched(const Record& record) const;
};

// Where a record comes from, for whoever is to judge it.
struct Provenance {
  std::string by;           // A user's id or an agent's name; "" if nobody kept it.
  std::string at;           // When it was changed last, ISO 8601; "" if it is not known.
  std::string scope;        // "project:<id>", "workspace:<id>", "milestone:<id>" or "global".
  std::string_view source;  // "local" or "server".
  bool is_unsent = false;   // Has changes of this device that the server has not got.
};

Provenance provenance_of(const Context& context, const Record& record);

}  // namespace convoy::memory
