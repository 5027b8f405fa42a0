// local_tables.h: tables of this device alone, and what happens when one becomes such or is no
// longer.
#pragma once

#include <set>
#include <string>

#include "base/environment.h"
#include "convoy/result.h"
#include "convoy/schema.h"
#include "sql/connection.h"
#include "store/tables.h"

namespace convoy::store {

// convoy_meta's "local_tables": which they were when the file was last opened, in the form
// "drafts,settings".
std::string local_tables_of(const Schema& schema);
Result<std::set<std::string>> read_local_tables(sql::Connection& connection);
Status write_local_tables(sql::Connection& connection, const std::set<std::string>& names);

// Makes the file's tables local or synced as the schema says. A table that becomes local keeps its
// records, which are the device's own from then on. The records of one that becomes synced go into
// the outbox, one mutation each, and what the server has is back-filled.
// REQUIRES: a transaction is open; convoy_table is up to date.
// Errors: UnsentWrites if a table becomes local while writes to it wait, or are parked.
Status settle_local_tables(sql::Connection& connection, const Tables& tables, base::Clock& clock,
                           base::Random& random);

}  // namespace convoy::store
