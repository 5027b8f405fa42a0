// remote.h: sync's port to the server. `remote` implements it on HTTP, tests on a model.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/environment.h"
#include "base/json.h"
#include "convoy/result.h"

namespace convoy::sync {

// Thread-safety: thread-compatible.
class Remote {
 public:
  virtual ~Remote() = default;

  // Calls one of the server's functions, signed in as the user of this device. Requests that failed
  // on the way may or may not have been carried out. Errors: as net::HttpTransport and the table of
  // docs/design/sync-protocol.md.
  virtual Result<base::Json> call(std::string_view function, const base::Json& request,
                                  base::Cancellation* cancellation) = 0;

  struct Traffic {
    std::int64_t requests = 0;
    std::int64_t bytes_up = 0;
    std::int64_t bytes_down = 0;
  };

  // All calls so far.
  [[nodiscard]] virtual Traffic traffic() const = 0;
};

}  // namespace convoy::sync
