// renumber.h: a new identity for this device towards the server.
#pragma once

#include <string>

#include "base/environment.h"
#include "convoy/result.h"
#include "sql/connection.h"

namespace convoy::store {

// A new client id; the mutations that are not known to be on the server wait for new numbers, from
// 1. In the caller's transaction.
Result<std::string> take_new_identity(sql::Connection& connection, base::Random& random);

}  // namespace convoy::store
