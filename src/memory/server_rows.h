// server_rows.h: the memory bank's port onto the server, for what is not on this device.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "convoy/result.h"

namespace convoy::memory {

// PostgREST's own words: {"task_id", "eq.…"}, {"order", "created_at.desc"}, {"limit", "20"}.
using RowParameters = std::vector<std::pair<std::string, std::string>>;

class ServerRows {
 public:
  virtual ~ServerRows() = default;

  // Rows of a table as the signed-in user sees them: GET /rest/v1/<table>?<parameters>. An array of
  // objects. Errors: Offline and its kin, SignInRequired, Refused, NotInstalled …
  virtual Result<base::Json> read(const std::string& table, const RowParameters& parameters) = 0;
};

}  // namespace convoy::memory
