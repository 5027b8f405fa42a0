// Two texts beside each other.
#include "cli/side_by_side.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/display_text.h"

namespace convoy::cli {
namespace {

using testing::HasSubstr;

std::string plain(const std::string& left, const std::string& right, std::size_t width = 0) {
  return side_by_side({.title = "A", .text = left}, {.title = "B", .text = right}, width,
                      Style(false));
}

TEST(SideBySide, MarksTheWordsThatDiffer) {
  EXPECT_EQ(plain("one two three", "one 2 three"),
            "A               │ B\none [two] three │ one [2] three\n");
  EXPECT_EQ(plain("same", "same"), "A    │ B\nsame │ same\n");
  EXPECT_EQ(plain("a b c d", "b x d"), "A           │ B\n[a] b [c] d │ b [x] d\n");
  EXPECT_EQ(plain("", "new"), "A │ B\n  │ [new]\n");
}

TEST(SideBySide, MarksWithColourWhereThereIsSome) {
  const auto text = side_by_side({.title = "A", .text = "one two"}, {.title = "B", .text = "one"},
                                 0, Style(true));
  EXPECT_THAT(text, HasSubstr("one \x1b[32mtwo\x1b[0m │ one"));
}

TEST(SideBySide, FitsTheWidth) {
  const std::string words = "several words that do not fit into one line of a narrow terminal";
  for (const std::size_t width : {43U, 60U, 80U, 30U}) {
    const auto text = plain(words, words + " 日本語", width);
    std::size_t begin = 0;
    for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
      EXPECT_LE(display_width(text.substr(begin, end - begin)), width) << text;
      begin = end + 1;
    }
  }
}

TEST(SideBySide, PutsThemAboveOneAnotherWhereThereIsNoRoom) {
  EXPECT_EQ(plain("one", "two", 30), "A\n[one]\nB\n[two]\n");
}

TEST(SideBySide, KeepsLineBreaks) {
  EXPECT_EQ(plain("one\ntwo", "one\nthree"), "A     │ B\none   │ one\n[two] │ [three]\n");
}

TEST(SideBySide, ComparesLongTextsWithoutEndlessWork) {
  std::string left = "start";
  std::string right = "start";
  for (int i = 0; i < 20'000; ++i) {
    left += " l" + std::to_string(i);
    right += " r" + std::to_string(i);
  }
  EXPECT_THAT(plain(left + " end", right + " end"), HasSubstr("start [l0]"));
}

}  // namespace
}  // namespace convoy::cli
