#include "memory/dependencies.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace convoy::memory {
namespace {

// Far below the number of values one SQLite statement may bind.
constexpr std::size_t kIdsPerQuery = 500;

Result<std::optional<Record>> find_link(Reader& reader, std::string_view task,
                                        std::string_view other) {
  CONVOY_TRY(auto found, reader.fetch(from("task_dependencies")
                                          .where("task_id", eq(task))
                                          .where("depends_on_task_id", eq(other))));
  if (found.empty()) return std::optional<Record>();
  return std::optional(std::move(found.front()));
}

Result<std::string> title_of(Reader& reader, const std::string& id) {
  CONVOY_TRY(const auto record, reader.find("tasks", id));
  return record ? "\"" + std::string(record->text("title")) + "\"" : id;
}

// How `from_id` comes to wait for `to_id`, as the ids on the way, both included; empty if it does
// not. Level by level, so that a query answers for many tasks at once.
Result<std::vector<std::string>> way_between(Reader& reader, const std::string& from_id,
                                             const std::string& to_id) {
  std::map<std::string, std::string> reached_from{{from_id, ""}};
  std::vector<Value> level{from_id};
  while (!level.empty() && !reached_from.contains(to_id)) {
    std::vector<Value> next;
    for (std::size_t at = 0; at < level.size(); at += kIdsPerQuery) {
      const auto end = std::min(level.size(), at + kIdsPerQuery);
      std::vector<Value> part(level.begin() + static_cast<std::ptrdiff_t>(at),
                              level.begin() + static_cast<std::ptrdiff_t>(end));
      CONVOY_TRY(const auto links,
                 reader.fetch(from("task_dependencies").where("task_id", one_of(std::move(part)))));
      for (const auto& link : links) {
        auto other = std::string(link.text("depends_on_task_id"));
        if (!reached_from.emplace(other, link.text("task_id")).second) continue;
        next.emplace_back(std::move(other));
      }
    }
    level = std::move(next);
  }
  std::vector<std::string> way;
  if (!reached_from.contains(to_id)) return way;
  for (auto at = to_id; !at.empty(); at = reached_from[at]) way.push_back(at);
  std::ranges::reverse(way);
  return way;
}

}  // namespace

Result<Record> add_dependency(Writer& writer, std::string_view task, std::string_view other) {
  const std::string id(task);
  const std::string other_id(other);
  if (id == other_id) {
    return Error{.code = ErrorCode::InvalidArgument, .message = "a task can't wait for itself"};
  }
  CONVOY_TRY(auto link, find_link(writer, id, other_id));
  if (link) return *std::move(link);
  CONVOY_TRY(const auto way, way_between(writer, other_id, id));
  if (!way.empty()) {
    std::string titles;
    for (const auto& step : way) {
      CONVOY_TRY(const auto title, title_of(writer, step));
      titles += (titles.empty() ? "" : " waits for ") + title;
    }
    return Error{.code = ErrorCode::InvalidArgument,
                 .message = "the two tasks would wait for each other",
                 .hint = titles + " already; take one of these dependencies away first."};
  }
  return writer.create("task_dependencies", {{"task_id", id}, {"depends_on_task_id", other_id}});
}

Status remove_dependency(Writer& writer, std::string_view task, std::string_view other) {
  CONVOY_TRY(const auto link, find_link(writer, task, other));
  if (!link) {
    CONVOY_TRY(const auto title, title_of(writer, std::string(task)));
    CONVOY_TRY(const auto other_title, title_of(writer, std::string(other)));
    return Error{.code = ErrorCode::NotFound,
                 .message = title + " does not wait for " + other_title,
                 .hint = "`convoy task show` lists what a task waits for."};
  }
  CONVOY_TRY([[maybe_unused]] const auto deleted,
             writer.mark_deleted("task_dependencies", link->id));
  return ok_status();
}

}  // namespace convoy::memory
