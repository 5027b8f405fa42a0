// times.h: times for people and for programs.
#pragma once

#include <cstdint>
#include <string>

#include "convoy/result.h"

namespace convoy::cli {

// "2026-11-22 10:46" in the local time zone. "infinity" and years that are not 1 to 9999 in words.
std::string local_time(double milliseconds);

// "now", "3 min", "5 h", "2 d": how long ago. Times in the future count as now.
std::string age(std::int64_t then_ms, std::int64_t now_ms);

// "1.2 s", "340 ms", "2 min 5 s".
std::string duration(std::int64_t milliseconds);

// "12 B", "4.2 kB", "1.3 MB".
std::string byte_count(std::int64_t bytes);

// As the server prints a timestamptz in JSON: "2026-11-22T10:46:02.95+00:00", microseconds without
// zeros at the end.
std::string json_time(double milliseconds);

// A time as people give it: "2026-11-22" (midnight, UTC) or ISO 8601. Errors: InvalidArgument.
Result<double> parse_time(const std::string& text);

}  // namespace convoy::cli
