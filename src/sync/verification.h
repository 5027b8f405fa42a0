// verification.h: carries out what the verifier decides. See machine/verifier.h.
#pragma once

#include <functional>

#include "base/environment.h"
#include "convoy/result.h"
#include "convoy/schema.h"
#include "store/replica.h"
#include "sync/machine/verifier.h"
#include "sync/remote.h"

namespace convoy::sync {

struct VerifyOptions {
  std::function<void(const machine::Verification&)> on_progress;  // Null: nobody is told.
  base::Cancellation* cancellation = nullptr;                     // Borrowed.
};

// Compares every scope with what the server would show this user, and repairs what differs. Best
// after a round that found nothing new; scopes with news are left out. Each repair is a transaction
// of its own, so it may be cut off anywhere. The caller holds the sync lock. Errors: those of
// Remote::call and store::Replica; Cancelled.
Result<machine::Verification> verify(store::Replica& replica, const Schema& schema, Remote& remote,
                                     const VerifyOptions& options = {});

}  // namespace convoy::sync
