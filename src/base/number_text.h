// number_text.h: numbers as text, exactly. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace convoy::base {

// The shortest text that reads back as the same double; integers without a fraction ("42", not
// "42.0"), -0 as "0". REQUIRES: value is finite.
std::string format_double(double value);

// The nearest double of a whole decimal number; nothing if the text is not one or overflows.
std::optional<double> parse_double(std::string_view text);

// Whether `text` is a number of RFC 8259.
bool is_json_number(std::string_view text);

// One text for all spellings of one decimal value: "1.10", "1.1" and "11e-1" give the same. Keeps
// every digit; exponents beyond ±10000 stay as written.
std::string canonical_decimal(std::string_view json_number);

}  // namespace convoy::base
