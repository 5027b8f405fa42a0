// renumber.h: a new identity for this device towards the server.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/environment.h"
#include "convoy/result.h"
#include "sql/connection.h"

namespace convoy::store {

// A new client id; the mutations that are not known to be on the server wait for new numbers, from
// 1. Those it has keep theirs, under the id they were sent with: should its log turn out to be
// another, they are asked for by them. In the caller's transaction.
Result<std::string> take_new_identity(sql::Connection& connection, base::Random& random);

// The server will not hear of this former client id any more: what was sent under it can't be asked
// for, and would go as new. In the caller's transaction.
Status forget_sender(sql::Connection& connection, const std::string& sender);

// Mutations that a former client id's numbers were given to and that the server does not have: they
// wait for numbers under the present id. In the caller's transaction.
Status give_up_numbers(sql::Connection& connection, const std::string& sender,
                       const std::vector<std::int64_t>& mids);

}  // namespace convoy::store
