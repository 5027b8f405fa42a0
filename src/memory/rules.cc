#include "memory/rules.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "memory/workflow.h"

namespace convoy::memory {
namespace {

// Deeper nesting of subtasks than this is a circle that some other client made.
constexpr int kTaskDepthMax = 100;

Value* find(Fields& fields, std::string_view column) {
  const auto at = std::find_if(fields.begin(), fields.end(),
                               [&](const auto& field) { return field.first == column; });
  return at == fields.end() ? nullptr : &at->second;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos;
}

Error invalid(std::string message, std::string hint = {}) {
  return {
      .code = ErrorCode::InvalidArgument, .message = std::move(message), .hint = std::move(hint)};
}

Status check_label(const EntityInfo& about, Fields& fields, const Record* before) {
  const Value* label = find(fields, about.label);
  if (label == nullptr && before != nullptr) return ok_status();
  const auto* text = label == nullptr ? nullptr : std::get_if<std::string>(label);
  if (text != nullptr && !is_blank(*text)) return ok_status();
  return invalid("a " + std::string(about.noun) + " needs a " + std::string(about.label),
                 "It may not be blank.");
}

Status check_parent(Reader& reader, const Schema& schema, const EntityInfo& about, Fields& fields,
                    const Record* before) {
  if (!about.parent) return ok_status();
  const auto noun = std::string(info(*about.parent).noun);
  Value* parent = find(fields, about.parent_column);
  if (parent == nullptr && before != nullptr) return ok_status();
  const auto* id = parent == nullptr ? nullptr : std::get_if<std::string>(parent);
  if (id == nullptr) {
    return invalid("a " + std::string(about.noun) + " needs a " + noun,
                   "`convoy " + noun + " list` shows the ids.");
  }
  CONVOY_TRY(const Record record, look_up(reader, schema, *about.parent, *id));
  *parent = record.id;
  return ok_status();
}

Status check_choice(std::span<const std::string_view> known, std::string_view column,
                    std::string_view what, Fields& fields, const Record* before) {
  if (known.empty()) return ok_status();
  Value* value = find(fields, column);
  if (value == nullptr) {
    if (before == nullptr) fields.emplace_back(column, std::string(known.front()));
    return ok_status();
  }
  const auto* text = std::get_if<std::string>(value);
  if (text != nullptr && before != nullptr && *text == before->text(column)) return ok_status();
  CONVOY_TRY(*value, choose(text == nullptr ? "" : *text, known, what));
  return ok_status();
}

// A stage of a workflow that is here; where there is none, of the standard one.
Status check_stage(Reader& reader, Fields& fields, const Record* before) {
  CONVOY_TRY(const auto records, reader.fetch(from("workflows")));
  const Value* given = find(fields, "current_stage");
  const auto* wanted = given == nullptr ? nullptr : std::get_if<std::string>(given);
  const auto workflow = choose_workflow(records, wanted == nullptr ? "" : in_capitals(*wanted));
  std::vector<std::string_view> names;
  for (const auto& stage : workflow.stages) names.emplace_back(stage.name);
  return check_choice(names, "current_stage", "stage", fields, before);
}

// A task's parent: any other task that is not beneath it.
Status check_parent_task(Reader& reader, const Schema& schema, Fields& fields,
                         const Record* before) {
  Value* parent = find(fields, "parent_task_id");
  const auto* id = parent == nullptr ? nullptr : std::get_if<std::string>(parent);
  if (id == nullptr) return ok_status();
  CONVOY_TRY(Record above, look_up(reader, schema, Entity::Task, *id));
  *parent = above.id;
  if (before == nullptr) return ok_status();
  for (int depth = 0; depth < kTaskDepthMax; ++depth) {
    if (above.id == before->id) {
      return invalid("a task can't be its own parent or lie beneath one of its subtasks");
    }
    const auto next = std::string(above.text("parent_task_id"));
    if (next.empty()) return ok_status();
    CONVOY_TRY(auto found, reader.fetch(from("tasks").where("id", eq(next))));
    if (found.empty()) return ok_status();
    above = std::move(found.front());
  }
  return invalid("the parent task lies too deep",
                 "At most " + std::to_string(kTaskDepthMax) + " levels of subtasks are supported.");
}

void set_completion_date(Fields& fields, const Record* before, std::int64_t now_ms) {
  const Value* status = find(fields, "status");
  if (status == nullptr || find(fields, "completion_date") != nullptr) return;
  const auto* text = std::get_if<std::string>(status);
  const bool is_done = text != nullptr && *text == "DONE";
  const bool was_done = before != nullptr && before->text("status") == "DONE";
  if (is_done && !was_done) {
    fields.emplace_back("completion_date", static_cast<double>(now_ms));
  } else if (!is_done && before != nullptr && before->number("completion_date")) {
    fields.emplace_back("completion_date", Null{});
  }
}

Status check_tech_stack(Fields& fields) {
  const Value* value = find(fields, "tech_stack");
  const auto* text = value == nullptr ? nullptr : std::get_if<std::string>(value);
  if (text == nullptr) return ok_status();
  if (auto json = base::parse_json(*text); !json.ok()) {
    return invalid("the tech stack is not JSON: " + json.error().message,
                   R"(Write it like {"backend": ["PostgreSQL"]}.)");
  }
  return ok_status();
}

}  // namespace

Result<Fields> apply_rules(Reader& reader, const Schema& schema, Entity entity, Fields fields,
                           const Record* before, std::int64_t now_ms) {
  const auto& about = info(entity);
  CONVOY_CHECK_OK(check_label(about, fields, before));
  CONVOY_CHECK_OK(check_parent(reader, schema, about, fields, before));
  CONVOY_CHECK_OK(
      check_choice(about.statuses, "status", std::string(about.noun) + " status", fields, before));
  if (entity == Entity::Project) CONVOY_CHECK_OK(check_tech_stack(fields));
  if (entity == Entity::Task) {
    CONVOY_CHECK_OK(check_stage(reader, fields, before));
    CONVOY_CHECK_OK(check_parent_task(reader, schema, fields, before));
    set_completion_date(fields, before, now_ms);
  }
  return fields;
}

}  // namespace convoy::memory
