// english.h: one of what a plural word names. Pure.
#pragma once

#include <string>
#include <string_view>

namespace convoy::codegen {

// "categories" gives "category", "People" gives "Person", "status" stays as it is. Rules for the
// words that tables are named after, not for all of English: a word it gets wrong can be named by
// hand. REQUIRES: ASCII.
std::string singular(std::string_view word);

}  // namespace convoy::codegen
