// context_json.h: a context and what a search found, as JSON for programs. Pure. Documented in
// docs/reference/context.md.
#pragma once

#include "base/json.h"
#include "memory/context.h"
#include "memory/search.h"

namespace convoy::memory {

// Grows when a member is taken out or means something else; new members come without it.
inline constexpr int kContextVersion = 1;

base::Json to_json(const Context& context);

base::Json to_json(const Progress& progress);

base::Json to_json(const SearchResult& result);

}  // namespace convoy::memory
