// record_json.h: a record as JSON for programs, as PostgREST gives it. Pure.
#pragma once

#include <string>

#include "base/json.h"
#include "convoy/database.h"

namespace convoy::memory {

// `id`, every column of the table under its name, and `_status`.
base::Json to_json(const Record& record);

// JSON that is kept as text, as JSON; as a string if it is not JSON after all; null if it is empty.
base::Json embedded(const std::string& text);

// A row of the server's. Columns that the table does not have are passed over; those that the row
// does not have are null. Errors: BadReply if it is no row of the table.
Result<Record> record_of(const Table& table, const base::Json& row);

}  // namespace convoy::memory
