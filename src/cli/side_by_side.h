// side_by_side.h: two texts beside each other, with the words in which they differ marked. Pure.
#pragma once

#include <cstddef>
#include <string>

#include "cli/style.h"

namespace convoy::cli {

struct Side {
  std::string title;
  std::string text;  // Made printable here.
};

// In two columns; one above the other where `width` is too small for that. 0: as wide as it gets.
// Words that only one side has are in colour, or in brackets where there is none. Texts of very
// many words are compared by their beginnings and ends only.
std::string side_by_side(const Side& left, const Side& right, std::size_t width,
                         const Style& style);

}  // namespace convoy::cli
