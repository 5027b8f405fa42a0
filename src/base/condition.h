// condition.h: waiting, under a lock, for what another thread does.
//
// On platforms without threads there is nobody to wait for, and nothing waits.
#pragma once

#include <chrono>

#include "base/mutex.h"

#if !defined(__wasm__)
#include <condition_variable>
#endif

namespace convoy::base {

// Thread-safety: thread-safe.
class Condition {
 public:
  // Gives the mutex up until notify_all(), or for no reason: callers look again whether what they
  // wait for has come.
#if defined(__wasm__)
  void wait(Mutex& /*mutex*/) {}

  void wait_for(Mutex& /*mutex*/, std::chrono::milliseconds /*time*/) {}

  void notify_all() noexcept {}
#else
  void wait(Mutex& mutex) CONVOY_REQUIRES(mutex) { condition_.wait(mutex); }

  // The same, no longer than `time`.
  void wait_for(Mutex& mutex, std::chrono::milliseconds time) CONVOY_REQUIRES(mutex) {
    condition_.wait_for(mutex, time);
  }

  void notify_all() noexcept { condition_.notify_all(); }

 private:
  std::condition_variable_any condition_;
#endif
};

}  // namespace convoy::base
