#include "base/backoff.h"

#include <algorithm>
#include <limits>

namespace convoy::base {

using std::chrono::milliseconds;

milliseconds spread_over(milliseconds span, std::uint32_t random) {
  constexpr double kRandomMax = std::numeric_limits<std::uint32_t>::max();
  const double part = static_cast<double>(random) / kRandomMax;
  return milliseconds(static_cast<std::int64_t>(static_cast<double>(span.count()) * part));
}

milliseconds spread_around(milliseconds middle, std::uint32_t random) {
  return middle / 2 + spread_over(middle, random);
}

milliseconds backoff_delay(int attempt, std::uint32_t random,
                           std::optional<milliseconds> retry_after, const BackoffOptions& options) {
  milliseconds span = options.base;
  for (int i = 0; i < attempt && span < options.cap; ++i) span *= 2;
  span = std::min(span, options.cap);
  if (!retry_after) return spread_over(span, random);
  const auto asked = std::clamp(*retry_after, milliseconds(0), options.retry_after_max);
  return asked + spread_over(std::max(options.base, asked / 10), random);
}

}  // namespace convoy::base
