#include "memory/safe_text.h"

#include <algorithm>

#include "base/text.h"

namespace convoy::memory {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct Character {
  char32_t code = 0;
  std::size_t bytes = 1;
};

// REQUIRES: well-formed UTF-8, not empty.
Character decode(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const auto tail = [&](std::size_t at) { return static_cast<char32_t>(byte(at) & 0x3FU); };
  const auto lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xE0) return {(static_cast<char32_t>(lead & 0x1FU) << 6U) | tail(1), 2};
  if (lead < 0xF0) {
    return {(static_cast<char32_t>(lead & 0x0FU) << 12U) | (tail(1) << 6U) | tail(2), 3};
  }
  return {
      (static_cast<char32_t>(lead & 0x07U) << 18U) | (tail(1) << 12U) | (tail(2) << 6U) | tail(3),
      4};
}

bool is_between(char32_t code, char32_t first, char32_t last) {
  return code >= first && code <= last;
}

// The joiners U+200C and U+200D stay: scripts and emoji need them. So does the one selector that
// emoji have.
bool is_hidden(char32_t code) {
  return code < 0x20 || is_between(code, 0x7F, 0x9F) || code == 0xAD || code == 0x034F ||
         code == 0x061C || code == 0x115F || code == 0x1160 || code == 0x180E || code == 0x200B ||
         code == 0x200E || code == 0x200F || is_between(code, 0x2028, 0x202E) ||
         is_between(code, 0x2060, 0x206F) || code == 0x3164 || is_between(code, 0xFE00, 0xFE0E) ||
         code == 0xFEFF || code == 0xFFA0 || is_between(code, 0xFFF0, 0xFFFB) ||
         is_between(code, 0xE0000, 0xE0FFF);
}

std::size_t longest_run(std::string_view text, char wanted) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == wanted ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

}  // namespace

std::string visible_text(std::string_view text) {
  const std::string whole = base::is_utf8(text) ? std::string(text) : base::as_utf8(text);
  std::string result;
  result.reserve(whole.size());
  for (std::string_view rest = whole; !rest.empty();) {
    const auto [code, bytes] = decode(rest);
    if (code == '\r') {
      if (rest.size() == 1 || rest[1] != '\n') result += '\n';
    } else if (code == '\n' || code == '\t') {
      result += static_cast<char>(code);
    } else if (is_hidden(code)) {
      result += kReplacement;
    } else {
      result += rest.substr(0, bytes);
    }
    rest.remove_prefix(bytes);
  }
  return result;
}

std::string code_span(std::string_view text, std::size_t bytes_max) {
  auto line = visible_text(text);
  std::ranges::replace(line, '\n', ' ');
  std::ranges::replace(line, '\t', ' ');
  if (line.size() > bytes_max) line = std::string(cut_text(line, bytes_max)) + "…";
  const auto run = longest_run(line, '`');
  const std::string delimiter(run + 1, '`');
  // A blank keeps a backtick at either end apart from the delimiter; Markdown takes it off again.
  const bool needs_blank =
      line.empty() || line.front() == '`' || line.back() == '`' || line.front() == ' ';
  const std::string blank = needs_blank ? " " : "";
  return delimiter + blank + line + blank + delimiter;
}

std::string fenced(std::string_view text, std::string_view language) {
  const auto lines = visible_text(text);
  constexpr std::size_t kFenceMin = 3;
  const std::string fence(std::max(kFenceMin, longest_run(lines, '`') + 1), '`');
  auto block = fence + std::string(language) + "\n" + lines;
  if (!block.ends_with('\n')) block += '\n';
  return block + fence + "\n";
}

std::string_view cut_text(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  auto end = bytes_max;
  while (end > 0 && is_continuation(text[end])) --end;
  const auto cut = text.substr(0, end);
  // A cut in the middle of a word is worse than one a little earlier.
  const auto line = cut.rfind('\n');
  if (line != std::string_view::npos && line > end / 2) return cut.substr(0, line);
  const auto word = cut.rfind(' ');
  if (word != std::string_view::npos && word > end / 2) return cut.substr(0, word);
  return cut;
}

}  // namespace convoy::memory
