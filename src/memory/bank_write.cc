// Writing: each function is one transaction.
#include <algorithm>
#include <utility>

#include "memory/activity.h"
#include "memory/bank.h"
#include "memory/dependencies.h"
#include "memory/in_transaction.h"
#include "memory/rights.h"
#include "memory/rules.h"

namespace convoy::memory {
namespace {

const Value* value_of(const Fields& fields, std::string_view column) {
  const auto at = std::ranges::find(fields, column, &Fields::value_type::first);
  return at == fields.end() ? nullptr : &at->second;
}

// The record is to lie beneath this one; for a workspace there is none to ask.
Status check_place(Reader& reader, Entity entity, const Fields& fields) {
  const auto& about = info(entity);
  if (!about.parent) return ok_status();
  const auto* value = value_of(fields, about.parent_column);
  const auto* id = value == nullptr ? nullptr : std::get_if<std::string>(value);
  if (id == nullptr) return ok_status();
  CONVOY_TRY(const auto parent, reader.find(info(*about.parent).table, *id));
  if (!parent) return ok_status();
  CONVOY_TRY(const auto workspace, workspace_of(reader, *about.parent, *parent));
  return check_right(reader, workspace, Right::Write);
}

// "next" and "previous" as the stages they are. Errors: InvalidArgument at either end.
Result<std::string> resolve_stage(const Workflow& workflow, const std::string& current,
                                  const std::string& wanted) {
  const auto at = workflow.find(current);
  if (at && (wanted == "next" || wanted == "previous")) {
    const bool is_next = wanted == "next";
    if (is_next ? *at + 1 < workflow.stages.size() : *at > 0) {
      return workflow.stages[is_next ? *at + 1 : *at - 1].name;
    }
    return Error{.code = ErrorCode::InvalidArgument,
                 .message = current + " is the " + (is_next ? "last" : "first") +
                            " stage of the workflow \"" + workflow.name + "\"",
                 .hint = is_next ? "Set the task's status to DONE if nothing is left to do." : ""};
  }
  const auto stage = workflow.find(wanted);
  return stage ? workflow.stages[*stage].name : wanted;
}

}  // namespace

Result<Record> Bank::look_to_write(Reader& reader, Entity entity, std::string_view name) const {
  CONVOY_TRY(Record record, look(reader, entity, name));
  CONVOY_TRY(const auto workspace, workspace_of(reader, entity, record));
  CONVOY_CHECK_OK(check_right(reader, workspace, Right::Write));
  return record;
}

Result<Record> Bank::create(Entity entity, Fields fields) {
  return in_write(*database_, [&](Writer& writer) -> Result<Record> {
    CONVOY_TRY(auto checked, apply_rules(writer, database_->schema(), entity, std::move(fields),
                                         nullptr, clock_->now_ms()));
    CONVOY_CHECK_OK(check_place(writer, entity, checked));
    return writer.create(info(entity).table, std::move(checked));
  });
}

// With the entry in the feed that a change of stage brings.
Result<Record> Bank::change(Writer& writer, Entity entity, const Record& before, Fields fields,
                            const StageRequest& request) {
  CONVOY_TRY(auto checked, apply_rules(writer, database_->schema(), entity, std::move(fields),
                                       &before, clock_->now_ms()));
  CONVOY_CHECK_OK(check_place(writer, entity, checked));
  const std::string from_stage(entity == Entity::Task ? before.text("current_stage") : "");
  std::string to_stage;
  if (const auto* value = value_of(checked, "current_stage"); entity == Entity::Task && value) {
    to_stage = std::get<std::string>(*value);
  }
  const bool moves = !to_stage.empty() && to_stage != from_stage;
  if (moves) {
    CONVOY_TRY(const auto workflows, writer.fetch(from("workflows")));
    CONVOY_CHECK_OK(check_move(
        choose_workflow(workflows, from_stage),
        {.from = from_stage, .to = to_stage, .actor = actor_.kind, .approval = request.approval}));
  }
  CONVOY_TRY(Record updated, writer.update(info(entity).table, before.id, std::move(checked)));
  if (moves) {
    base::Json details;
    details.set("from", from_stage);
    details.set("to", to_stage);
    if (request.approval == Approval::Given) details.set("approved", true);
    if (!request.note.empty()) details.set("note", request.note);
    CONVOY_CHECK_OK(write_activity(writer, before.id, kStageChange, details, actor_));
  }
  return updated;
}

Result<Record> Bank::update(Entity entity, std::string_view name, Fields fields) {
  return in_write(*database_, [&](Writer& writer) -> Result<Record> {
    CONVOY_TRY(const Record before, look_to_write(writer, entity, name));
    return change(writer, entity, before, std::move(fields), {});
  });
}

Result<Record> Bank::move(Entity entity, std::string_view name, std::string_view parent) {
  const std::string column(info(entity).parent_column);
  return in_write(*database_, [&](Writer& writer) -> Result<Record> {
    Record moved;
    CONVOY_TRY(const Record before, look_to_write(writer, entity, name));
    CONVOY_TRY(moved, change(writer, entity, before, {{column, std::string(parent)}}, {}));
    if (entity != Entity::Task) return moved;
    // Subtasks that another client hung in a circle are met once.
    std::vector<std::string> seen{before.id};
    std::vector<Value> level{before.id};
    while (!level.empty()) {
      CONVOY_TRY(const auto subtasks,
                 writer.fetch(from("tasks").where("parent_task_id", one_of(std::move(level)))));
      level.clear();
      for (const auto& subtask : subtasks) {
        if (std::ranges::find(seen, subtask.id) != seen.end()) continue;
        seen.push_back(subtask.id);
        level.emplace_back(subtask.id);
        CONVOY_CHECK_OK(writer.update("tasks", subtask.id, {{column, moved.get(column)}}));
      }
    }
    return moved;
  });
}

Result<std::int64_t> Bank::remove(Entity entity, std::string_view name) {
  return in_write(*database_, [&](Writer& writer) -> Result<std::int64_t> {
    CONVOY_TRY(const Record before, look_to_write(writer, entity, name));
    if (entity == Entity::Workspace) {
      CONVOY_CHECK_OK(check_right(writer, before.id, Right::Own));
    }
    return writer.mark_deleted(info(entity).table, before.id);
  });
}

Result<Record> Bank::set_stage(std::string_view task, const StageRequest& request) {
  return in_write(*database_, [&](Writer& writer) -> Result<Record> {
    CONVOY_TRY(const Record before, look_to_write(writer, Entity::Task, task));
    const std::string current(before.text("current_stage"));
    CONVOY_TRY(const auto workflows, writer.fetch(from("workflows")));
    const auto workflow = choose_workflow(workflows, current);
    CONVOY_TRY(const auto stage, resolve_stage(workflow, current, request.stage));
    if (stage == current) {
      return Error{.code = ErrorCode::InvalidArgument,
                   .message = "the task \"" + std::string(before.text("title")) +
                              "\" is in the stage " + current + " already"};
    }
    return change(writer, Entity::Task, before, {{"current_stage", stage}}, request);
  });
}

Result<bool> Bank::needs_approval(std::string_view task, const std::string& stage) {
  return in_read(*database_, [&](Reader& reader) -> Result<bool> {
    bool is_needed = false;
    CONVOY_TRY(const Record record, look(reader, Entity::Task, task));
    const std::string current(record.text("current_stage"));
    CONVOY_TRY(const auto workflows, reader.fetch(from("workflows")));
    const auto workflow = choose_workflow(workflows, current);
    CONVOY_TRY(const auto wanted, resolve_stage(workflow, current, stage));
    is_needed = memory::needs_approval(workflow, current, wanted);
    return is_needed;
  });
}

Result<Record> Bank::add_activity(std::string_view task, std::string_view type,
                                  const base::Json& details) {
  CONVOY_TRY(const auto word, activity_type(type));
  return in_write(*database_, [&](Writer& writer) -> Result<Record> {
    CONVOY_TRY(const Record record, look_to_write(writer, Entity::Task, task));
    return write_activity(writer, record.id, word, details, actor_);
  });
}

Result<Record> Bank::depend(std::string_view task, std::string_view other) {
  return in_write(*database_, [&](Writer& writer) -> Result<Record> {
    CONVOY_TRY(const Record record, look_to_write(writer, Entity::Task, task));
    CONVOY_TRY(const Record needed, look(writer, Entity::Task, other));
    return add_dependency(writer, record.id, needed.id);
  });
}

Status Bank::undepend(std::string_view task, std::string_view other) {
  return database_->write([&](Writer& writer) -> Status {
    CONVOY_TRY(const Record record, look_to_write(writer, Entity::Task, task));
    CONVOY_TRY(const Record needed, look(writer, Entity::Task, other));
    return remove_dependency(writer, record.id, needed.id);
  });
}

}  // namespace convoy::memory
