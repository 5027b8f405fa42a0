// rows_reader.h: a query's records as shared objects.
#pragma once

#include "convoy/query.h"
#include "live/differences.h"
#include "sql/connection.h"
#include "store/tables.h"

namespace convoy::live {

// Records that are in `before` with the same content are those objects. Errors: as Reader::fetch.
Result<Rows> read_rows(sql::Connection& connection, const store::Tables& tables, const Query& query,
                       const Rows& before);

}  // namespace convoy::live
