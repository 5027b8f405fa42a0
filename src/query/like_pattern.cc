#include "query/like_pattern.h"

#include <cstddef>

namespace convoy::query {
namespace {

// Takes one character of UTF-8. REQUIRES: text is not empty.
char32_t take(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  std::size_t length = 1;
  char32_t character = lead;
  if (lead >= 0xF0) {
    length = 4;
    character = lead & 0x07U;
  } else if (lead >= 0xE0) {
    length = 3;
    character = lead & 0x0FU;
  } else if (lead >= 0xC0) {
    length = 2;
    character = lead & 0x1FU;
  }
  for (std::size_t i = 1; i < length && i < text.size(); ++i) {
    character = (character << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  text.remove_prefix(length < text.size() ? length : text.size());
  return character;
}

char32_t fold(char32_t character) {
  return character >= 'A' && character <= 'Z' ? character - 'A' + 'a' : character;
}

}  // namespace

LikePattern::LikePattern(std::string_view pattern, char escape) {
  while (!pattern.empty()) {
    const char32_t character = take(pattern);
    if (escape != '\0' && character == static_cast<unsigned char>(escape)) {
      if (pattern.empty()) {
        matches_nothing_ = true;
      } else {
        pattern_.push_back(fold(take(pattern)));
      }
    } else if (character == '%') {
      pattern_.push_back(kAnyText);
    } else if (character == '_') {
      pattern_.push_back(kAnyCharacter);
    } else {
      pattern_.push_back(fold(character));
    }
  }
}

// Only the last `%` is ever gone back to: what an earlier one took can't help any more.
bool LikePattern::matches(std::string_view text) const {
  if (matches_nothing_) return false;
  auto at = pattern_.begin();
  auto after_any = pattern_.end();  // The place in the pattern to go back to,
  std::string_view retry;           // with the text that its `%` has not taken.
  bool has_any = false;
  while (!text.empty()) {
    if (at != pattern_.end() && *at == kAnyText) {
      has_any = true;
      after_any = ++at;
      if (at == pattern_.end()) return true;
      retry = text;
      continue;
    }
    if (at != pattern_.end()) {
      auto rest = text;
      const char32_t character = fold(take(rest));
      if (*at == kAnyCharacter || *at == character) {
        ++at;
        text = rest;
        continue;
      }
    }
    if (!has_any) return false;
    take(retry);
    text = retry;
    at = after_any;
  }
  while (at != pattern_.end() && *at == kAnyText) ++at;
  return at == pattern_.end();
}

}  // namespace convoy::query
