// clock.h: the world's time, and what each device takes it for.
#pragma once

#include <cstdint>

#include "base/environment.h"

namespace convoy::sim {

inline constexpr std::int64_t kSecond = 1000;
inline constexpr std::int64_t kMinute = 60 * kSecond;
inline constexpr std::int64_t kHour = 60 * kMinute;
inline constexpr std::int64_t kDay = 24 * kHour;

// True time. Goes forward only when somebody says so.
class WorldClock final : public base::Clock {
 public:
  std::int64_t now_ms() override { return now_; }

  void advance(std::int64_t ms) { now_ += ms; }

 private:
  std::int64_t now_ = 1'790'000'000'000;
};

// A device's clock: wrong by an amount that may jump, forwards and backwards.
class DeviceClock final : public base::Clock {
 public:
  explicit DeviceClock(WorldClock& world) : world_(&world) {}

  std::int64_t now_ms() override { return world_->now_ms() + skew_; }

  void set_skew(std::int64_t ms) { skew_ = ms; }

 private:
  WorldClock* world_;
  std::int64_t skew_ = 0;
};

}  // namespace convoy::sim
