// search_view.h: what a search found, for people.
#pragma once

#include <string>

#include "cli/page.h"
#include "memory/search.h"

namespace convoy::cli {

// A hit takes two lines: what it is and where, and the words around what was found.
std::string search_view(const memory::SearchResult& result, const Page& page);

}  // namespace convoy::cli
