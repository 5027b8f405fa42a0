#include "cli/times.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <ctime>

#include "base/time_text.h"

namespace convoy::cli {
namespace {

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;

std::string with_one_decimal(double value, const char* unit) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.1f %s", value, unit);
  return text.data();
}

}  // namespace

std::string local_time(double milliseconds) {
  const auto iso = base::format_timestamp(milliseconds);
  if (!iso) return "(no such time)";
  if (std::isinf(milliseconds)) return *iso;
  const auto seconds = static_cast<std::time_t>(std::floor(milliseconds / 1000));
  std::tm local{};
  if (localtime_r(&seconds, &local) == nullptr) return *iso;
  std::array<char, 32> text{};
  const auto length = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M", &local);
  return {text.data(), length};
}

std::string age(std::int64_t then_ms, std::int64_t now_ms) {
  const auto passed = now_ms - then_ms;
  if (passed < kSecond) return "now";
  if (passed < kMinute) return std::to_string(passed / kSecond) + " s";
  if (passed < kHour) return std::to_string(passed / kMinute) + " min";
  if (passed < 2 * kDay) return std::to_string(passed / kHour) + " h";
  return std::to_string(passed / kDay) + " d";
}

std::string duration(std::int64_t milliseconds) {
  if (milliseconds < kSecond) return std::to_string(milliseconds) + " ms";
  if (milliseconds < kMinute) return with_one_decimal(static_cast<double>(milliseconds) / 1e3, "s");
  return std::to_string(milliseconds / kMinute) + " min " +
         std::to_string(milliseconds % kMinute / kSecond) + " s";
}

std::string byte_count(std::int64_t bytes) {
  const auto value = static_cast<double>(bytes);
  if (bytes < 1000) return std::to_string(bytes) + " B";
  if (bytes < 1'000'000) return with_one_decimal(value / 1e3, "kB");
  return with_one_decimal(value / 1e6, "MB");
}

std::string json_time(double milliseconds) { return base::format_json_timestamp(milliseconds); }

Result<double> parse_time(const std::string& text) {
  constexpr std::size_t kDateLength = 10;
  const auto time = base::parse_timestamp(text.size() == kDateLength ? text + "T00:00:00Z" : text);
  if (time) return *time;
  return Error{.code = ErrorCode::InvalidArgument,
               .message = "\"" + text + "\" is not a date or time",
               .hint = "Write it like 2026-11-22 or 2026-11-22T10:46:00Z."};
}

}  // namespace convoy::cli
