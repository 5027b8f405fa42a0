// bank.h: the memory bank on a local database: workspaces hold projects, projects hold milestones,
// milestones hold tasks.
//
// Ids may be given in part, see lookup.h. Thread-safety: thread-compatible.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/environment.h"
#include "convoy/database.h"
#include "memory/entity.h"
#include "memory/lookup.h"

namespace convoy::memory {

struct Filter {
  std::vector<std::pair<Entity, std::string>> within;  // All these lie above, at any distance.
  std::optional<std::string> parent_task;  // For tasks: its subtasks; "": those without a parent.
  std::vector<std::string> statuses;       // Any of these; empty: all.
  std::vector<std::string> stages;         // For tasks: any of these; empty: all.
  std::vector<Order> order;                // Empty: oldest first.
  std::optional<std::int64_t> limit;
};

// What goes with a record when it is deleted.
struct Descendants {
  std::int64_t projects = 0;
  std::int64_t milestones = 0;
  std::int64_t tasks = 0;

  [[nodiscard]] std::int64_t total() const { return projects + milestones + tasks; }
};

class Bank {
 public:
  // Both are borrowed and outlive the bank.
  Bank(Database& database, base::Clock& clock) : database_(&database), clock_(&clock) {}

  // Errors: UnknownColumn (in `order`); InvalidArgument, NotFound and Ambiguous for an id in part.
  // Nothing lies within a whole id that is not here.
  Result<std::vector<Record>> list(Entity entity, const Filter& filter);

  // Errors: InvalidArgument, NotFound, Ambiguous.
  Result<Record> find(Entity entity, std::string_view id);

  // Errors: those of `apply_rules` and of the database.
  Result<Record> create(Entity entity, Fields fields);
  Result<Record> update(Entity entity, std::string_view id, Fields fields);

  // Deletes a record and everything beneath it, except that subtasks only lose their parent. The
  // number of records deleted. Errors: as `find`.
  Result<std::int64_t> remove(Entity entity, std::string_view id);

  // Errors: as `find`.
  Result<Descendants> descendants(Entity entity, std::string_view id);

  // Names or titles by id; ids that are not here are left out.
  Result<std::map<std::string, std::string>> labels(Entity entity, std::vector<std::string> ids);

 private:
  Fetch fetch();
  Result<std::vector<Value>> ids_below(Entity entity, const std::vector<Value>& parents);
  Result<std::optional<Condition>> lies_within(Entity entity, Entity above, const std::string& id);
  Result<Query> query_for(Entity entity, const Filter& filter);

  Database* database_;
  base::Clock* clock_;
};

}  // namespace convoy::memory
