// secret_file.h: small files that nobody but their owner may read.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "convoy/result.h"

namespace convoy::platform {

inline constexpr std::size_t kSecretFileBytesMax = std::size_t{64} << 10U;

// Nothing if there is no such file. Errors: Io: a symbolic link, not a regular file, another
// owner's, readable or writable by others (the hint says how to repair it), too large.
Result<std::optional<std::string>> read_secret_file(const std::string& path);

// Replaces the file as a whole, with mode 0600, durable when it returns: a crash leaves the old or
// the new content. Makes the folder (mode 0700) if it is missing. REQUIRES: one writer at a time.
// Errors: Io (also a folder in which everybody may write), DiskFull.
Status write_secret_file(const std::string& path, std::string_view content);

// Durable when it returns. No file is fine. Errors: Io.
Status remove_secret_file(const std::string& path);

// Makes a folder and its parents, new ones with mode 0700. Errors: Io.
Status make_private_directory(const std::string& path);

}  // namespace convoy::platform
