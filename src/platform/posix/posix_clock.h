// posix_clock.h: the system's wall clock.
#pragma once

#include "base/environment.h"

namespace convoy::platform {

// Thread-safety: thread-safe.
class PosixClock final : public base::Clock {
 public:
  std::int64_t now_ms() override;
};

}  // namespace convoy::platform
