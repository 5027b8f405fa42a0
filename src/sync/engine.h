// engine.h: carries out what the machine decides: calls the remote, writes to the replica, says how
// far it is.
#pragma once

#include <cstdint>
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

  virtual ~Engine() = default;

  // One round. Each step is on disk before the next begins, so that it may be cut off anywhere; the
  // run is kept in the sync history. Errors: those of Remote::call and store::Replica; Cancelled.
  Result<machine::Progress> run(const RunOptions& options);

  // The same in pieces, for hosts that have other things to do between two steps: start(), step()
  // while it is at work, finish(). Errors: those of store::Replica.
  Status start(machine::Cause cause = machine::Cause::User);
  // Carries out one effect: one request, or one transaction.
  void step(base::Cancellation* cancellation = nullptr);
  [[nodiscard]] bool is_at_work() const;

  [[nodiscard]] const machine::Progress& progress() const { return machine_->progress(); }

  // REQUIRES: start() succeeded, and it is not at work any more. Errors: as run().
  Result<machine::Progress> finish();

 protected:
  // Where tests make mistakes on purpose, to see that they are found.
  virtual machine::Event carry_out(const machine::Effect& effect, base::Cancellation* cancellation);

  // REQUIRES: a round was started.
  [[nodiscard]] const schema::ReplicaState& state() const { return machine_->state(); }

 private:
  store::Replica* replica_;
  const Schema* schema_;
  Remote* remote_;
  base::Clock* clock_;

  // The round under way.
  std::optional<machine::Machine> machine_;
  machine::Effect next_ = machine::Finish{};
  store::SyncRun run_;
  Remote::Traffic traffic_before_;
};

}  // namespace convoy::sync
