// backoff.h: how long to wait before the next try, without coming back in step with everybody else.
// Pure: the randomness comes in.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace convoy::base {

struct BackoffOptions {
  std::chrono::milliseconds base{1'000};
  std::chrono::milliseconds cap{300'000};
  // A server may ask for more than `cap`, but not for a week.
  std::chrono::milliseconds retry_after_max{3'600'000};
};

// Full jitter: between 0 and `base` · 2^attempt, at most `cap`, so that clients which failed
// together do not come back together. `attempt` counts failures so far, from 0; `random` is any
// 32-bit random number. With `retry_after` the wait is never shorter than that, and up to a tenth
// (at least `base`) longer.
std::chrono::milliseconds backoff_delay(
    int attempt, std::uint32_t random,
    std::optional<std::chrono::milliseconds> retry_after = std::nullopt,
    const BackoffOptions& options = {});

// Between 0 and `span`, as far as `random` is among all 32-bit numbers.
std::chrono::milliseconds spread_over(std::chrono::milliseconds span, std::uint32_t random);

// Between a half and one and a half of `middle`.
std::chrono::milliseconds spread_around(std::chrono::milliseconds middle, std::uint32_t random);

}  // namespace convoy::base
