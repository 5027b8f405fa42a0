#include "memory/schema.h"

#include <string>
#include <utility>

namespace convoy::memory {
namespace {

Column text(std::string name) { return {.name = std::move(name)}; }

Column time(std::string name) {
  return {.name = std::move(name), .type = ColumnType::Number, .pg_type = PgType::Timestamptz};
}

Column json(std::string name) { return {.name = std::move(name), .pg_type = PgType::Jsonb}; }

Column uuid(std::string name) { return {.name = std::move(name), .pg_type = PgType::Uuid}; }

// A foreign key. Every one is indexed: lists and cascades look rows up by it.
Column key(std::string name, std::string table, OnDelete on_delete = OnDelete::Cascade) {
  Column column = uuid(std::move(name));
  column.is_indexed = true;
  column.references = Reference{.table = std::move(table), .on_delete = on_delete};
  return column;
}

// Found by the words in it.
Column searchable(Column column) {
  column.is_searchable = true;
  return column;
}

Column optional(Column column) {
  column.is_optional = true;
  return column;
}

Column indexed(Column column) {
  column.is_indexed = true;
  return column;
}

Table workspaces() {
  return {.name = "workspaces",
          .columns = {searchable(text("name")), optional(searchable(text("description"))),
                      time("created_at"), time("updated_at")}};
}

Table workspace_members() {
  return {.name = "workspace_members",
          .columns = {key("workspace_id", "workspaces"), indexed(uuid("user_id")), text("role"),
                      time("created_at"), time("updated_at")}};
}

Table projects() {
  return {.name = "projects",
          .columns = {key("workspace_id", "workspaces"), searchable(text("name")),
                      optional(searchable(text("description"))),
                      optional(searchable(text("overview"))), optional(json("tech_stack")),
                      indexed(text("status")), time("created_at"), time("updated_at")}};
}

Table milestones() {
  return {.name = "milestones",
          .columns = {key("project_id", "projects"), searchable(text("name")),
                      optional(searchable(text("description"))),
                      optional(searchable(text("requirements"))), indexed(text("status")),
                      optional(time("target_date")), time("created_at"), time("updated_at")}};
}

Table tasks() {
  return {.name = "tasks",
          .columns = {key("milestone_id", "milestones"),
                      optional(key("parent_task_id", "tasks", OnDelete::SetNull)),
                      searchable(text("title")), optional(searchable(text("description"))),
                      indexed(text("current_stage")), indexed(text("status")), time("created_at"),
                      time("updated_at"), optional(time("completion_date"))}};
}

Table task_dependencies() {
  return {
      .name = "task_dependencies",
      .columns = {key("task_id", "tasks"), key("depends_on_task_id", "tasks"), time("created_at")}};
}

Table activity_feed() {
  return {.name = "activity_feed",
          .columns = {key("task_id", "tasks"), optional(text("actor_id")), text("activity_type"),
                      optional(searchable(json("details"))), time("created_at")}};
}

Table workflows() {
  return {.name = "workflows",
          .columns = {searchable(text("name")), optional(searchable(text("description"))),
                      json("stages"), time("created_at"), time("updated_at")}};
}

// Patterns and best practices differ in one column. Neither workspace nor project: they apply
// everywhere.
Table knowledge(std::string name, std::string kind) {
  return {.name = std::move(name),
          .columns = {
              optional(key("workspace_id", "workspaces")), optional(key("project_id", "projects")),
              searchable(text("name")), optional(searchable(text("description"))),
              optional(searchable(text(std::move(kind)))), optional(searchable(json("content"))),
              time("created_at"), time("updated_at")}};
}

}  // namespace

Schema memory_schema() {
  return {
      .version = 1,
      .tables = {workspaces(), workspace_members(), projects(), milestones(), tasks(),
                 task_dependencies(), activity_feed(), workflows(),
                 knowledge("patterns", "pattern_type"), knowledge("best_practices", "category")}};
}

}  // namespace convoy::memory
