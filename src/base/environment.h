// environment.h: what the core needs from the world, as interfaces. Pure layers take values
// instead; `platform` has the real ones, the tests have simulated ones.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <span>

namespace convoy::base {

// Thread-safety: thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  // Milliseconds since 1970-01-01T00:00:00Z.
  virtual std::int64_t now_ms() = 0;
};

// Thread-safety: thread-safe.
class Random {
 public:
  virtual ~Random() = default;
  // Fills `bytes` from a source fit for secrets.
  virtual void fill(std::span<std::uint8_t> bytes) = 0;
};

// A request to stop, set from anywhere (a signal handler included) and polled by long work.
// Thread-safety: thread-safe; async-signal-safe.
class Cancellation {
 public:
  void cancel() noexcept { cancelled_.store(true, std::memory_order_relaxed); }

  [[nodiscard]] bool is_cancelled() const noexcept {
    return cancelled_.load(std::memory_order_relaxed);
  }

 private:
  std::atomic<bool> cancelled_{false};
};

}  // namespace convoy::base
