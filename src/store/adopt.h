// adopt.h: taking over what WatermelonDB, or another program, wrote.
#pragma once

#include <vector>

#include "base/environment.h"
#include "convoy/result.h"
#include "sql/connection.h"
#include "store/foreign.h"
#include "store/tables.h"

namespace convoy::store {

// Puts what WatermelonDB has not synced into the outbox, one mutation a record: created ones first,
// then updated, then deleted ones, each in an order that respects references. The server's side of
// an updated record is not known, so it is sent without bases. Rows are kept in scope 0 until a
// pull says where they belong. Records whose mutation would be too large to be sent stay, and their
// mutations are parked. What is in the outbox already is not put there again.
// REQUIRES: a transaction that writes; the engine's tables are there.
Status adopt_all(sql::Connection& connection, const Tables& tables, base::Clock& clock,
                 base::Random& random);

// Whether convoy_foreign still tells what rows were before others wrote to them.
enum class ForeignNotes { Kept, Lost };

// The same for a file of ours that others wrote to: looks at the rows they touched and nothing
// else. Changes have bases where the notes are kept. REQUIRES: as above.
Status adopt_writes(sql::Connection& connection, const Tables& tables,
                    const std::vector<ForeignWrite>& writes, ForeignNotes notes, base::Clock& clock,
                    base::Random& random);

// The same for the rows that are noted now, if any; the notes are used up. REQUIRES: as above, and
// that the tables are as the schema has them.
Status adopt_noted(sql::Connection& connection, const Tables& tables, base::Clock& clock,
                   base::Random& random);

// Puts every record of tables that were local only into the outbox, one mutation a record.
// REQUIRES: a transaction is open; the engine knows nothing of the tables' rows.
Status send_all_rows(sql::Connection& connection, const Tables& tables,
                     const std::vector<const TableInfo*>& which, base::Clock& clock,
                     base::Random& random);

}  // namespace convoy::store
