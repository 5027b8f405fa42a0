// reset.h: making a file anew that can't be migrated.
#pragma once

#include "convoy/result.h"
#include "sql/connection.h"

namespace convoy::store {

// Whether anything in the file has not reached the server: mutations that wait or are parked, and
// what other programs wrote since; in a file that WatermelonDB wrote (`is_ours` is false), records
// that are not synced. Reads only.
// Errors: UnsentWrites, saying how much.
Status check_nothing_unsent(sql::Connection& connection, bool is_ours);

// Drops every table, view and trigger in the file. REQUIRES: a transaction that writes.
Status drop_everything(sql::Connection& connection);

}  // namespace convoy::store
