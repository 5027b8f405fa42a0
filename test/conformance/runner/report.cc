#include "conformance/runner/report.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string_view>

namespace convoy::conformance {
namespace {

// Length of the longest common subsequence of the rests left[i…], right[j…].
std::vector<std::vector<std::size_t>> common_lengths(const std::vector<std::string>& left,
                                                     const std::vector<std::string>& right) {
  std::vector<std::vector<std::size_t>> lengths(left.size() + 1,
                                                std::vector<std::size_t>(right.size() + 1));
  for (std::size_t i = left.size(); i-- > 0;) {
    for (std::size_t j = right.size(); j-- > 0;) {
      lengths[i][j] = left[i] == right[j] ? lengths[i + 1][j + 1] + 1
                                          : std::max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  return lengths;
}

// A line that a person can take in.
std::string cut(const std::string& line) {
  constexpr std::size_t kLengthMax = 400;
  if (line.size() <= kLengthMax) return line;
  std::size_t end = kLengthMax;
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;
  return line.substr(0, end) + "… (" + std::to_string(line.size()) + " bytes)";
}

std::string diff(const std::vector<std::string>& left, const std::vector<std::string>& right) {
  const auto lengths = common_lengths(left, right);
  std::string text;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < left.size() || j < right.size()) {
    if (i < left.size() && j < right.size() && left[i] == right[j]) {
      text += "      " + cut(left[i]) + "\n";
      ++i;
      ++j;
    } else if (i < left.size() && (j == right.size() || lengths[i + 1][j] >= lengths[i][j + 1])) {
      text += "    - " + cut(left[i++]) + "\n";
    } else {
      text += "    + " + cut(right[j++]) + "\n";
    }
  }
  return text;
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

int last_line(const Line& line) {
  int last = line.last_number;
  for (const auto& child : line.children) last = std::max(last, last_line(child));
  return last;
}

// The command as it stands in the file, with other expectations. Lines of a command that are no
// expectation (the arguments of a statement) stay.
std::string rewritten(const std::vector<std::string_view>& file, const Edit& edit) {
  std::string command;
  for (int number = edit.source.number; number <= edit.source.last_number; ++number) {
    command += std::string(file[static_cast<std::size_t>(number - 1)]) + "\n";
  }
  command.pop_back();
  command = command.substr(0, command.rfind(" => "));
  const bool is_inline = !edit.lines.empty() && edit.lines.front().starts_with("=>");
  if (is_inline) command += " " + edit.lines.front();
  command += "\n";
  const std::string indent(static_cast<std::size_t>(edit.source.depth + 1) * 2, ' ');
  if (!edit.source.children.empty() && edit.source.children.front().text.starts_with("args [")) {
    command += indent + edit.source.children.front().text + "\n";
  }
  for (std::size_t i = is_inline ? 1 : 0; i < edit.lines.size(); ++i) {
    command += indent + edit.lines[i] + "\n";
  }
  return command;
}

}  // namespace

std::string to_text(const std::string& file, const Failure& failure) {
  return file + ":" + std::to_string(failure.line) + ": " + failure.sentence + " (" +
         failure.place + ")\n    " + failure.what + "\n" + diff(failure.expected, failure.got);
}

std::string updated(const std::string& text, const std::vector<Edit>& edits) {
  std::map<int, const Edit*> by_line;
  for (const auto& edit : edits) by_line[edit.source.number] = &edit;
  const auto file = split_lines(text);
  std::string result;
  for (int number = 1; number <= static_cast<int>(file.size()); ++number) {
    const auto edit = by_line.find(number);
    if (edit == by_line.end()) {
      result += std::string(file[static_cast<std::size_t>(number - 1)]) + "\n";
      continue;
    }
    result += rewritten(file, *edit->second);
    number = last_line(edit->second->source);
  }
  return result;
}

}  // namespace convoy::conformance
