// context_rows.h: the rows that a context is made of, before anything is made of them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "convoy/database.h"
#include "memory/context.h"
#include "memory/server_rows.h"

namespace convoy::memory {

struct ContextRows {
  std::string task_id;
  std::optional<Record> task;
  std::optional<Record> parent;
  std::optional<Record> milestone;
  std::optional<Record> project;
  std::optional<Record> workspace;
  std::vector<Record> subtasks;
  std::vector<Record> waits_for;   // Rows of task_dependencies.
  std::vector<Record> needed_by;   // "
  std::vector<Record> neighbours;  // The tasks at their other ends.
  std::vector<Record> activities;
  std::int64_t activity_count = 0;
  std::vector<Record> patterns;
  std::vector<Record> best_practices;
  std::vector<Record> workflows;
  Progress milestone_progress;
  Progress project_progress;

  std::string user;
  std::optional<std::int64_t> last_sync_ms;
  bool is_complete = false;
  std::map<std::string, std::string> missing;  // What the server may have, and why it is not here.
  std::set<std::pair<std::string, std::string>> fetched;  // (table, id)
};

// More of a kind are not looked at; the latest are.
inline constexpr std::int64_t kKnowledgeMax = 500;
inline constexpr std::int64_t kSubtasksMax = 500;

// What this device has, in the reader's one state, in a fixed number of queries. `task_id` is a
// whole id; the task itself may be missing.
Result<ContextRows> read_local_rows(Reader& reader, const std::string& task_id);

// Asks the server for what is missing, and takes it in; what is on this device stays as it is.
// Errors: those of `server`; what came before the error is in `rows`.
Status fill_from_server(ServerRows& server, const Schema& schema, ContextRows& rows);

// Takes out of what was fetched whatever is on this device after all: deleted here and not sent
// yet, changed so that it has nothing to do with the task any more, or synced meanwhile.
Status drop_known_rows(Reader& reader, ContextRows& rows);

// The context of these rows. REQUIRES: rows.task.
Context make_context(ContextRows rows);

}  // namespace convoy::memory
