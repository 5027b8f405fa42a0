// lookup.h: records found by an id, or by its beginning or end.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "convoy/database.h"
#include "convoy/query.h"
#include "memory/entity.h"

namespace convoy::memory {

// Reads from the database, or from inside a transaction.
using Fetch = std::function<Result<std::vector<Record>>(const Query&)>;

// Ids are given as a whole, or as a beginning or an end that no other id has. Version 7 UUIDs made
// together begin alike, so people are shown the end.
inline constexpr std::size_t kIdPartMin = 4;
inline constexpr std::size_t kShortIdLength = 8;

// The end of an id, as people see it.
std::string short_id(std::string_view id);

// Errors: InvalidArgument if `id` can't be part of an id, NotFound, Ambiguous (the hint lists who
// fits).
Result<Record> look_up(const Fetch& fetch, Entity entity, std::string_view id);

}  // namespace convoy::memory
