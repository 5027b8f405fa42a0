#include "store/tables.h"

#include <algorithm>

#include "query/compile.h"
#include "schema/suggest.h"

namespace convoy::store {
namespace {

TableInfo describe(const Table& table, std::int64_t number) {
  TableInfo info{.table = &table, .number = number};
  std::string names = R"("id", "_status", "_changed")";
  std::string marks = "?, ?, ?";
  std::string updates = R"("_status" = excluded."_status", "_changed" = excluded."_changed")";
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const auto& column = table.columns[i];
    if (column.name == "created_at") info.created_at = i;
    if (column.name == "updated_at") info.updated_at = i;
    const auto name = query::quoted(column.name);
    names.append(", ").append(name);
    marks += ", ?";
    updates.append(", ").append(name).append(" = excluded.").append(name);
  }
  const auto quoted = query::quoted(table.name);
  info.select_sql = query::select_rows(table) + R"( where "id" is ?)";
  const auto insert = "insert into " + quoted + " (" + names + ") values (" + marks + ")";
  info.upsert_sql = insert + R"( on conflict ("id") do update set )" + updates;
  info.insert_sql = insert + R"( on conflict ("id") do nothing)";
  info.delete_sql = "delete from " + quoted + R"( where "id" is ?)";
  return info;
}

}  // namespace

std::optional<std::size_t> TableInfo::column_index(std::string_view name) const {
  for (std::size_t i = 0; i < table->columns.size(); ++i) {
    if (table->columns[i].name == name) return i;
  }
  return std::nullopt;
}

Tables::Tables(const Schema& schema, const std::vector<std::int64_t>& numbers) : schema_(schema) {
  all_.reserve(schema.tables.size());  // Children point into it.
  for (std::size_t i = 0; i < schema.tables.size(); ++i) {
    all_.push_back(describe(schema.tables[i], numbers[i]));
  }
  for (auto& info : all_) {
    for (const auto& column : info.table->columns) {
      info.references.push_back(column.references ? find(column.references->table) : nullptr);
    }
  }
  for (auto& parent : all_) {
    for (const auto& child : all_) {
      for (std::size_t i = 0; i < child.table->columns.size(); ++i) {
        const auto& references = child.table->columns[i].references;
        if (!references || references->table != parent.table->name) continue;
        if (references->on_delete == OnDelete::Nothing) continue;
        parent.children.push_back(
            {.info = &child, .column = i, .on_delete = references->on_delete});
      }
    }
  }
}

const TableInfo* Tables::find(std::string_view name) const {
  const auto found =
      std::ranges::find_if(all_, [&](const TableInfo& info) { return info.table->name == name; });
  return found == all_.end() ? nullptr : &*found;
}

const TableInfo* Tables::find(std::int64_t number) const {
  const auto found = std::ranges::find(all_, number, &TableInfo::number);
  return found == all_.end() ? nullptr : &*found;
}

Result<const TableInfo*> Tables::require(std::string_view name) const {
  if (const auto* info = find(name)) return info;
  return schema::unknown_table(schema_, name);
}

}  // namespace convoy::store
