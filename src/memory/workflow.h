// workflow.h: the stages that a task goes through, and who may move it where. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "convoy/database.h"
#include "memory/actor.h"

namespace convoy::memory {

struct Stage {
  std::string name;
  std::string description;
  bool is_checkpoint = false;  // Work stops here until a person approves it.
};

struct Workflow {
  std::string id;  // Empty: the one this program brings along.
  std::string name;
  std::string description;
  std::vector<Stage> stages;  // In order.

  // In any spelling: "plan-review" is PLAN_REVIEW.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view stage) const;
};

// Six stages, two of them checkpoints: what holds where the server has no workflow.
const Workflow& standard_workflow();

// A row of `workflows`. Errors: InvalidArgument if its stages are not a list of names, none, or
// have one name twice.
Result<Workflow> parse_workflow(const Record& record);

// The workflow of a task in this stage: of `records` the oldest that has the stage, else the oldest
// of all; the standard one if there are none. Rows that make no sense are passed over.
Workflow choose_workflow(const std::vector<Record>& records, std::string_view stage);

enum class Approval { NotGiven, Given };

struct StageMove {
  std::string from;
  std::string to;
  ActorKind actor = ActorKind::Person;
  Approval approval = Approval::NotGiven;
};

// Whether a person has to say that it may go on: forwards out of a checkpoint.
bool needs_approval(const Workflow& workflow, std::string_view from, std::string_view to);

// Whether the rules allow it: to the next stage or any earlier one; and out of a checkpoint only a
// person goes, forwards only with approval. From a stage that the workflow does not know any of its
// stages may follow. Errors: InvalidArgument (no such stage, a stage skipped, approval missing),
// Refused (an agent at a checkpoint).
Status check_move(const Workflow& workflow, const StageMove& move);

}  // namespace convoy::memory
