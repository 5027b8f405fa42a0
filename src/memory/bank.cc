// Reading: lists, numbers and names.
#include "memory/bank.h"

#include <algorithm>
#include <utility>

#include "base/uuid.h"
#include "memory/in_transaction.h"
#include "memory/search_words.h"
#include "schema/suggest.h"

namespace convoy::memory {
namespace {

// Far below the number of values one SQLite statement may bind.
constexpr std::size_t kIdsPerQuery = 500;

constexpr std::string_view kReady = /* sql */ R"("status" is not 'DONE' and not exists (
  select 1 from task_dependencies d join tasks o on o.id = d.depends_on_task_id
  where d.task_id = "tasks"."id" and d._status is not 'deleted' and o._status is not 'deleted' and o.status is not 'DONE'))";

std::vector<Value> part_of(const std::vector<Value>& all, std::size_t begin) {
  const auto end = std::min(all.size(), begin + kIdsPerQuery);
  return {all.begin() + static_cast<std::ptrdiff_t>(begin),
          all.begin() + static_cast<std::ptrdiff_t>(end)};
}

// Words that this program does not know may be looked for as they are.
std::vector<Value> spellings(const std::vector<std::string>& wanted) {
  std::vector<Value> values;
  for (const auto& text : wanted) {
    values.emplace_back(text);
    if (auto capitals = in_capitals(text); capitals != text) values.emplace_back(capitals);
  }
  return values;
}

Status check_order(const Table& table, const Order& order) {
  if (order.column == "id" || table.find_column(order.column) != nullptr) return ok_status();
  std::string all = "id";
  std::vector<std::string_view> known{"id"};
  for (const auto& column : table.columns) {
    all += ", " + column.name;
    known.emplace_back(column.name);
  }
  const auto guess = schema::did_you_mean(order.column, known);
  return Error{.code = ErrorCode::UnknownColumn,
               .message = table.name + " have no column \"" + order.column + "\"",
               .hint = (guess.empty() ? "" : guess + " ") + "Choose one of " + all + "."};
}

Result<Query> query_of_columns(const Table& table, const Filter& filter) {
  Query query = from(table.name);
  if (!filter.statuses.empty()) {
    query.conditions.push_back(where("status", one_of(spellings(filter.statuses))));
  }
  if (!filter.stages.empty()) {
    query.conditions.push_back(where("current_stage", one_of(spellings(filter.stages))));
  }
  if (filter.is_ready) query.conditions.push_back(sql_expression(std::string(kReady)));
  if (!filter.words.empty()) {
    CONVOY_TRY(const auto words, SearchWords::parse(filter.words));
    query.conditions.push_back(search_expression(words.expression()));
  }
  query.order = filter.order.empty() ? std::vector<Order>{asc("created_at")} : filter.order;
  for (const auto& order : query.order) CONVOY_CHECK_OK(check_order(table, order));
  query.limit = filter.limit;
  return query;
}

}  // namespace

Result<Record> Bank::look(Reader& reader, Entity entity, std::string_view name, Guess guess) const {
  return look_up(reader, database_->schema(), entity, name, guess);
}

// The ids of all `entity` records that lie directly beneath one of `parents`.
Result<std::vector<Value>> Bank::ids_below(Reader& reader, Entity entity,
                                           const std::vector<Value>& parents) {
  const auto& about = info(entity);
  std::vector<Value> ids;
  for (std::size_t at = 0; at < parents.size(); at += kIdsPerQuery) {
    CONVOY_TRY(auto found, reader.fetch_ids(from(std::string(about.table))
                                                .where(std::string(about.parent_column),
                                                       one_of(part_of(parents, at)))));
    ids.insert(ids.end(), std::make_move_iterator(found.begin()),
               std::make_move_iterator(found.end()));
  }
  return ids;
}

// Nothing if no record can fulfil it.
Result<std::optional<Condition>> Bank::lies_within(Reader& reader, Entity entity, Entity above,
                                                   const std::string& name) {
  auto top = look(reader, above, name);
  if (!top.ok()) {
    // A whole id leaves no doubt: nothing lies within what is not here, or not any more.
    const bool is_gone = top.error().code == ErrorCode::NotFound && base::is_uuid(name);
    if (is_gone) return std::optional<Condition>();
    return std::move(top).error();
  }
  if (entity == above) return std::optional(where("id", eq(top->id)));
  std::vector<Value> ids{top->id};
  auto level = child_of(above);
  while (level && *level != entity) {
    CONVOY_TRY(ids, ids_below(reader, *level, ids));
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

Result<std::optional<Query>> Bank::query_for(Reader& reader, Entity entity, const Filter& filter) {
  CONVOY_TRY(auto query,
             query_of_columns(*database_->schema().find_table(info(entity).table), filter));
  if (filter.parent_task) {
    Value parent = Null{};
    if (!filter.parent_task->empty()) {
      CONVOY_TRY(const Record task, look(reader, Entity::Task, *filter.parent_task));
      parent = task.id;
    }
    query.conditions.push_back(where("parent_task_id", eq(std::move(parent))));
  }
  for (const auto& [above, name] : filter.within) {
    CONVOY_TRY(auto condition, lies_within(reader, entity, above, name));
    if (!condition) return std::optional<Query>();
    query.conditions.push_back(*std::move(condition));
  }
  return std::optional(std::move(query));
}

Result<std::vector<Record>> Bank::list(Entity entity, const Filter& filter) {
  return in_read(*database_, [&](Reader& reader) -> Result<std::vector<Record>> {
    std::vector<Record> records;
    CONVOY_TRY(const auto query, query_for(reader, entity, filter));
    if (!query) return records;
    CONVOY_TRY(records, reader.fetch(*query));
    return records;
  });
}

Result<std::int64_t> Bank::count(Entity entity, const Filter& filter) {
  return in_read(*database_, [&](Reader& reader) -> Result<std::int64_t> {
    std::int64_t count = 0;
    CONVOY_TRY(auto query, query_for(reader, entity, filter));
    if (!query) return count;
    query->limit.reset();
    query->order.clear();
    CONVOY_TRY(count, reader.count(*query));
    return count;
  });
}

Result<Record> Bank::find(Entity entity, std::string_view name, Guess guess) {
  return in_read(*database_, [&](Reader& reader) -> Result<Record> {
    return look(reader, entity, name, guess);
  });
}

Result<Descendants> Bank::descendants(Entity entity, std::string_view name) {
  return in_read(*database_, [&](Reader& reader) -> Result<Descendants> {
    Descendants below;
    CONVOY_TRY(const Record top, look(reader, entity, name));
    std::vector<Value> ids{top.id};
    for (auto level = child_of(entity); level; level = child_of(*level)) {
      CONVOY_TRY(ids, ids_below(reader, *level, ids));
      const auto count = static_cast<std::int64_t>(ids.size());
      if (*level == Entity::Project) below.projects = count;
      if (*level == Entity::Milestone) below.milestones = count;
      if (*level == Entity::Task) below.tasks = count;
    }
    return below;
  });
}

Result<Progress> Bank::progress(Entity entity, std::string_view name) {
  return in_read(*database_, [&](Reader& reader) -> Result<Progress> {
    CONVOY_TRY(const Record record, look(reader, entity, name));
    return progress_of(reader, entity, record.id);
  });
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

Result<SearchResult> Bank::search(SearchRequest request) {
  return in_read(*database_, [&](Reader& reader) -> Result<SearchResult> {
    if (request.project) {
      CONVOY_TRY(const Record project, look(reader, Entity::Project, *request.project));
      request.project = project.id;
    }
    for (auto& status : request.statuses) status = in_capitals(status);
    return search_bank(reader, database_->schema(), request);
  });
}

}  // namespace convoy::memory
