// open.h: what a file is, and making it ours.
#pragma once

#include <cstdint>
#include <vector>

#include "convoy/database.h"
#include "sql/connection.h"

namespace convoy::store {

// Checks that the file is a new one, ours, or WatermelonDB's, and only then writes: migrates it to
// the schema, sets up what is missing and turns write-ahead logging on, all in one transaction.
// Several processes may do this to one file at once. Returns the tables' numbers in the schema's
// order. Errors: as Database::open; the file is left as it was.
Result<std::vector<std::int64_t>> open_file(sql::Connection& connection,
                                            const DatabaseOptions& options);

}  // namespace convoy::store
