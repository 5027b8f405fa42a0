// shared_file.h: small files by which processes of one user tell each other how things stand.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "convoy/result.h"

namespace convoy::platform {

inline constexpr std::size_t kSharedFileBytesMax = std::size_t{64} << 10U;

// Replaces the file as a whole, with mode 0600: whoever reads sees the old or the new content.
// Nothing is flushed: a crash of the system may leave neither. REQUIRES: one writer at a time.
// Errors: Io, DiskFull.
Status replace_shared_file(const std::string& path, std::string_view content);

// Nothing if there is no such file, or it can't be read, or is too large.
std::optional<std::string> read_shared_file(const std::string& path);

}  // namespace convoy::platform
