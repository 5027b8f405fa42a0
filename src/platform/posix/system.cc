#include "convoy/system.h"

#include "platform/posix/posix_clock.h"
#include "platform/posix/posix_random.h"

namespace convoy {

base::Clock& system_clock() {
  static platform::PosixClock clock;
  return clock;
}

base::Random& system_random() {
  static platform::PosixRandom random;
  return random;
}

}  // namespace convoy
