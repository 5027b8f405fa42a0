// words.h: text as the words by which people look for things. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace convoy::memory {

// The words of `text` in lower case, in their order: runs of ASCII letters and digits and of
// everything beyond ASCII.
std::vector<std::string> words_of(std::string_view text);

// Those that say what a text is about, without the endings that English adds to a word: no words of
// grammar, no short ones but numbers. Each once, in their order. "Migrations of a table" gives
// "migration" and "table"; both are beginnings of what they stand for.
std::vector<std::string> subject_words(std::string_view text);

// How many letters are wrong, missing, too many or swapped with their neighbour; `limit + 1` if
// more than `limit`.
std::size_t typos_between(std::string_view left, std::string_view right, std::size_t limit);

// How many typos a word of this length may have and still be meant: none below four letters.
std::size_t typos_allowed(std::size_t length);

}  // namespace convoy::memory
