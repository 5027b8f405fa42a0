// bank.h: the memory bank on a local database: workspaces hold projects, projects hold milestones,
// milestones hold tasks.
//
// Records may be given by their name, or by a part of their id, see lookup.h. Thread-safety:
// thread-compatible.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/environment.h"
#include "base/json.h"
#include "convoy/database.h"
#include "memory/actor.h"
#include "memory/entity.h"
#include "memory/lookup.h"
#include "memory/progress.h"
#include "memory/search.h"
#include "memory/workflow.h"

namespace convoy::memory {

struct Filter {
  std::vector<std::pair<Entity, std::string>> within;  // All these lie above, at any distance.
  std::optional<std::string> parent_task;  // For tasks: its subtasks; "": those without a parent.
  std::vector<std::string> statuses;       // Any of these; empty: all.
  std::vector<std::string> stages;         // For tasks: any of these; empty: all.
  std::string words;                       // All of these are in it; see SearchRequest. Empty: all.
  bool is_ready = false;     // For tasks: not done, and waits for no task that is not done.
  std::vector<Order> order;  // Empty: oldest first.
  std::optional<std::int64_t> limit;
};

// What goes with a record when it is deleted.
struct Descendants {
  std::int64_t projects = 0;
  std::int64_t milestones = 0;
  std::int64_t tasks = 0;

  [[nodiscard]] std::int64_t total() const { return projects + milestones + tasks; }
};

struct StageRequest {
  std::string stage;  // Its name, "next" or "previous".
  Approval approval = Approval::NotGiven;
  std::string note;  // Kept with the change; may be empty.
};

class Bank {
 public:
  // Both are borrowed and outlive the bank.
  Bank(Database& database, base::Clock& clock, Actor actor = {})
      : database_(&database), clock_(&clock), actor_(std::move(actor)) {}

  [[nodiscard]] Database& database() const { return *database_; }

  // --- Reading. Errors of all that take a record's name: InvalidArgument, NotFound, Ambiguous.

  // Errors: UnknownColumn (in `order`), InvalidArgument. Nothing lies within a whole id that is not
  // here.
  Result<std::vector<Record>> list(Entity entity, const Filter& filter);
  // How many there are without the filter's limit.
  Result<std::int64_t> count(Entity entity, const Filter& filter);

  Result<Record> find(Entity entity, std::string_view name, Guess guess = Guess::Sure);

  Result<Descendants> descendants(Entity entity, std::string_view name);

  // REQUIRES: not a task.
  Result<Progress> progress(Entity entity, std::string_view name);

  // Names or titles by id; ids that are not here are left out.
  Result<std::map<std::string, std::string>> labels(Entity entity, std::vector<std::string> ids);

  // `request.project` by any name. Errors: as search_bank() and `find`.
  Result<SearchResult> search(SearchRequest request);

  // --- Writing, each in one transaction. Errors of all: those of `find` and of the database;
  // Refused if the device knows that this person may not.

  // Errors: those of `apply_rules`.
  Result<Record> create(Entity entity, Fields fields);
  // A stage is changed as set_stage() does. Errors: those of `apply_rules` and `check_move`.
  Result<Record> update(Entity entity, std::string_view name, Fields fields);

  // Puts a record beneath another parent, with all that it holds; subtasks go along with their
  // task. REQUIRES: not a workspace.
  Result<Record> move(Entity entity, std::string_view name, std::string_view parent);

  // Deletes a record and everything beneath it, except that subtasks only lose their parent. The
  // number of records deleted.
  Result<std::int64_t> remove(Entity entity, std::string_view name);

  // Takes a task to another stage of its workflow, and says so in its feed. Errors: those of
  // `check_move`; InvalidArgument if it is there already.
  Result<Record> set_stage(std::string_view task, const StageRequest& request);

  // Whether that needs a person's approval. Errors: InvalidArgument ("next" of the last stage).
  Result<bool> needs_approval(std::string_view task, const std::string& stage);

  // Adds to a task's feed; `details` may be null. Errors: those of `activity_type`.
  Result<Record> add_activity(std::string_view task, std::string_view type,
                              const base::Json& details);

  // `task` waits for `other`. Errors: those of `add_dependency`, `remove_dependency`.
  Result<Record> depend(std::string_view task, std::string_view other);
  Status undepend(std::string_view task, std::string_view other);

 private:
  Result<std::vector<Value>> ids_below(Reader& reader, Entity entity,
                                       const std::vector<Value>& parents);
  Result<std::optional<Condition>> lies_within(Reader& reader, Entity entity, Entity above,
                                               const std::string& name);
  // Nothing if no record can fulfil the filter.
  Result<std::optional<Query>> query_for(Reader& reader, Entity entity, const Filter& filter);
  Result<Record> look(Reader& reader, Entity entity, std::string_view name,
                      Guess guess = Guess::Sure) const;
  Result<Record> look_to_write(Reader& reader, Entity entity, std::string_view name) const;
  Result<Record> change(Writer& writer, Entity entity, const Record& before, Fields fields,
                        const StageRequest& request);

  Database* database_;
  base::Clock* clock_;
  Actor actor_;
};

}  // namespace convoy::memory
