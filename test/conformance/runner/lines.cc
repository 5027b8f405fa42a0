#include "conformance/runner/lines.h"

#include <cstddef>
#include <optional>
#include <utility>

#include "base/text.h"
#include "conformance/runner/words.h"

namespace convoy::conformance {
namespace {

constexpr std::string_view kContinued = " \\";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// The lines of the file that say something, continued ones joined, still in a row.
Result<std::vector<Line>> flat_lines(std::string_view text) {
  std::vector<Line> lines;
  bool is_open = false;  // The last line ended with a backslash.
  for (int number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return mistake(number, "the file must end with a newline");
    std::string_view content = text.substr(0, end);
    text.remove_prefix(end + 1);
    const auto first = content.find_first_not_of(' ');
    if (content.find('\t') != std::string_view::npos) return mistake(number, "a tab");
    if (content.find('\r') != std::string_view::npos) return mistake(number, "a carriage return");
    if (content.ends_with(' ')) return mistake(number, "spaces at the end of a line");
    if (!is_open && (content.empty() || content[first] == '#')) continue;
    if (!is_open && first % 2 != 0) return mistake(number, "indentation is two spaces a level");
    const std::string_view said = first == std::string_view::npos ? "" : content.substr(first);
    if (!is_open) {
      lines.push_back({.number = number, .depth = static_cast<int>(first / 2)});
    } else {
      lines.back().text += ' ';
    }
    lines.back().last_number = number;
    is_open = said.ends_with(kContinued);
    lines.back().text += is_open ? said.substr(0, said.size() - kContinued.size()) : said;
  }
  if (is_open) return mistake(lines.back(), "the last line can't go on");
  return lines;
}

Result<std::vector<Line>> to_tree(std::vector<Line>& flat, std::size_t& next, int depth) {
  std::vector<Line> siblings;
  while (next < flat.size() && flat[next].depth >= depth) {
    if (flat[next].depth > depth) return mistake(flat[next], "is indented too far");
    Line line = std::move(flat[next++]);
    CONVOY_TRY(line.children, to_tree(flat, next, depth + 1));
    siblings.push_back(std::move(line));
  }
  return siblings;
}

// `$name` becomes `value`; other names, and a $ before anything else, stay.
std::string replaced(std::string_view text, std::string_view name, std::string_view value) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i + 1;
    while (text[i] == '$' && end < text.size() && is_letter(text[end])) ++end;
    const auto part = text.substr(i, end - i);
    result += part.size() > 1 && part.substr(1) == name ? value : part;
    i = end;
  }
  return result;
}

Line filled_in(const Line& line, std::string_view name, std::string_view value) {
  Line result = line;
  result.text = replaced(line.text, name, value);
  result.is_from_loop = true;
  for (auto& child : result.children) child = filled_in(child, name, value);
  return result;
}

Result<std::vector<Line>> without_loops(std::vector<Line> lines);

// for $name in VALUE VALUE …
Result<std::vector<Line>> written_out(const Line& loop) {
  Words words(loop.text);
  words.skip_word();
  const auto name = words.skip_word();
  if (!name.starts_with('$') || name.size() < 2) return mistake(loop, "for $name in VALUE …");
  for (const char c : name.substr(1)) {
    if (!is_letter(c)) return mistake(loop, "a loop's name is letters and _");
  }
  if (words.skip_word() != "in" || words.at_end()) return mistake(loop, "for $name in VALUE …");
  if (loop.children.empty()) return mistake(loop, "a loop has lines");
  std::vector<Line> lines;
  while (!words.at_end()) {
    const auto value = words.skip_word();
    for (const auto& child : loop.children) {
      lines.push_back(filled_in(child, name.substr(1), value));
    }
  }
  return without_loops(std::move(lines));
}

Result<std::vector<Line>> without_loops(std::vector<Line> lines) {
  std::vector<Line> result;
  for (auto& line : lines) {
    if (line.text.starts_with("for $")) {
      CONVOY_TRY(auto inner, written_out(line));
      for (auto& each : inner) result.push_back(std::move(each));
      continue;
    }
    CONVOY_TRY(line.children, without_loops(std::move(line.children)));
    result.push_back(std::move(line));
  }
  return result;
}

}  // namespace

Error mistake(int line, std::string_view what) {
  return {.code = ErrorCode::InvalidArgument,
          .message = std::to_string(line) + ": " + std::string(what)};
}

Error mistake(const Line& line, std::string_view what) { return mistake(line.number, what); }

Result<std::vector<Line>> read_lines(std::string_view text) {
  if (!base::is_utf8(text)) return mistake(1, "the file is not UTF-8");
  CONVOY_TRY(auto flat, flat_lines(text));
  std::size_t next = 0;
  CONVOY_TRY(auto tree, to_tree(flat, next, 0));
  return without_loops(std::move(tree));
}

}  // namespace convoy::conformance
