#include "platform/posix/posix_clock.h"

#include <chrono>

namespace convoy::platform {

std::int64_t PosixClock::now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace convoy::platform
