#include "memory/bank.h"

#include <algorithm>
#include <utility>

#include "base/uuid.h"
#include "memory/rules.h"

namespace convoy::memory {
namespace {

// Far below the number of values one SQLite statement may bind.
constexpr std::size_t kIdsPerQuery = 500;

Fetch fetch_from(Writer& writer) {
  return [&writer](const Query& query) { return writer.fetch(query); };
}

std::vector<Value> part_of(const std::vector<Value>& all, std::size_t begin) {
  const auto end = std::min(all.size(), begin + kIdsPerQuery);
  return {all.begin() + static_cast<std::ptrdiff_t>(begin),
          all.begin() + static_cast<std::ptrdiff_t>(end)};
}

// Statuses that this program does not know may be looked for as they are.
std::vector<Value> known_or_verbatim(const std::vector<std::string>& wanted,
                                     std::span<const std::string_view> known) {
  std::vector<Value> values;
  for (const auto& text : wanted) {
    auto chosen = choose(text, known, "");
    values.emplace_back(chosen.ok() ? *std::move(chosen) : text);
  }
  return values;
}

Status check_order(const Database& database, const EntityInfo& about, const Order& order) {
  const Table* table = database.schema().find_table(about.table);
  if (order.column == "id") return ok_status();
  if (table != nullptr && table->find_column(order.column) != nullptr) return ok_status();
  std::string all = "id";
  if (table != nullptr) {
    for (const auto& column : table->columns) all += ", " + column.name;
  }
  return Error{.code = ErrorCode::UnknownColumn,
               .message = std::string(about.table) + " have no column \"" + order.column + "\"",
               .hint = "Choose one of " + all + "."};
}

}  // namespace

Fetch Bank::fetch() {
  return [this](const Query& query) { return database_->fetch(query); };
}

// The ids of all `entity` records that lie directly beneath one of `parents`.
Result<std::vector<Value>> Bank::ids_below(Entity entity, const std::vector<Value>& parents) {
  const auto& about = info(entity);
  std::vector<Value> ids;
  for (std::size_t at = 0; at < parents.size(); at += kIdsPerQuery) {
    CONVOY_TRY(const auto records, database_->fetch(from(std::string(about.table))
                                                        .where(std::string(about.parent_column),
                                                               one_of(part_of(parents, at)))));
    for (const auto& record : records) ids.emplace_back(record.id);
  }
  return ids;
}

// Nothing if no record can fulfil it.
Result<std::optional<Condition>> Bank::lies_within(Entity entity, Entity above,
                                                   const std::string& id) {
  auto top = look_up(fetch(), above, id);
  if (!top.ok()) {
    // A whole id leaves no doubt: nothing lies within what is not here, or not any more.
    const bool is_gone = top.error().code == ErrorCode::NotFound && base::is_uuid(id);
    if (is_gone) return std::optional<Condition>();
    return std::move(top).error();
  }
  if (entity == above) return std::optional(where("id", eq(top->id)));
  std::vector<Value> ids{top->id};
  auto level = child_of(above);
  while (level && *level != entity) {
    CONVOY_TRY(ids, ids_below(*level, ids));
    level = child_of(*level);
  }
  if (!level) {
    return Error{.code = ErrorCode::InvalidArgument,
                 .message = std::string(info(entity).table) + " do not lie within a " +
                            std::string(info(above).noun)};
  }
  if (ids.empty()) return std::optional<Condition>();
  return std::optional(where(std::string(info(entity).parent_column), one_of(std::move(ids))));
}

Result<Query> Bank::query_for(Entity entity, const Filter& filter) {
  const auto& about = info(entity);
  Query query = from(std::string(about.table));
  if (!filter.statuses.empty()) {
    query.conditions.push_back(
        where("status", one_of(known_or_verbatim(filter.statuses, about.statuses))));
  }
  if (!filter.stages.empty()) {
    query.conditions.push_back(
        where("current_stage", one_of(known_or_verbatim(filter.stages, stages()))));
  }
  if (filter.parent_task) {
    Value parent = Null{};
    if (!filter.parent_task->empty()) {
      CONVOY_TRY(const Record task, look_up(fetch(), Entity::Task, *filter.parent_task));
      parent = task.id;
    }
    query.conditions.push_back(where("parent_task_id", eq(std::move(parent))));
  }
  query.order = filter.order.empty() ? std::vector<Order>{asc("created_at")} : filter.order;
  for (const auto& order : query.order) CONVOY_CHECK_OK(check_order(*database_, about, order));
  query.limit = filter.limit;
  return query;
}

Result<std::vector<Record>> Bank::list(Entity entity, const Filter& filter) {
  CONVOY_TRY(Query query, query_for(entity, filter));
  for (const auto& [above, id] : filter.within) {
    CONVOY_TRY(auto condition, lies_within(entity, above, id));
    if (!condition) return std::vector<Record>{};
    query.conditions.push_back(*std::move(condition));
  }
  return database_->fetch(query);
}

Result<Record> Bank::find(Entity entity, std::string_view id) {
  return look_up(fetch(), entity, id);
}

Result<Record> Bank::create(Entity entity, Fields fields) {
  Record created;
  CONVOY_CHECK_OK(database_->write([&](Writer& writer) -> Status {
    CONVOY_TRY(auto checked, apply_rules(fetch_from(writer), entity, std::move(fields), nullptr,
                                         clock_->now_ms()));
    CONVOY_TRY(created, writer.create(info(entity).table, std::move(checked)));
    return ok_status();
  }));
  return created;
}

Result<Record> Bank::update(Entity entity, std::string_view id, Fields fields) {
  Record updated;
  CONVOY_CHECK_OK(database_->write([&](Writer& writer) -> Status {
    const Fetch fetch = fetch_from(writer);
    CONVOY_TRY(const Record before, look_up(fetch, entity, id));
    CONVOY_TRY(auto checked,
               apply_rules(fetch, entity, std::move(fields), &before, clock_->now_ms()));
    CONVOY_TRY(updated, writer.update(info(entity).table, before.id, std::move(checked)));
    return ok_status();
  }));
  return updated;
}

Result<std::int64_t> Bank::remove(Entity entity, std::string_view id) {
  std::int64_t deleted = 0;
  CONVOY_CHECK_OK(database_->write([&](Writer& writer) -> Status {
    CONVOY_TRY(const Record before, look_up(fetch_from(writer), entity, id));
    CONVOY_TRY(deleted, writer.mark_deleted(info(entity).table, before.id));
    return ok_status();
  }));
  return deleted;
}

Result<Descendants> Bank::descendants(Entity entity, std::string_view id) {
  CONVOY_TRY(const Record top, look_up(fetch(), entity, id));
  Descendants found;
  std::vector<Value> ids{top.id};
  for (auto level = child_of(entity); level; level = child_of(*level)) {
    CONVOY_TRY(ids, ids_below(*level, ids));
    const auto count = static_cast<std::int64_t>(ids.size());
    if (*level == Entity::Project) found.projects = count;
    if (*level == Entity::Milestone) found.milestones = count;
    if (*level == Entity::Task) found.tasks = count;
  }
  return found;
}

Result<std::map<std::string, std::string>> Bank::labels(Entity entity,
                                                        std::vector<std::string> ids) {
  const auto& about = info(entity);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  const std::vector<Value> wanted(ids.begin(), ids.end());
  std::map<std::string, std::string> labels;
  for (std::size_t at = 0; at < wanted.size(); at += kIdsPerQuery) {
    CONVOY_TRY(
        const auto records,
        database_->fetch(from(std::string(about.table)).where("id", one_of(part_of(wanted, at)))));
    for (const auto& record : records) labels.emplace(record.id, record.text(about.label));
  }
  return labels;
}

}  // namespace convoy::memory
