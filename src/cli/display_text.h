// display_text.h: text as a terminal shows it. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace convoy::cli {

// Text that other people wrote, made harmless: no control characters, escape sequences or changes
// of writing direction. Line breaks and tabs become spaces unless `keep_lines`.
std::string printable(std::string_view text, bool keep_lines = false);

// Columns that `text` takes: 2 for East Asian wide characters and emoji, 0 for combining marks.
// REQUIRES: printable text.
std::size_t display_width(std::string_view text);

// At most `width` columns of `text`; what is cut off shows as "…".
std::string shorten(std::string_view text, std::size_t width);

}  // namespace convoy::cli
