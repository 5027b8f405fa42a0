// adopt.h: taking over a file that WatermelonDB wrote.
#pragma once

#include "base/environment.h"
#include "convoy/result.h"
#include "sql/connection.h"
#include "store/tables.h"

namespace convoy::store {

// Puts what WatermelonDB has not synced into the outbox, one mutation a record: created ones first,
// parents' tables before children's, then updated, then deleted ones. The server's side of an
// updated record is not known, so it is sent without bases. Rows are kept in scope 0 until a pull
// says where they belong.
// REQUIRES: a transaction is open; the engine's tables are new.
Status adopt_rows(sql::Connection& connection, const Tables& tables, base::Clock& clock,
                  base::Random& random);

}  // namespace convoy::store
