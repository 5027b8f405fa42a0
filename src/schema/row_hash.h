// row_hash.h: hashes over rows, by which a device and the server find out that they hold the same
// (docs/design/sync-protocol.md, "convoy_verify", to the byte). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "convoy/schema.h"

namespace convoy::schema {

inline constexpr int kBuckets = 256;

// A value as it is hashed: one text for all spellings that a device can't tell apart, the one that
// Postgres' to_jsonb gives.
void append_hashed_value(std::string& out, const Column& column, const base::Json& wire);

// The first eight bytes of the text's SHA-256, the first byte the highest.
std::uint64_t row_hash(std::string_view text);

// 0 to kBuckets - 1.
int bucket_of(std::string_view id);

// 16 lower-case hexadecimal digits, and back.
std::string hash_text(std::uint64_t hash);
std::optional<std::uint64_t> parse_hash(std::string_view text);

}  // namespace convoy::schema
