// migrate_books.h: what renames and drops mean for the engine's own books, so that what waits to be
// sent, and what the server confirmed, survives them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "convoy/result.h"
#include "sql/connection.h"
#include "store/overlay.h"

namespace convoy::store {

// REQUIRES of all: a transaction is open; the engine's tables are there.

// Mutations, conflicts and the table's number follow its new name.
Status rename_table_in_books(sql::Connection& connection, const std::string& from,
                             const std::string& to);

// Mutations, conflicts, confirmed rows and `_changed` follow the column's new name.
Status rename_column_in_books(sql::Connection& connection, const std::string& table,
                              const std::string& from, const std::string& to);

// Takes the column out of confirmed rows and `_changed`: a row whose only change it was is as the
// server has it again. Mutations stay as they are.
Status drop_column_in_books(sql::Connection& connection, const std::string& table,
                            const std::string& column);

// Forgets the table's confirmed rows. Mutations stay as they are.
Status drop_table_in_books(sql::Connection& connection, const std::string& table);

// Adds the rows whose pending mutations name a column: it was dropped before, and is there again.
Status add_pending_rows(sql::Connection& connection, const std::string& table,
                        const std::string& column, std::vector<Overlay::RowKey>& rows);

// The number of a table; nothing if the books have none.
Result<std::optional<std::int64_t>> find_table_number(sql::Connection& connection,
                                                      const std::string& table);

}  // namespace convoy::store
