// rows.h: rows of the user's tables, read and written whole.
#pragma once

#include <optional>
#include <span>
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

// Whether a value read from the file is one that the column may have.
bool fits(const Column& column, const Value& value);
// A value read from the file as its column's: booleans from numbers, and what another program wrote
// and does not fit as the column's default.
Value fitting(const Column& column, Value value);

// Whatever its status; nothing if there is no such row.
Result<std::optional<Row>> read_row(sql::Connection& connection, const TableInfo& info,
                                    std::string_view id);
Status write_row(sql::Connection& connection, const TableInfo& info, std::string_view id,
                 const Row& row);
// False: there is a row with this id, whatever its status.
Result<bool> insert_row(sql::Connection& connection, const TableInfo& info, std::string_view id,
                        const Row& row);
// Writes some columns, the status and what changed.
Status update_row(sql::Connection& connection, const TableInfo& info, std::string_view id,
                  const Row& row, std::span<const std::size_t> columns);
Status erase_row(sql::Connection& connection, const TableInfo& info, std::string_view id);

// The record in the row of a statement that select_rows() began.
Record read_record(const sql::Statement& statement, const Table& table);

// Absent and deleted records are nothing.
Result<std::optional<Record>> find_record(sql::Connection& connection, const TableInfo& info,
                                          std::string_view id);

// The error of a call about a record that is not there.
Error no_such_record(const TableInfo& info, std::string_view id);

// All columns as they travel.
base::Json::Object to_wire(const Table& table, const std::vector<Value>& values);
// The other way. A column that is missing, or no longer of its type, takes its default: this reads
// what the store itself has kept.
std::vector<Value> from_wire(const Table& table, const base::Json& object);

}  // namespace convoy::store
