// tables.h: the schema's tables with what the store needs to know of each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "convoy/result.h"
#include "convoy/schema.h"

namespace convoy::store {

struct TableInfo;

// A column of another table that refers to records of this one.
struct Child {
  const TableInfo* info = nullptr;
  std::size_t column = 0;
  OnDelete on_delete = OnDelete::Nothing;
};

struct TableInfo {
  const Table* table = nullptr;
  std::int64_t number = 0;  // In this file, as convoy_table has it.
  std::vector<Child> children;
  std::vector<const TableInfo*> references;  // For each column: the table it refers to, or null.
  std::optional<std::size_t> created_at;
  std::optional<std::size_t> updated_at;
  std::string select_sql;  // Any status; by id.
  std::string upsert_sql;  // id, _status, _changed, then the columns.
  std::string insert_sql;  // The same; does nothing if there is a row with the id.
  std::string delete_sql;  // By id.

  [[nodiscard]] std::optional<std::size_t> column_index(std::string_view name) const;
};

// Thread-safety: immutable.
class Tables {
 public:
  // `schema` must outlive this object; numbers[i] belongs to schema.tables[i].
  Tables(const Schema& schema, const std::vector<std::int64_t>& numbers);

  // Null if there is no such table.
  [[nodiscard]] const TableInfo* find(std::string_view name) const;
  [[nodiscard]] const TableInfo* find(std::int64_t number) const;
  // Errors: UnknownTable, with the nearest name.
  [[nodiscard]] Result<const TableInfo*> require(std::string_view name) const;

  [[nodiscard]] const Schema& schema() const { return schema_; }

  [[nodiscard]] const std::vector<TableInfo>& all() const { return all_; }

 private:
  const Schema& schema_;
  std::vector<TableInfo> all_;
};

}  // namespace convoy::store
