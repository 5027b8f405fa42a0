// process.h: which process this is.
#pragma once

#include <cstdint>

namespace convoy::platform {

std::int64_t process_id() noexcept;

}  // namespace convoy::platform
