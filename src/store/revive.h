// revive.h: records that are gone on the server while this device has changed them, in tables whose
// rule for that is `resurrect`.
//
// The first unsent update of such a record becomes an insert, marked "revive", with all values the
// device has, in its old place. Those that follow it find the record there again. All of it in the
// caller's transaction.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/environment.h"
#include "convoy/result.h"
#include "sql/connection.h"
#include "store/overlay.h"
#include "store/server_rules.h"
#include "store/tables.h"

namespace convoy::store {

// The server says that the row is gone; what it had confirmed must still be in the books. Does
// nothing if the table has another rule, or if no unsent mutation updates the row.
Status revive_gone(sql::Connection& connection, Overlay& overlay, ServerRules& rules,
                   const TableInfo& info, std::string_view id);

// The server refused mutation `seq` because the row it updates is gone. True: it waits to be sent
// again, reviving the row unless a mutation before it does. False: it has to be parked.
Result<bool> revive_refused(sql::Connection& connection, Overlay& overlay, ServerRules& rules,
                            base::Random& random, std::int64_t seq, const TableInfo& info,
                            std::string_view id);

}  // namespace convoy::store
