#include "memory/workflow.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/json.h"
#include "memory/entity.h"

namespace convoy::memory {
namespace {

using base::Json;

Error malformed(const Record& record, const std::string& what) {
  return {
      .code = ErrorCode::InvalidArgument,
      .message = "the stages of the workflow \"" + std::string(record.text("name")) + "\" (" +
                 record.id + ") " + what,
      .hint = R"(They are a list like [{"name": "PLAN", "order": 1, "is_checkpoint": false}].)"};
}

std::string text_of(const Json& json, std::string_view member) {
  const auto* found = json.find(member);
  return found == nullptr || found->string() == nullptr ? std::string() : *found->string();
}

Stage stage_of(const Json& json) {
  if (json.string() != nullptr) return {.name = *json.string(), .description = {}};
  const auto* checkpoint = json.find("is_checkpoint");
  return {.name = text_of(json, "name"),
          .description = text_of(json, "description"),
          .is_checkpoint =
              checkpoint != nullptr && checkpoint->boolean() != nullptr && *checkpoint->boolean()};
}

// Where a stage stands by its own word; without one, where it stands in the list.
double place_of(const Json& json, std::size_t position) {
  const auto* order = json.find("order");
  const auto place = order == nullptr ? std::nullopt : order->real();
  return place.value_or(static_cast<double>(position));
}

std::string names_of(const Workflow& workflow) {
  std::string names;
  for (const auto& stage : workflow.stages) names += (names.empty() ? "" : ", ") + stage.name;
  return names;
}

Error invalid(std::string message, std::string hint) {
  return {
      .code = ErrorCode::InvalidArgument, .message = std::move(message), .hint = std::move(hint)};
}

Error agent_at_checkpoint(const Stage& stage) {
  return {
      .code = ErrorCode::Refused,
      .message = stage.name + " is a checkpoint: only a person takes a task out of it",
      .hint = "Ask a person to look at it and to run `convoy task stage TASK STAGE --approve`."};
}

}  // namespace

std::optional<std::size_t> Workflow::find(std::string_view stage) const {
  const auto wanted = in_capitals(stage);
  const auto at = std::ranges::find_if(
      stages, [&](const Stage& one) { return in_capitals(one.name) == wanted; });
  if (at == stages.end()) return std::nullopt;
  return static_cast<std::size_t>(at - stages.begin());
}

const Workflow& standard_workflow() {
  static const Workflow workflow{
      .id = {},
      .name = "Standard Development Workflow",
      .description = "Six stages, two of them checkpoints",
      .stages = {{.name = "PLAN", .description = "Study the task and write an implementation plan"},
                 {.name = "PLAN_REVIEW",
                  .description = "A person reviews the plan",
                  .is_checkpoint = true},
                 {.name = "IMPLEMENT", .description = "Carry out the approved plan"},
                 {.name = "VALIDATE", .description = "Check the result against the requirements"},
                 {.name = "CODE_REVIEW",
                  .description = "A person reviews the implementation",
                  .is_checkpoint = true},
                 {.name = "COMMIT", .description = "Commit what was approved"}}};
  return workflow;
}

Result<Workflow> parse_workflow(const Record& record) {
  const auto json = base::parse_json(record.text("stages"));
  if (!json.ok() || json->array() == nullptr) return malformed(record, "are no list");
  std::vector<std::pair<double, Stage>> placed;
  std::set<std::string> names;
  for (const auto& one : *json->array()) {
    auto stage = stage_of(one);
    if (stage.name.empty()) return malformed(record, "are not all named");
    if (!names.insert(stage.name).second) {
      return malformed(record, "have " + stage.name + " twice");
    }
    placed.emplace_back(place_of(one, placed.size()), std::move(stage));
  }
  if (placed.empty()) return malformed(record, "are none");
  std::ranges::stable_sort(placed, {}, [](const auto& one) { return one.first; });
  Workflow workflow{.id = record.id,
                    .name = std::string(record.text("name")),
                    .description = std::string(record.text("description")),
                    .stages = {}};
  for (auto& [place, stage] : placed) workflow.stages.push_back(std::move(stage));
  return workflow;
}

Workflow choose_workflow(const std::vector<Record>& records, std::string_view stage) {
  std::vector<std::pair<std::pair<double, std::string>, Workflow>> usable;
  for (const auto& record : records) {
    auto parsed = parse_workflow(record);
    if (!parsed.ok()) continue;
    usable.emplace_back(std::pair(record.number("created_at").value_or(0), record.id),
                        *std::move(parsed));
  }
  if (usable.empty()) return standard_workflow();
  std::ranges::sort(usable, {}, [](const auto& one) { return one.first; });
  const auto fits = [&](const auto& one) { return one.second.find(stage).has_value(); };
  const auto at = std::ranges::find_if(usable, fits);
  return std::move(at == usable.end() ? usable.front().second : at->second);
}

bool needs_approval(const Workflow& workflow, std::string_view from, std::string_view to) {
  const auto at = workflow.find(from);
  const auto wanted = workflow.find(to);
  return at && wanted && *wanted > *at && workflow.stages[*at].is_checkpoint;
}

Status check_move(const Workflow& workflow, const StageMove& move) {
  const auto to = workflow.find(move.to);
  if (!to) {
    return invalid("the workflow \"" + workflow.name + "\" has no stage " + move.to,
                   "Its stages are " + names_of(workflow) + ".");
  }
  const auto from = workflow.find(move.from);
  if (!from || *from == *to) return ok_status();
  const auto& current = workflow.stages[*from];
  if (*to > *from + 1) {
    const auto& next = workflow.stages[*from + 1];
    return invalid("a task in " + current.name + " can't skip to " + move.to,
                   "The next stage is " + next.name + "; any earlier one may be gone back to.");
  }
  if (!current.is_checkpoint) return ok_status();
  if (move.actor == ActorKind::Agent) return agent_at_checkpoint(current);
  if (needs_approval(workflow, move.from, move.to) && move.approval == Approval::NotGiven) {
    return invalid(current.name + " is a checkpoint: a task goes on from it only when approved",
                   "If you have looked at it and approve, say so: --approve.");
  }
  return ok_status();
}

}  // namespace convoy::memory
