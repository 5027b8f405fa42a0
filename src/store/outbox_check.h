// outbox_check.h: whether the outbox is whole, when a file is opened. What is damaged is parked
// with the code CORRUPT, where people see it, and everything else goes on.
#pragma once

#include "base/environment.h"
#include "convoy/result.h"
#include "sql/connection.h"
#include "store/tables.h"

namespace convoy::store {

// Only looks.
Result<bool> is_outbox_whole(sql::Connection& connection);

// Parks mutations whose text can't be read, or whose rows or number are not in the books; forgets
// rows of mutations that are not there; and if the numbers under way do not follow each other,
// takes a new client id and numbers anew, as after a fork. In the caller's transaction.
Status isolate_damage(sql::Connection& connection, const Tables& tables, base::Random& random);

}  // namespace convoy::store
