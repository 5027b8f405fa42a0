// file_lock.h: one holder at a time among all processes and threads of a machine.
#pragma once

#include <chrono>
#include <string>

#include "base/environment.h"
#include "convoy/result.h"

namespace convoy::platform {

inline constexpr std::chrono::milliseconds kFileLockLookMax{50};

// A lock on a file that exists for nothing else; it stays on disk when released. Goes with the
// process, however that ends. Ownership: move-only; destroying it releases it.
// Thread-safety: thread-compatible.
class FileLock {
 public:
  // Waits up to `wait_max` (0: tries once). Errors: Busy, naming the file; Cancelled; Io.
  static Result<FileLock> acquire(const std::string& path, std::chrono::milliseconds wait_max,
                                  base::Cancellation* cancellation = nullptr);

  // Whether somebody holds it now. Looking takes the lock for a moment in a way that lets others
  // look too, but not acquire: who acquires a lock that is looked at waits at least
  // `kFileLockLookMax`.
  static bool is_held(const std::string& path);

  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace convoy::platform
