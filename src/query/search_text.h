// search_text.h: what a person types into a search box, as an expression of FTS5. Pure.
#pragma once

#include <string>
#include <string_view>

#include "convoy/result.h"

namespace convoy::query {

// Every word of `text` must occur; "several words" in quotes stand together. The last word may be
// the beginning of one, unless a space follows it or it stands in quotes. Nothing in `text` has
// another meaning. Text without a word gives an expression that finds nothing. Errors: InvalidQuery
// for more than limits::kSearchWordsMax words and phrases.
Result<std::string> match_expression(std::string_view text);

}  // namespace convoy::query
