#include "platform/posix/descriptor.h"

#include <cerrno>
#include <system_error>

namespace convoy::platform {

Error system_error(const std::string& path, std::string_view doing, int error_number) {
  const bool is_full = error_number == ENOSPC || error_number == EDQUOT;
  return {.code = is_full ? ErrorCode::DiskFull : ErrorCode::Io,
          .message = path + ": " + std::string(doing) + ": " +
                     std::generic_category().message(error_number),
          .hint = is_full ? "free some space and try again" : ""};
}

}  // namespace convoy::platform
