#include "store/erasure.h"

#include <algorithm>

#include "query/compile.h"

namespace convoy::store {

// Both pragmas can't fail on an open connection.
Erasure::Erasure(sql::Connection& connection) : connection_(connection) {
  static_cast<void>(connection_.execute("pragma secure_delete = on"));
}

Erasure::~Erasure() { static_cast<void>(connection_.execute("pragma secure_delete = fast")); }

Status Erasure::forget_words(const Schema& schema) {
  for (const auto& table : schema.tables) {
    if (!std::ranges::any_of(table.columns, &Column::is_searchable)) continue;
    const auto index = query::quoted(query::search_table_name(table));
    CONVOY_CHECK_OK(
        connection_.execute("insert into " + index + " (" + index + ") values ('optimize')"));
  }
  return ok_status();
}

void empty_log(sql::Connection& connection) {
  static_cast<void>(connection.execute("pragma wal_checkpoint(truncate)"));
}

}  // namespace convoy::store
