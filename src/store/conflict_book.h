// conflict_book.h: the table of conflicts, and what keeps it true while rows and mutations change.
// All of it in the caller's transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "convoy/conflicts.h"
#include "schema/replication.h"
#include "sql/connection.h"
#include "store/mutation_builder.h"
#include "store/tables.h"

namespace convoy::store {

// What a settled outcome says of a column. One of a `manual` column is open, and takes the place of
// an open one of the same column.
Status keep_conflict(sql::Connection& connection, std::int64_t now_ms, std::int64_t mid,
                     const schema::Conflict& conflict);

// A history, not a log: of those that are not open the oldest go.
Status trim_conflicts(sql::Connection& connection);

Result<bool> has_open_conflicts(sql::Connection& connection);

// A local transaction wrote columns, or deleted rows, whose conflicts were open.
Status resolve_written(sql::Connection& connection, std::int64_t now_ms, std::int64_t seq,
                       const MutationBuilder& builder);
// A mutation is undone or refused: what it had resolved is open again, unless the same column has
// met a newer conflict.
Status reopen_resolved(sql::Connection& connection, std::int64_t seq);
// A mutation has become part of another.
Status move_resolved(sql::Connection& connection, std::int64_t from, std::int64_t to);

// The server's row came: an open conflict shows its value, and is over if that is the device's.
// `row` has the wire value of the table's columns at `places`.
Status follow_server(sql::Connection& connection, std::int64_t now_ms, const TableInfo& info,
                     std::string_view id, const base::Json::Array& row,
                     const std::vector<std::size_t>& places);

// The row is no more.
Status close_conflicts(sql::Connection& connection, std::int64_t now_ms, std::string_view table,
                       std::string_view id);
// Those of confirmed rows of a scope that are older than `generation`.
Status close_conflicts_of_scope(sql::Connection& connection, std::int64_t now_ms,
                                const TableInfo& info, std::int64_t scope, std::int64_t generation);

Result<std::vector<ConflictInfo>> read_conflicts(sql::Connection& connection,
                                                 const ConflictFilter& filter);
Result<std::optional<ConflictInfo>> read_conflict(sql::Connection& connection, std::int64_t number);
Status set_resolution(sql::Connection& connection, std::int64_t now_ms, std::int64_t number,
                      std::string_view how);

}  // namespace convoy::store
