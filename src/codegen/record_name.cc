#include "codegen/record_name.h"

#include <algorithm>

#include "codegen/english.h"
#include "codegen/letters.h"

namespace convoy::codegen {
namespace {

// Whether a word ends before `at`.
bool is_boundary(std::string_view text, std::size_t at) {
  if (!is_upper(text[at])) return false;
  if (!is_upper(text[at - 1])) return true;
  // The last capital of several begins the next word; but "URLs" is one word.
  const auto rest = text.substr(at + 1);
  return !rest.empty() && is_lower(rest.front()) && rest != "s";
}

}  // namespace

std::vector<std::string> words_of(std::string_view name) {
  const bool is_all_capitals = std::ranges::none_of(name, is_lower);
  std::vector<std::string> words;
  std::size_t begin = 0;
  while (begin < name.size()) {
    const auto end = std::min(name.find('_', begin), name.size());
    const auto part = name.substr(begin, end - begin);
    begin = end + 1;
    if (part.empty()) continue;
    if (is_all_capitals) {
      words.push_back(lower(part));
      continue;
    }
    std::size_t from = 0;
    for (std::size_t at = 1; at <= part.size(); ++at) {
      if (at < part.size() && !is_boundary(part, at)) continue;
      words.emplace_back(part.substr(from, at - from));
      from = at;
    }
  }
  return words;
}

std::string record_name(std::string_view table) {
  auto words = words_of(table);
  if (words.empty()) return {};
  words.back() = singular(words.back());
  std::string name;
  for (auto& word : words) {
    word.front() = to_upper(word.front());
    name += word;
  }
  return name;
}

std::string snake_case(std::string_view name) {
  std::string result;
  for (const auto& word : words_of(name)) result += (result.empty() ? "" : "_") + lower(word);
  return result;
}

}  // namespace convoy::codegen
