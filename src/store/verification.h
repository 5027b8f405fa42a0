// verification.h: hashes of what this device holds, to be compared with the server's, and the
// repair of what differs.
#pragma once

#include <cstdint>
#include <string>

#include "convoy/result.h"
#include "schema/verification.h"
#include "sql/connection.h"
#include "store/tables.h"

namespace convoy::store {

// Of a scope the device does not have: empty tables. REQUIRES: one state, as in a transaction.
Result<schema::ScopeHashes> hash_scope(sql::Connection& connection, const Tables& tables,
                                       const std::string& scope);

// The number of confirmed rows that were put in, replaced or removed. What waits to be sent stays,
// and is put on top again. REQUIRES: a transaction that writes. Errors: SchemaMismatch, BadReply.
Result<std::int64_t> repair_buckets(sql::Connection& connection, const Tables& tables,
                                    const schema::BucketRepair& repair, std::int64_t now_ms);

}  // namespace convoy::store
