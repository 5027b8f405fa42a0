#include "base/time_text.h"

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>

namespace convoy::base {
namespace {

// Reads from the front of a text; every step says whether it fitted.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool digits(std::size_t count, int& value) {
    if (rest_.size() < count) return false;
    const char* end = rest_.data() + count;
    const auto [stop, error] = std::from_chars(rest_.data(), end, value);
    if (error != std::errc{} || stop != end || value < 0) return false;
    rest_.remove_prefix(count);
    return true;
  }

  bool one_of(std::string_view accepted, char& found) {
    if (rest_.empty() || accepted.find(rest_.front()) == std::string_view::npos) return false;
    found = rest_.front();
    rest_.remove_prefix(1);
    return true;
  }

  bool skip(std::string_view accepted) {
    char found = 0;
    return one_of(accepted, found);
  }

  // Up to six digits of a fraction, as microseconds; further digits are dropped.
  bool microseconds(int& value) {
    value = 0;
    int count = 0;
    int digit = 0;
    while (!rest_.empty() && digits(1, digit)) {
      if (count < 6) value = value * 10 + digit;
      ++count;
    }
    for (int i = count; i < 6; ++i) value *= 10;
    return count > 0;
  }

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

// The offset from UTC in seconds: "Z", "+05", "+0530", "+05:30", "+05:30:15" or nothing.
bool scan_offset(Scanner& scan, int& seconds) {
  seconds = 0;
  if (scan.at_end() || scan.skip("Zz")) return true;
  char sign = 0;
  int hours = 0;
  int minutes = 0;
  int rest = 0;
  if (!scan.one_of("+-", sign) || !scan.digits(2, hours)) return false;
  if (!scan.at_end()) {
    scan.skip(":");
    if (!scan.digits(2, minutes)) return false;
    if (scan.skip(":") && !scan.digits(2, rest)) return false;
  }
  seconds = (hours * 60 + minutes) * 60 + rest;
  if (sign == '-') seconds = -seconds;
  return true;
}

}  // namespace

std::optional<double> parse_timestamp(std::string_view text) {
  if (text == "infinity") return std::numeric_limits<double>::infinity();
  if (text == "-infinity") return -std::numeric_limits<double>::infinity();
  Scanner scan(text);
  int year = 0;
  int month = 0;
  int day = 0;
  if (!scan.digits(4, year) || !scan.skip("-") || !scan.digits(2, month) || !scan.skip("-") ||
      !scan.digits(2, day)) {
    return std::nullopt;
  }
  int hour = 0;
  int minute = 0;
  int second = 0;
  int micros = 0;
  int offset = 0;
  if (!scan.at_end()) {
    if (!scan.skip("T ") || !scan.digits(2, hour) || !scan.skip(":") || !scan.digits(2, minute)) {
      return std::nullopt;
    }
    if (scan.skip(":") && !scan.digits(2, second)) return std::nullopt;
    if (scan.skip(".") && !scan.microseconds(micros)) return std::nullopt;
    if (!scan_offset(scan, offset)) return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!scan.at_end() || !date.ok() || hour > 24 || minute > 59 || second > 60) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  const std::int64_t seconds = days * 86'400 + hour * 3600 + minute * 60 + second - offset;
  return static_cast<double>(seconds * 1'000'000 + micros) / 1000.0;
}

std::optional<std::string> format_timestamp(double milliseconds) {
  if (std::isnan(milliseconds)) return std::nullopt;
  if (std::isinf(milliseconds)) return milliseconds > 0 ? "infinity" : "-infinity";
  constexpr double kYear1 = -62'135'596'800'000.0;
  constexpr double kYear10000 = 253'402'300'800'000.0;
  if (milliseconds < kYear1 || milliseconds >= kYear10000) return std::nullopt;
  // The fraction alone is scaled: multiplying the whole would round once more, and miss by one far
  // from 1970.
  const double whole = std::floor(milliseconds);
  const std::int64_t micros =
      std::llround(whole) * 1000 + std::llround((milliseconds - whole) * 1000.0);
  const auto time =
      std::chrono::sys_time<std::chrono::microseconds>{std::chrono::microseconds{micros}};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  char buffer[64];
  const int length = std::snprintf(
      buffer, sizeof buffer, "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return std::string(buffer, static_cast<std::size_t>(length));
}

std::string format_json_timestamp(double milliseconds) {
  auto text = format_timestamp(milliseconds).value_or("");
  if (text.empty() || text.back() != 'Z') return text;
  text.pop_back();
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return text + "+00:00";
}

}  // namespace convoy::base
