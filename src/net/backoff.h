// backoff.h: how long to wait before the next try. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace convoy::net {

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

// The value of a Retry-After header: whole seconds, or an HTTP date (RFC 9110 §5.6.7, its preferred
// form). A date in the past is 0. Nothing if it is neither.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value,
                                                           std::int64_t now_ms);

}  // namespace convoy::net
