#include "query/search_text.h"

#include <vector>

#include "base/limits.h"
#include "query/parts.h"

namespace convoy::query {
namespace {

constexpr std::string_view kSpaces = " \t\n\v\f\r";

// Words and phrases, without their quotes.
struct Words {
  std::vector<std::string_view> list;
  bool is_last_open = false;  // The last one goes on, perhaps.
};

Words split(std::string_view text) {
  Words words;
  while (!text.empty()) {
    const bool is_phrase = text.front() == '"';
    if (!is_phrase && kSpaces.find(text.front()) != std::string_view::npos) {
      text.remove_prefix(1);
      words.is_last_open = false;
      continue;
    }
    if (is_phrase) text.remove_prefix(1);
    // An open quote reaches to the end.
    const auto word =
        text.substr(0, is_phrase ? text.find('"') : text.find_first_of(" \t\n\v\f\r\""));
    text.remove_prefix(word.size());
    if (is_phrase && !text.empty()) text.remove_prefix(1);
    if (word.find_first_not_of(kSpaces) != std::string_view::npos) words.list.push_back(word);
    words.is_last_open = !is_phrase;
  }
  return words;
}

}  // namespace

Result<std::string> match_expression(std::string_view text) {
  const auto words = split(text);
  if (words.list.empty()) return std::string("\"\"");
  if (words.list.size() > limits::kSearchWordsMax) {
    return invalid_query("there are more than " + std::to_string(limits::kSearchWordsMax) +
                         " words to search for");
  }
  std::string expression;
  for (const auto word : words.list) {
    expression.append(expression.empty() ? "\"" : " \"").append(word).append("\"");
  }
  return words.is_last_open ? expression + " *" : expression;
}

}  // namespace convoy::query
