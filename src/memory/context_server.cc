// What the server adds to a task's context.
#include <algorithm>
#include <map>
#include <utility>

#include "memory/context_rows.h"
#include "memory/record_json.h"

namespace convoy::memory {
namespace {

// As many ids as fit into an address.
constexpr std::size_t kIdsPerRequest = 100;

constexpr std::string_view kNotShown = "the server does not show it to you, or it was deleted";

class Filler {
 public:
  Filler(ServerRows& server, const Schema& schema, ContextRows& rows)
      : server_(server), schema_(schema), rows_(rows) {}

  Status fill() {
    CONVOY_CHECK_OK(fill_one("task", "tasks", rows_.task_id, rows_.task));
    if (!rows_.task) return ok_status();
    CONVOY_CHECK_OK(fill_hierarchy());
    CONVOY_CHECK_OK(fill_lists());
    CONVOY_CHECK_OK(fill_neighbours());
    CONVOY_CHECK_OK(fill_knowledge("patterns", "patterns", rows_.patterns));
    CONVOY_CHECK_OK(fill_knowledge("best practices", "best_practices", rows_.best_practices));
    if (!rows_.missing.contains("workflow")) return ok_status();
    CONVOY_CHECK_OK(add("workflows", {{"order", "created_at.asc"}}, rows_.workflows));
    rows_.missing.erase("workflow");
    return ok_status();
  }

 private:
  Result<std::vector<Record>> read(const std::string& table, const RowParameters& parameters) {
    CONVOY_TRY(const auto reply, server_.read(table, parameters));
    if (reply.array() == nullptr) {
      return Error{.code = ErrorCode::BadReply,
                   .message = "the server's answer is no list of " + table};
    }
    const auto& about = *schema_.find_table(table);
    std::vector<Record> records;
    for (const auto& row : *reply.array()) {
      CONVOY_TRY(auto record, record_of(about, row));
      rows_.fetched.emplace(table, record.id);
      records.push_back(std::move(record));
    }
    return records;
  }

  // Adds rows that are not there yet.
  Status add(const std::string& table, const RowParameters& parameters,
             std::vector<Record>& records) {
    const auto before = rows_.fetched;
    CONVOY_TRY(auto more, read(table, parameters));
    for (auto& record : more) {
      if (std::ranges::find(records, record.id, &Record::id) == records.end()) {
        records.push_back(std::move(record));
      } else if (!before.contains({table, record.id})) {
        rows_.fetched.erase({table, record.id});
      }
    }
    return ok_status();
  }

  Status fill_one(const std::string& what, const std::string& table, const std::string& id,
                  std::optional<Record>& place) {
    if (place || id.empty()) return ok_status();
    CONVOY_TRY(auto found, read(table, {{"id", "eq." + id}}));
    if (found.empty()) {
      rows_.missing[what] = kNotShown;
    } else {
      place = std::move(found.front());
      rows_.missing.erase(what);
    }
    return ok_status();
  }

  static std::string id_in(const std::optional<Record>& record, std::string_view column) {
    return record ? std::string(record->text(column)) : std::string();
  }

  Status fill_hierarchy() {
    CONVOY_CHECK_OK(
        fill_one("milestone", "milestones", id_in(rows_.task, "milestone_id"), rows_.milestone));
    CONVOY_CHECK_OK(
        fill_one("project", "projects", id_in(rows_.milestone, "project_id"), rows_.project));
    CONVOY_CHECK_OK(
        fill_one("workspace", "workspaces", id_in(rows_.project, "workspace_id"), rows_.workspace));
    return fill_one("parent", "tasks", id_in(rows_.task, "parent_task_id"), rows_.parent);
  }

  Status fill_lists() {
    const auto is_this = "eq." + rows_.task_id;
    if (rows_.missing.contains("subtasks")) {
      CONVOY_CHECK_OK(add("tasks",
                          {{"parent_task_id", is_this},
                           {"order", "created_at.asc"},
                           {"limit", std::to_string(kSubtasksMax)}},
                          rows_.subtasks));
      rows_.missing.erase("subtasks");
    }
    if (rows_.missing.contains("dependencies")) {
      CONVOY_CHECK_OK(add("task_dependencies", {{"task_id", is_this}}, rows_.waits_for));
      CONVOY_CHECK_OK(add("task_dependencies", {{"depends_on_task_id", is_this}}, rows_.needed_by));
    }
    if (rows_.missing.contains("activities")) {
      CONVOY_CHECK_OK(add("activity_feed",
                          {{"task_id", is_this},
                           {"order", "created_at.desc"},
                           {"limit", std::to_string(kActivitiesMax)}},
                          rows_.activities));
      rows_.missing.erase("activities");
    }
    return ok_status();
  }

  Status fill_neighbours() {
    if (!rows_.missing.contains("dependencies")) return ok_status();
    std::vector<std::string> absent;
    const auto want = [&](std::string_view id) {
      const bool is_here =
          std::ranges::find(rows_.neighbours, id, &Record::id) != rows_.neighbours.end();
      if (!is_here && !id.empty()) absent.emplace_back(id);
    };
    for (const auto& link : rows_.waits_for) want(link.text("depends_on_task_id"));
    for (const auto& link : rows_.needed_by) want(link.text("task_id"));
    const auto wanted = absent.size();
    const auto before = rows_.neighbours.size();
    for (std::size_t at = 0; at < absent.size(); at += kIdsPerRequest) {
      std::string list;
      for (std::size_t i = at; i < std::min(absent.size(), at + kIdsPerRequest); ++i) {
        list += (list.empty() ? "in.(" : ",") + absent[i];
      }
      CONVOY_CHECK_OK(add("tasks", {{"id", list + ")"}}, rows_.neighbours));
    }
    rows_.missing.erase("dependencies");
    if (rows_.neighbours.size() - before < wanted) {
      rows_.missing.emplace("dependencies", "the server does not show you some of these tasks");
    }
    return ok_status();
  }

  Status fill_knowledge(const std::string& what, const std::string& table,
                        std::vector<Record>& records) {
    if (!rows_.missing.contains(what)) return ok_status();
    const std::pair<std::string, std::string> limit{"limit", std::to_string(kKnowledgeMax)};
    const std::pair<std::string, std::string> order{"order", "updated_at.desc"};
    CONVOY_CHECK_OK(add(
        table, {{"project_id", "is.null"}, {"workspace_id", "is.null"}, order, limit}, records));
    if (rows_.workspace) {
      CONVOY_CHECK_OK(add(
          table,
          {{"project_id", "is.null"}, {"workspace_id", "eq." + rows_.workspace->id}, order, limit},
          records));
    }
    if (rows_.project) {
      CONVOY_CHECK_OK(
          add(table, {{"project_id", "eq." + rows_.project->id}, order, limit}, records));
    }
    rows_.missing.erase(what);
    return ok_status();
  }

  ServerRows& server_;
  const Schema& schema_;
  ContextRows& rows_;
};

void drop(std::vector<Record>& records, const std::string& id) {
  std::erase_if(records, [&](const Record& record) { return record.id == id; });
}

}  // namespace

Status fill_from_server(ServerRows& server, const Schema& schema, ContextRows& rows) {
  return Filler(server, schema, rows).fill();
}

Status drop_known_rows(Reader& reader, ContextRows& rows) {
  std::map<std::string, std::vector<Value>> ids;
  for (const auto& [table, id] : rows.fetched) ids[table].emplace_back(id);
  for (const auto& [table, wanted] : ids) {
    std::string places;
    for (std::size_t i = 0; i < wanted.size(); ++i) places += i == 0 ? "?" : ", ?";
    CONVOY_TRY(
        const auto known,
        reader.select("select id from \"" + table + "\" where id in (" + places + ")", wanted));
    for (const auto& row : known.rows) {
      const auto* id = std::get_if<std::string>(&row.front());
      if (id == nullptr) continue;
      rows.fetched.erase({table, *id});
      for (auto* records :
           {&rows.subtasks, &rows.waits_for, &rows.needed_by, &rows.neighbours, &rows.activities,
            &rows.patterns, &rows.best_practices, &rows.workflows}) {
        const bool is_of_table = !records->empty() && records->front().table != nullptr &&
                                 records->front().table->name == table;
        if (is_of_table) drop(*records, *id);
      }
    }
  }
  return ok_status();
}

}  // namespace convoy::memory
