// spelling.h: words that somebody mistyped, and those that are in the bank.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "convoy/database.h"

namespace convoy::memory {

enum class WordEnd {
  Whole,
  Open,  // The word may go on: it is compared with the beginnings of words.
};

// The words of a table's searchable columns that `word` may have been meant to be, the nearest and
// then the most frequent first; `word` itself alone if it is there, or the beginning of one that
// is. Empty if none is near. REQUIRES: `word` is one of words_of().
Result<std::vector<std::string>> near_words(Reader& reader, const Table& table,
                                            std::string_view word, WordEnd end);

}  // namespace convoy::memory
