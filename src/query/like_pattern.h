// like_pattern.h: SQL's LIKE in memory, as SQLite does it. Pure.
#pragma once

#include <string_view>
#include <vector>

namespace convoy::query {

// `%` is any text, `_` any one character, the character after `escape` itself; ASCII letters are
// equal in both cases, others in none. A pattern that ends in an escape character matches nothing.
class LikePattern {
 public:
  // REQUIRES: UTF-8 without NUL; `escape` is ASCII, '\0' for none.
  LikePattern(std::string_view pattern, char escape);

  [[nodiscard]] bool matches(std::string_view text) const;

 private:
  static constexpr char32_t kAnyText = 0x110000;       // Beyond Unicode.
  static constexpr char32_t kAnyCharacter = 0x110001;  //

  std::vector<char32_t> pattern_;  // Folded.
  bool matches_nothing_ = false;
};

}  // namespace convoy::query
