// secret_store.h: one secret that several processes share, as an interface. `platform` has one in a
// file, the tests have one in memory.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/environment.h"
#include "convoy/result.h"

namespace convoy::net {

// Thread-safety: thread-safe.
class SecretStore {
 public:
  // Held by one holder at a time among all threads and processes; destroying it releases it.
  class Lock {
   public:
    Lock() = default;
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
    virtual ~Lock() = default;
  };

  virtual ~SecretStore() = default;

  // Nothing if there is no secret. Needs no lock: it sees the old or the new secret, never a mix.
  // Errors: Io (also a file that others can read).
  virtual Result<std::optional<std::string>> load() = 0;

  // On disk when it returns: a rotated token that is used before it is kept is lost by a crash.
  // REQUIRES: the caller holds the lock. Errors: Io, DiskFull.
  virtual Status save(std::string_view secret) = 0;

  // No secret is fine. REQUIRES: the caller holds the lock. Errors: Io.
  virtual Status clear() = 0;

  // Errors: Busy if `wait_max` passes, Cancelled, Io. `cancellation` may be null.
  virtual Result<std::unique_ptr<Lock>> lock(std::chrono::milliseconds wait_max,
                                             base::Cancellation* cancellation) = 0;
};

}  // namespace convoy::net
