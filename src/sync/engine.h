// engine.h: carries out what the machine decides: calls the remote, writes to the replica, says how
// far it is.
#pragma once

#include <functional>
#include <optional>

#include "base/environment.h"
#include "convoy/result.h"
#include "convoy/schema.h"
#include "store/replica.h"
#include "sync/machine/machine.h"
#include "sync/machine/scheduler.h"
#include "sync/remote.h"

namespace convoy::sync {

struct RunOptions {
  machine::Cause cause = machine::Cause::User;  // For the history.
  std::function<void(const machine::Progress&)> on_progress;
  base::Cancellation* cancellation = nullptr;  // Borrowed.
};

// Thread-safety: thread-compatible. One engine a file at a time; the caller holds the sync lock.
class Engine {
 public:
  // All borrowed.
  Engine(store::Replica& replica, const Schema& schema, Remote& remote, base::Clock& clock)
      : replica_(&replica), schema_(&schema), remote_(&remote), clock_(&clock) {}

  // One round. Each step is on disk before the next begins, so that it may be cut off anywhere; the
  // run is kept in the sync history. Errors: those of Remote::call and store::Replica; Cancelled.
  Result<machine::Progress> run(const RunOptions& options);

 private:
  machine::Event carry_out(const machine::Effect& effect, const RunOptions& options);
  store::SyncRun drive(machine::Machine& machine, const RunOptions& options,
                       std::optional<Error>& error);

  store::Replica* replica_;
  const Schema* schema_;
  Remote* remote_;
  base::Clock* clock_;
};

}  // namespace convoy::sync
