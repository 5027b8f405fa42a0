// change_hook.h: each row that a connection changes, as it changes it.
#pragma once

#include <string_view>

#include "convoy/value.h"

struct sqlite3;

namespace convoy::sql {

// One row of a table, about to be inserted, updated or deleted; lives as long as the call it is
// handed to. Whatever changes rows is seen: replaced rows, cascades and triggers too.
class RowChange {
 public:
  RowChange(sqlite3* db, int operation, std::string_view table)
      : db_(db), operation_(operation), table_(table) {}

  [[nodiscard]] std::string_view table() const { return table_; }

  [[nodiscard]] bool has_before() const;  // No insert.
  [[nodiscard]] bool has_after() const;   // No delete.
  // Columns count from 0, in the table's own order. REQUIRES: has_before() or has_after().
  [[nodiscard]] Value before(int column) const;
  [[nodiscard]] Value after(int column) const;

 private:
  sqlite3* db_;
  int operation_;
  std::string_view table_;
};

// Thread-safety: called on the thread that changes the row. Must not use the connection.
class ChangeHandler {
 public:
  virtual ~ChangeHandler() = default;
  virtual void on_row(const RowChange& change) noexcept = 0;
};

}  // namespace convoy::sql
