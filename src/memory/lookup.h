// lookup.h: records found by what people call them: an id, the beginning or end of one, or a title.
#pragma once

#include <string>
#include <string_view>

#include "convoy/database.h"
#include "memory/entity.h"

namespace convoy::memory {

// Ids are given as a whole, or as a beginning or an end that no other id has. Version 7 UUIDs made
// together begin alike, so people are shown the end.
inline constexpr std::size_t kIdPartMin = 4;
inline constexpr std::size_t kShortIdLength = 8;

// The end of an id, as people see it.
std::string short_id(std::string_view id);

enum class Guess {
  Sure,    // Of a title all words, or the beginning of the last one: what may be written to.
  Likely,  // Also a title with other typos, if only one is near: what is only looked at.
};

// The record that `text` names: by its id or part of it, else by its name or title, whose words may
// be given in any order and case. A whole name that fits goes before longer ones that have the same
// words. Errors: InvalidArgument (empty), NotFound (the hint offers the nearest), Ambiguous (the
// hint lists who fits).
Result<Record> look_up(Reader& reader, const Schema& schema, Entity entity, std::string_view text,
                       Guess guess = Guess::Sure);

}  // namespace convoy::memory
