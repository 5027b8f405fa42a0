#include "cli/side_by_side.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "cli/display_text.h"

namespace convoy::cli {
namespace {

constexpr std::size_t kColumnMin = 20;
constexpr std::string_view kBetween = " │ ";
constexpr std::size_t kBetweenWidth = 3;
// The table of the longest common subsequence has this many entries at most.
constexpr std::size_t kTableMax = std::size_t{1} << 20U;

struct Word {
  std::string text;
  bool is_own = false;  // The other side does not have it.
  bool ends_line = false;
};

std::vector<Word> words_of(const std::string& text) {
  std::vector<Word> words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) words.push_back({.text = std::move(word)});
    word.clear();
  };
  for (const char c : printable(text, true)) {
    if (c != ' ' && c != '\n' && c != '\t') {
      word += c;
      continue;
    }
    end_word();
    if (c == '\n' && !words.empty()) words.back().ends_line = true;
  }
  end_word();
  return words;
}

bool are_same(const Word& left, const Word& right) { return left.text == right.text; }

// Marks the words between the common beginning and end that are in no longest common subsequence.
void mark_between(std::vector<Word>& left, std::vector<Word>& right, std::size_t from,
                  std::size_t left_to, std::size_t right_to) {
  const auto n = left_to - from;
  const auto m = right_to - from;
  for (auto i = from; i < left_to; ++i) left[i].is_own = true;
  for (auto j = from; j < right_to; ++j) right[j].is_own = true;
  if (n == 0 || m == 0 || (n + 1) > kTableMax / (m + 1)) return;
  // length[i][j] of what follows the words i and j.
  std::vector<std::vector<std::size_t>> length(n + 1, std::vector<std::size_t>(m + 1, 0));
  for (auto i = n; i-- > 0;) {
    for (auto j = m; j-- > 0;) {
      length[i][j] = are_same(left[from + i], right[from + j])
                         ? length[i + 1][j + 1] + 1
                         : std::max(length[i + 1][j], length[i][j + 1]);
    }
  }
  for (std::size_t i = 0, j = 0; i < n && j < m;) {
    if (are_same(left[from + i], right[from + j])) {
      left[from + i++].is_own = false;
      right[from + j++].is_own = false;
    } else if (length[i + 1][j] >= length[i][j + 1]) {
      ++i;
    } else {
      ++j;
    }
  }
}

void mark_differences(std::vector<Word>& left, std::vector<Word>& right) {
  std::size_t from = 0;
  auto left_to = left.size();
  auto right_to = right.size();
  while (from < left_to && from < right_to && are_same(left[from], right[from])) ++from;
  while (left_to > from && right_to > from && are_same(left[left_to - 1], right[right_to - 1])) {
    --left_to;
    --right_to;
  }
  mark_between(left, right, from, left_to, right_to);
}

struct Line {
  std::string text;
  std::size_t width = 0;
};

// Fills lines of `width` columns; 0: only the text's own line breaks.
std::vector<Line> wrap(const std::vector<Word>& words, std::size_t width, Ink ink,
                       const Style& style) {
  const bool has_colour = style(ink, "x") != "x";
  std::vector<Line> lines(1);
  bool is_new_line = true;
  for (const auto& word : words) {
    auto text = width == 0 ? word.text : shorten(word.text, width - (has_colour ? 0 : 2));
    if (word.is_own && !has_colour) text = "[" + text + "]";
    const auto columns = display_width(text);
    if (!is_new_line && width != 0 && lines.back().width + 1 + columns > width) {
      lines.emplace_back();
      is_new_line = true;
    }
    if (!is_new_line) {
      lines.back().text += " ";
      ++lines.back().width;
    }
    lines.back().text += word.is_own ? style(ink, text) : text;
    lines.back().width += columns;
    is_new_line = word.ends_line;
    if (word.ends_line) lines.emplace_back();
  }
  if (lines.size() > 1 && lines.back().width == 0) lines.pop_back();
  return lines;
}

std::size_t widest(const std::vector<Line>& lines, std::size_t at_least) {
  for (const auto& line : lines) at_least = std::max(at_least, line.width);
  return at_least;
}

std::string above_one_another(const Side& left, const Side& right, const std::vector<Line>& mine,
                              const std::vector<Line>& theirs, const Style& style) {
  std::string text = style(Ink::Bold, left.title) + "\n";
  for (const auto& line : mine) text += line.text + "\n";
  text += style(Ink::Bold, right.title) + "\n";
  for (const auto& line : theirs) text += line.text + "\n";
  return text;
}

}  // namespace

std::string side_by_side(const Side& left, const Side& right, std::size_t width,
                         const Style& style) {
  auto left_words = words_of(left.text);
  auto right_words = words_of(right.text);
  mark_differences(left_words, right_words);
  const bool fits = width == 0 || width >= 2 * kColumnMin + kBetweenWidth;
  const auto column = width == 0 ? 0 : fits ? (width - kBetweenWidth) / 2 : width;
  const auto mine = wrap(left_words, column, Ink::Green, style);
  const auto theirs = wrap(right_words, column, Ink::Red, style);
  if (!fits) return above_one_another(left, right, mine, theirs, style);
  const auto left_width = widest(mine, display_width(left.title));
  const auto row = [&](const Line& one, const Line& other) {
    const std::string padding(left_width - one.width, ' ');
    return one.text + padding + std::string(kBetween) + other.text + "\n";
  };
  std::string text = row({style(Ink::Bold, left.title), display_width(left.title)},
                         {style(Ink::Bold, right.title), 0});
  for (std::size_t i = 0; i < std::max(mine.size(), theirs.size()); ++i) {
    text += row(i < mine.size() ? mine[i] : Line{}, i < theirs.size() ? theirs[i] : Line{});
  }
  return text;
}

}  // namespace convoy::cli
