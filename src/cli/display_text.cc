#include "cli/display_text.h"

#include <clocale>
#include <cstdint>
#include <cwchar>

namespace convoy::cli {
namespace {

struct Character {
  char32_t code = 0;
  std::size_t bytes = 1;
};

// The character at the start of `text`, which is not empty. Broken UTF-8 counts byte by byte.
Character decode(std::string_view text) {
  const auto byte = [&](std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
  };
  const auto tail = [&](std::size_t at) { return static_cast<char32_t>(byte(at) & 0x3FU); };
  const auto lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  if (lead >= 0xC2 && lead < 0xE0 && text.size() >= 2) {
    return {static_cast<char32_t>((lead & 0x1FU) << 6U) | tail(1), 2};
  }
  if (lead >= 0xE0 && lead < 0xF0 && text.size() >= 3) {
    return {static_cast<char32_t>((lead & 0x0FU) << 12U) | (tail(1) << 6U) | tail(2), 3};
  }
  if (lead >= 0xF0 && lead < 0xF5 && text.size() >= 4) {
    return {
        static_cast<char32_t>((lead & 0x07U) << 18U) | (tail(1) << 12U) | (tail(2) << 6U) | tail(3),
        4};
  }
  return {0xFFFD, 1};
}

bool is_control(char32_t code) { return code < 0x20 || (code >= 0x7F && code < 0xA0); }

// Characters that turn the writing direction, and line and paragraph separators.
bool is_deceptive(char32_t code) {
  return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) ||
         code == 0x2028 || code == 0x2029 || code == 0x200E || code == 0x200F || code == 0x061C;
}

// wcwidth answers by the locale. The table for UTF-8 is wanted whatever the user's is.
bool use_utf8_locale() {
  return std::setlocale(LC_CTYPE, "C.UTF-8") != nullptr ||
         std::setlocale(LC_CTYPE, "C.utf8") != nullptr;
}

std::size_t width_of(char32_t code) {
  static const bool has_table = use_utf8_locale();
  if (code < 0x80) return 1;
  const int width = has_table ? ::wcwidth(static_cast<wchar_t>(code)) : 1;
  return width < 0 ? 1 : static_cast<std::size_t>(width);
}

}  // namespace

std::string printable(std::string_view text, bool keep_lines) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const auto [code, bytes] = decode(text);
    if (code == '\n' || code == '\t') {
      result += keep_lines ? static_cast<char>(code) : ' ';
    } else if (code == '\r') {
      if (!keep_lines && (text.size() == 1 || text[1] != '\n')) result += ' ';
    } else if (is_control(code) || is_deceptive(code) || code == 0xFFFD) {
      result += "\xEF\xBF\xBD";
    } else {
      result += text.substr(0, bytes);
    }
    text.remove_prefix(bytes);
  }
  return result;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const auto [code, bytes] = decode(text);
    width += width_of(code);
    text.remove_prefix(bytes);
  }
  return width;
}

std::string shorten(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  if (width == 0) return {};
  std::size_t used = 0;
  std::size_t end = 0;
  while (end < text.size()) {
    const auto [code, bytes] = decode(text.substr(end));
    if (used + width_of(code) > width - 1) break;
    used += width_of(code);
    end += bytes;
  }
  while (end > 0 && text[end - 1] == ' ') --end;
  return std::string(text.substr(0, end)) + "…";
}

}  // namespace convoy::cli
