// error.h: SQLite's result codes as errors.
#pragma once

#include <string>

#include "convoy/result.h"

struct sqlite3;

namespace convoy::sql {

// The error of the last call on `db`, which answered `code`. Names the file.
Error make_error(sqlite3* db, int code, const std::string& file);

}  // namespace convoy::sql
