// statistics.h: what SQLite's planner knows of how values are spread.
#pragma once

#include "convoy/result.h"
#include "convoy/schema.h"
#include "sql/connection.h"

namespace convoy::store {

// Looks through tables that are new to the planner or have grown tenfold, a bounded sample of each
// index: a few milliseconds. Without, it takes the next best index for every query, a column of
// three values as gladly as one of thousands. Connections that are open keep what they knew of a
// table until they are opened again, except the first time. REQUIRES: a transaction that writes.
Status gather_statistics(sql::Connection& connection, const Schema& schema);

}  // namespace convoy::store
