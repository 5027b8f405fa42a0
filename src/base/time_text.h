// time_text.h: Postgres' and ISO 8601 timestamps, to and from milliseconds. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace convoy::base {

// Milliseconds since 1970 with microseconds as the fraction. Accepts
// "2026-11-22T10:46:02.952027+00:00" (PostgREST), "2026-11-22 10:46:02.952027+00" (Postgres), "…Z",
// a missing offset (taken as UTC), and "infinity"/"-infinity". A double tells every microsecond
// apart from 1692 to 2248 (2^43 ms around 1970); outside that the fraction is rounded. Nothing if
// the text is no such time.
std::optional<double> parse_timestamp(std::string_view text);

// "2026-11-22T10:46:02.952027Z"; "infinity", "-infinity". Years 0001 to 9999; nothing for others
// and for NaN.
std::optional<std::string> format_timestamp(double milliseconds);

// As Postgres prints a timestamptz in JSON: "2026-11-22T10:46:02.95+00:00", microseconds without
// zeros at the end. "" where format_timestamp() has nothing.
std::string format_json_timestamp(double milliseconds);

}  // namespace convoy::base
