// safe_text.h: stored text inside of Markdown that a model reads, where it must look like data and
// never like the document around it. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace convoy::memory {

// Without what a reader does not see or a terminal obeys: control characters, changes of writing
// direction, invisible letters (zero width, tags, variation selectors of which there are only too
// many), broken UTF-8: each becomes U+FFFD. All line ends become "\n"; tabs stay.
std::string visible_text(std::string_view text);

// One line of at most `bytes_max` bytes as a code span: `Ask around`. Longer text ends with "…"
// inside of it. Its delimiter is longer than any run of backticks in the text.
std::string code_span(std::string_view text, std::size_t bytes_max = 200);

// Lines between fences that are longer than any run of backticks in the text; each on a line of its
// own, the last with a line end.
std::string fenced(std::string_view text, std::string_view language = "text");

// At most `bytes_max` bytes of it, cut between characters, at a line or word end if one is near.
std::string_view cut_text(std::string_view text, std::size_t bytes_max);

}  // namespace convoy::memory
