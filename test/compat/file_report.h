// file_report.h: all that a database file holds, as JSON.
#pragma once

#include "base/json.h"
#include "convoy/database.h"

namespace convoy::compat {

// {"tables": {"tasks": [{"id": …, "_status": …, "_changed": …, "title": …}, …]},   by id
//  "deleted": {"tasks": ["id", …]}, "outbox": [{"state": …, "ops": […], …}], "conflicts": 0,
//  "rows": 3, "local_storage": {"key": "value"}}
Result<base::Json> report(Database& database);

}  // namespace convoy::compat
