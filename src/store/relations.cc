#include "store/relations.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "schema/suggest.h"

namespace convoy::store {
namespace {

constexpr std::size_t kIdsPerQuery = 500;

Error invalid(std::string message, std::string hint = {}) {
  return {.code = ErrorCode::InvalidQuery, .message = std::move(message), .hint = std::move(hint)};
}

// The one table of the records.
Result<const TableInfo*> table_of(const Tables& tables, std::span<const Record> records) {
  const auto* table = records.front().table;
  const bool is_one =
      std::ranges::all_of(records, [&](const Record& record) { return record.table == table; });
  const auto* info = is_one && table != nullptr ? tables.find(table->name) : nullptr;
  if (info != nullptr) return info;
  return invalid("the records are of several tables, or of another database");
}

// Calls `use` with at most kIdsPerQuery of the sorted, different values at a time.
template <class Use>
Status in_parts(std::vector<std::string> values, const Use& use) {
  std::ranges::sort(values);
  const auto twins = std::ranges::unique(values);
  values.erase(twins.begin(), twins.end());
  for (std::size_t at = 0; at < values.size(); at += kIdsPerQuery) {
    const auto end = std::min(values.size(), at + kIdsPerQuery);
    std::vector<Value> part(values.begin() + static_cast<std::ptrdiff_t>(at),
                            values.begin() + static_cast<std::ptrdiff_t>(end));
    CONVOY_CHECK_OK(use(std::move(part)));
  }
  return ok_status();
}

// The columns of `child` that refer to `parent`.
std::vector<std::size_t> references_to(const TableInfo& child, const TableInfo& parent) {
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < child.references.size(); ++i) {
    if (child.references[i] == &parent) columns.push_back(i);
  }
  return columns;
}

Result<std::size_t> child_column(const TableInfo& child, const TableInfo& parent,
                                 std::string_view column) {
  if (!column.empty()) {
    const auto index = child.column_index(column);
    if (!index) return schema::unknown_column(*child.table, column);
    if (child.references[*index] != &parent) {
      return invalid(child.table->name + "." + std::string(column) + " does not refer to " +
                     parent.table->name);
    }
    return *index;
  }
  const auto columns = references_to(child, parent);
  if (columns.size() == 1) return columns.front();
  return invalid(child.table->name + " has " + (columns.empty() ? "no column" : "several columns") +
                     " that refer to " + parent.table->name,
                 "Name the column that holds the id.");
}

}  // namespace

Result<std::vector<std::optional<Record>>> parents_of(Reader& reader, const Tables& tables,
                                                      std::span<const Record> records,
                                                      std::string_view column) {
  std::vector<std::optional<Record>> parents(records.size());
  if (records.empty()) return parents;
  CONVOY_TRY(const auto* info, table_of(tables, records));
  const auto index = info->column_index(column);
  if (!index) return schema::unknown_column(*info->table, column);
  const auto* parent = info->references[*index];
  if (parent == nullptr) {
    return invalid(info->table->name + "." + std::string(column) + " refers to no table");
  }
  std::vector<std::string> ids;
  for (const auto& record : records) {
    if (const auto* id = std::get_if<std::string>(&record.values[*index])) ids.push_back(*id);
  }
  std::map<std::string, Record> found;
  const auto fetch = [&](std::vector<Value> part) -> Status {
    CONVOY_TRY(auto some,
               reader.fetch(from(parent->table->name).where("id", one_of(std::move(part)))));
    for (auto& record : some) {
      auto id = record.id;
      found.emplace(std::move(id), std::move(record));
    }
    return ok_status();
  };
  CONVOY_CHECK_OK(in_parts(std::move(ids), fetch));
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto* id = std::get_if<std::string>(&records[i].values[*index]);
    const auto place = id == nullptr ? found.end() : found.find(*id);
    if (place != found.end()) parents[i] = place->second;
  }
  return parents;
}

Result<std::vector<std::vector<Record>>> children_of(Reader& reader, const Tables& tables,
                                                     std::span<const Record> records,
                                                     std::string_view table,
                                                     std::string_view column) {
  CONVOY_TRY(const auto* child, tables.require(table));
  std::vector<std::vector<Record>> children(records.size());
  if (records.empty()) return children;
  CONVOY_TRY(const auto* parent, table_of(tables, records));
  CONVOY_TRY(const auto index, child_column(*child, *parent, column));
  std::vector<std::string> ids;
  for (const auto& record : records) ids.push_back(record.id);
  std::map<std::string, std::vector<Record>> found;
  const auto fetch = [&](std::vector<Value> part) -> Status {
    CONVOY_TRY(auto some,
               reader.fetch(from(child->table->name)
                                .where(child->table->columns[index].name, one_of(std::move(part)))
                                .order_by(asc("id"))));
    for (auto& record : some) {
      const auto* id = std::get_if<std::string>(&record.values[index]);
      if (id != nullptr) found[*id].push_back(std::move(record));
    }
    return ok_status();
  };
  CONVOY_CHECK_OK(in_parts(std::move(ids), fetch));
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto place = found.find(records[i].id);
    if (place != found.end()) children[i] = place->second;
  }
  return children;
}

}  // namespace convoy::store
