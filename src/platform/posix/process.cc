#include "platform/posix/process.h"

#include <unistd.h>

namespace convoy::platform {

std::int64_t process_id() noexcept { return ::getpid(); }

}  // namespace convoy::platform
