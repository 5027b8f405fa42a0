#include "platform/posix/posix_random.h"

#include <sys/random.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace convoy::platform {

void PosixRandom::fill(std::span<std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const auto count = ::getrandom(bytes.data(), bytes.size(), 0);
    if (count < 0) {
      if (errno == EINTR) continue;
      std::fputs("convoy: the kernel gives no random numbers\n", stderr);
      std::abort();
    }
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

}  // namespace convoy::platform
