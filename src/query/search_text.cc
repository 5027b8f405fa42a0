#include "query/search_text.h"

namespace convoy::query {
namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace

std::string match_expression(std::string_view text) {
  std::string expression;
  bool is_prefix = false;
  const auto add = [&](std::string_view words) {
    if (!expression.empty()) expression += ' ';
    expression += '"';
    expression += words;
    expression += '"';
  };
  while (!text.empty()) {
    if (is_space(text.front())) {
      text.remove_prefix(1);
      is_prefix = false;
      continue;
    }
    if (text.front() == '"') {
      text.remove_prefix(1);
      const auto length = text.find('"');
      const auto phrase = text.substr(0, length);
      if (phrase.find_first_not_of(" \t\n\v\f\r") != std::string_view::npos) add(phrase);
      text.remove_prefix(length == std::string_view::npos ? text.size() : length + 1);
      is_prefix = false;
      continue;
    }
    const auto length = text.find_first_of(" \t\n\v\f\r\"");
    add(text.substr(0, length));
    text.remove_prefix(length == std::string_view::npos ? text.size() : length);
    is_prefix = true;
  }
  if (expression.empty()) return "\"\"";
  return is_prefix ? expression + " *" : expression;
}

}  // namespace convoy::query
