#include "sql/change_hook.h"

#include <string>

#include <sqlite3.h>

#include "sql/connection.h"

namespace convoy::sql {
namespace {

Value value_of(sqlite3_value* value) {
  switch (value == nullptr ? SQLITE_NULL : sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
      return static_cast<double>(sqlite3_value_int64(value));
    case SQLITE_FLOAT:
      return sqlite3_value_double(value);
    case SQLITE_TEXT: {
      const auto* data = reinterpret_cast<const char*>(sqlite3_value_text(value));
      if (data == nullptr) return Null{};
      return std::string(data, static_cast<std::size_t>(sqlite3_value_bytes(value)));
    }
    default:
      return Null{};
  }
}

void on_change(void* handler, sqlite3* db, int operation, const char* schema, const char* table,
               sqlite3_int64, sqlite3_int64) {
  if (std::string_view(schema) != "main") return;
  static_cast<ChangeHandler*>(handler)->on_row(RowChange(db, operation, table));
}

}  // namespace

bool RowChange::has_before() const { return operation_ != SQLITE_INSERT; }

bool RowChange::has_after() const { return operation_ != SQLITE_DELETE; }

Value RowChange::before(int column) const {
  sqlite3_value* value = nullptr;
  sqlite3_preupdate_old(db_, column, &value);
  return value_of(value);
}

Value RowChange::after(int column) const {
  sqlite3_value* value = nullptr;
  sqlite3_preupdate_new(db_, column, &value);
  return value_of(value);
}

void Connection::tell_changes(ChangeHandler* handler) {
  sqlite3_preupdate_hook(db_, handler == nullptr ? nullptr : on_change, handler);
}

}  // namespace convoy::sql
