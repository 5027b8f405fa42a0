// text.h: checks on text that comes from outside. Pure.
#pragma once

#include <string>
#include <string_view>

#include "convoy/result.h"

namespace convoy::base {

// Well-formed UTF-8: no overlong forms, no surrogates, nothing beyond U+10FFFF.
bool is_utf8(std::string_view text);

// Whether Postgres can store it: UTF-8 without NUL.
bool is_storable(std::string_view text);

// The text with each byte that is no part of UTF-8 replaced by U+FFFD.
std::string as_utf8(std::string_view text);

// Postgres can store neither a NUL character nor broken UTF-8, and one of them anywhere fails the
// request that carries it. Errors: InvalidText, naming `what`.
Status check_text(std::string_view text, std::string_view what);

}  // namespace convoy::base
