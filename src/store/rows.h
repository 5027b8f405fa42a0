// rows.h: rows of the user's tables, read and written whole.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "convoy/database.h"
#include "sql/connection.h"
#include "store/tables.h"

namespace convoy::store {

inline constexpr std::string_view kCreated = "created";
inline constexpr std::string_view kUpdated = "updated";
inline constexpr std::string_view kDeleted = "deleted";
inline constexpr std::string_view kSynced = "synced";

struct Row {
  std::string status;
  std::string changed;
  std::vector<Value> values;  // In the order of the table's columns.
};

// Whatever its status; nothing if there is no such row.
Result<std::optional<Row>> read_row(sql::Connection& connection, const TableInfo& info,
                                    std::string_view id);
Status write_row(sql::Connection& connection, const TableInfo& info, std::string_view id,
                 const Row& row);
Status erase_row(sql::Connection& connection, const TableInfo& info, std::string_view id);

// The records a query is about; deleted ones are never among them.
Result<std::vector<Record>> fetch_records(sql::Connection& connection, const Table& table,
                                          const Query& query);
Result<std::optional<Record>> find_record(sql::Connection& connection, const TableInfo& info,
                                          std::string_view id);

// All columns as they travel.
base::Json::Object to_wire(const Table& table, const std::vector<Value>& values);
// The other way. A column that is missing, or no longer of its type, takes its default: this reads
// what the store itself has kept.
std::vector<Value> from_wire(const Table& table, const base::Json& object);

}  // namespace convoy::store
