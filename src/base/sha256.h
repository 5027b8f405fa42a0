// sha256.h: SHA-256 (FIPS 180-4), for comparing what two sides hold. Pure.
//
// Ours, because Postgres has it everywhere (md5 is off where FIPS rules) and no library that the
// WebAssembly build could share does.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace convoy::base {

std::array<std::uint8_t, 32> sha256(std::string_view bytes);

}  // namespace convoy::base
