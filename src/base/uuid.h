// uuid.h: identifiers. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/environment.h"

namespace convoy::base {

// A version 7 UUID (RFC 9562 §5.7): the creation time in milliseconds, then 74 random bits. Ids
// that are made together lie together in an index; they reveal when they were made.
std::string uuid_v7(std::int64_t now_ms, Random& random);

// A version 4 UUID (RFC 9562 §5.4): 122 random bits.
std::string uuid_v4(Random& random);

// 16 characters of 0-9a-zA-Z, the form of WatermelonDB's ids.
std::string random_id(Random& random);

// 8-4-4-4-12 hexadecimal digits in lower case, the form Postgres prints.
bool is_uuid(std::string_view text);

}  // namespace convoy::base
