#include "store/statistics.h"

#include "store/search_index.h"

namespace convoy::store {

Status gather_statistics(sql::Connection& connection, const Schema& schema) {
  // The first time makes a table, and the index of words must not take that for a VACUUM.
  CONVOY_TRY(const bool keeps_search_index, has_search_index(connection, schema));
  // Analyse what would profit (0x02), by samples (0x10), whether or not it was queried (0x10000).
  CONVOY_CHECK_OK(connection.execute("pragma optimize(0x10012)"));
  return keeps_search_index ? keep_search_index(connection, schema) : ok_status();
}

}  // namespace convoy::store
