// row_json.h: records and reports as JSON for programs. Pure. Documented in docs/reference/cli.md.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "convoy/client.h"
#include "convoy/database.h"

namespace convoy::cli {

// `id`, every column of the table under its name, and `_status`; values as PostgREST gives them.
base::Json to_json(const Record& record);
base::Json to_json(const std::vector<Record>& records);
base::Json to_json(const SyncReport& report);
base::Json to_json(const VerificationReport& report);
base::Json to_json(const SyncLogEntry& entry);
base::Json to_json(const Error& error);

// JSON that is kept as text, as JSON; as a string if it is not JSON after all.
base::Json embedded(const std::string& text);

}  // namespace convoy::cli
