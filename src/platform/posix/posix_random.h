// posix_random.h: the kernel's random numbers.
#pragma once

#include "base/environment.h"

namespace convoy::platform {

// Ends the program if the kernel has no random numbers: nothing secret or unique can be made then.
// Thread-safety: thread-safe.
class PosixRandom final : public base::Random {
 public:
  void fill(std::span<std::uint8_t> bytes) override;
};

}  // namespace convoy::platform
