#include "base/number_text.h"

#include <array>
#include <charconv>
#include <cmath>

namespace convoy::base {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t skip_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

}  // namespace

std::string format_double(double value) {
  if (value == 0) return "0";
  std::array<char, 32> buffer{};
  // Integers up to 2^53 are written out; beyond that the shortest form may be an exponent.
  constexpr double kExactIntegerMax = 9007199254740992.0;
  const auto format = std::fabs(value) <= kExactIntegerMax && value == std::trunc(value)
                          ? std::chars_format::fixed
                          : std::chars_format::general;
  const auto [end, error] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format);
  return {buffer.data(), error == std::errc{} ? end : buffer.data()};
}

std::optional<double> parse_double(std::string_view text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || text.empty() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

bool is_json_number(std::string_view text) {
  std::size_t at = 0;
  if (at < text.size() && text[at] == '-') ++at;
  if (at >= text.size() || !is_digit(text[at])) return false;
  at = text[at] == '0' ? at + 1 : skip_digits(text, at);
  if (at < text.size() && text[at] == '.') {
    const auto fraction = at + 1;
    at = skip_digits(text, fraction);
    if (at == fraction) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const auto exponent = at;
    at = skip_digits(text, exponent);
    if (at == exponent) return false;
  }
  return at == text.size();
}

std::string canonical_decimal(std::string_view json_number) {
  if (!is_json_number(json_number)) return std::string(json_number);
  const bool negative = json_number.front() == '-';
  std::string_view rest = json_number.substr(negative ? 1 : 0);
  int exponent = 0;
  if (const auto e = rest.find_first_of("eE"); e != std::string_view::npos) {
    auto digits = rest.substr(e + 1);
    if (digits.front() == '+') digits.remove_prefix(1);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    if (error != std::errc{} || std::abs(exponent) > 10000) return std::string(json_number);
    rest = rest.substr(0, e);
  }
  std::string digits;
  for (const char c : rest) {
    if (is_digit(c)) digits += c;
  }
  if (const auto dot = rest.find('.'); dot != std::string_view::npos) {
    exponent -= static_cast<int>(rest.size() - dot - 1);
  }
  const auto first = digits.find_first_not_of('0');
  if (first == std::string::npos) return "0";
  const auto last = digits.find_last_not_of('0');
  exponent += static_cast<int>(digits.size() - 1 - last);
  digits = digits.substr(first, last - first + 1);
  return (negative ? "-" : "") + digits + "e" + std::to_string(exponent);
}

}  // namespace convoy::base
