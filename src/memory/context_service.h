// context_service.h: what somebody needs to know about a task, from this device first.
//
// Thread-safety: thread-compatible.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/environment.h"
#include "convoy/database.h"
#include "memory/context.h"
#include "memory/context_rows.h"
#include "memory/kept_rows.h"
#include "memory/server_rows.h"

namespace convoy::memory {

// What the service did so far.
struct ContextStatistics {
  std::int64_t answers = 0;
  std::int64_t fallbacks = 0;         // The server was asked …
  std::int64_t fallbacks_failed = 0;  // … and did not answer all of it.
  std::int64_t kept_used = 0;         // An earlier answer of the server's was used.
  std::int64_t requests = 0;          // Of all fallbacks.
};

class ContextService {
 public:
  // All are borrowed and outlive the service. `server` may be null: then only this device is asked.
  ContextService(Database& database, base::Clock& clock, ServerRows* server)
      : database_(&database), clock_(&clock), server_(server) {}

  // The context of a task, named as look_up() takes it; a task that is not on this device by its
  // whole id. What is on this device is read in one state of the database. If something is missing
  // here, the server is asked for it; if it can't be, what it said earlier counts; if it never did,
  // the context says what is missing, and why. Only without the task itself there is none.
  // Errors: InvalidArgument, NotFound, Ambiguous; those of the database; for a task that is not
  // here those of the server.
  Result<Context> task_context(std::string_view task);

  [[nodiscard]] const ContextStatistics& statistics() const { return statistics_; }

 private:
  Result<ContextRows> read_here(std::string_view task);

  // Fills `rows`. When the answer was given, or nothing if it was given now.
  struct Answer {
    std::int64_t at_ms = 0;
    bool is_kept = false;
  };

  Result<Answer> ask(ContextRows& rows);
  Result<Answer> replay(const ContextRows& here, Replies replies, ContextRows& rows);

  Database* database_;
  base::Clock* clock_;
  ServerRows* server_;
  ContextStatistics statistics_;
};

}  // namespace convoy::memory
