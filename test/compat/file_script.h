// file_script.h: writes to a database file, as a program and as sync do them.
#pragma once

#include "base/json.h"
#include "convoy/database.h"

namespace convoy::compat {

// Each step of the script is one of
//   {"write": [{"create": "tasks", "id": "t", "fields": {…}}, …]}          one transaction
//   (store/batch.h)
//   {"pull": "tasks", "rows": [{"id": "t", "title": …}], "gone": ["u"]}    as from a server
//   {"push": "applied"}                    all that waits is sent, taken, and seen in a pull
//   {"push": "rejected"}                   all that waits is sent and refused
Status run_script(Database& database, const base::Json::Array& script);

}  // namespace convoy::compat
