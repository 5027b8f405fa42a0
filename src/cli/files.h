// files.h: whole files in, whole files out.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>

#include "convoy/result.h"

namespace convoy::cli {

inline constexpr std::size_t kFileBytesMax = std::size_t{16} << 20U;

// The content of a file, or of `in` if the path is "-".
// Errors: Io; InvalidArgument if it is larger than kFileBytesMax; InvalidText.
Result<std::string> read_file(const std::string& path, std::istream& in);

// Puts the content into the file as a whole: a crash or a full disk leaves the old file. A file
// that has this content already is left alone, so that nothing is built anew for it. A new file
// gets the usual mode, another keeps its own. What is no regular file is written to.
// Errors: Io, DiskFull.
Status replace_file(const std::string& path, std::string_view content);

}  // namespace convoy::cli
