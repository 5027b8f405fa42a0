#include "memory/search_words.h"

#include <algorithm>

#include "base/limits.h"
#include "memory/spelling.h"
#include "memory/words.h"

namespace convoy::memory {

Result<SearchWords> SearchWords::parse(std::string_view text) {
  SearchWords words;
  bool is_quoted = false;
  while (!text.empty()) {
    const auto end = std::min(text.find('"'), text.size());
    const auto piece = text.substr(0, end);
    auto found = words_of(piece);
    if (is_quoted && !found.empty()) {
      std::string phrase;
      for (const auto& word : found) phrase += (phrase.empty() ? "" : " ") + word;
      words.terms_.push_back({.text = std::move(phrase), .is_phrase = true});
    } else {
      for (auto& word : found) words.terms_.push_back({.text = std::move(word)});
      // Somebody who has typed on is done with the word.
      const bool is_last = end == text.size() && !piece.empty();
      if (is_last && !found.empty()) words.terms_.back().is_open = !piece.ends_with(' ');
    }
    if (end == text.size()) break;
    text.remove_prefix(end + 1);
    is_quoted = !is_quoted;
  }
  if (words.terms_.empty()) {
    return Error{.code = ErrorCode::InvalidArgument,
                 .message = "there is no word to look for",
                 .hint = "Give one or more words, e.g. `convoy search offline sync`."};
  }
  if (words.terms_.size() > limits::kSearchWordsMax) {
    return Error{.code = ErrorCode::InvalidArgument,
                 .message = "there are more than " + std::to_string(limits::kSearchWordsMax) +
                            " words to look for"};
  }
  return words;
}

Result<std::vector<std::pair<std::string, std::string>>> SearchWords::correct(
    Reader& reader, const std::vector<const Table*>& tables) {
  std::vector<std::pair<std::string, std::string>> corrections;
  for (auto& term : terms_) {
    if (term.is_phrase) continue;
    std::vector<std::string> near;
    bool is_known = false;
    for (const auto* table : tables) {
      CONVOY_TRY(auto words, near_words(reader, *table, term.text,
                                        term.is_open ? WordEnd::Open : WordEnd::Whole));
      is_known = is_known || (words.size() == 1 && words.front() == term.text);
      if (is_known) break;
      for (auto& word : words) {
        if (std::ranges::find(near, word) == near.end()) near.push_back(std::move(word));
      }
    }
    if (is_known || near.empty()) continue;
    // Each table gave its own nearest; of all tables the nearest count.
    const auto typos = [&](const std::string& word) {
      return typos_between(term.text, word, typos_allowed(term.text.size()));
    };
    const auto best = typos(*std::ranges::min_element(near, {}, typos));
    std::erase_if(near, [&](const std::string& word) { return typos(word) > best; });
    corrections.emplace_back(term.text, near.front());
    term.instead = std::move(near);
  }
  return corrections;
}

std::string SearchWords::joined(std::string_view by) const {
  std::string expression;
  for (const auto& term : terms_) {
    if (!expression.empty()) expression += by;
    if (term.instead.empty()) {
      expression += "\"" + term.text + "\"" + (term.is_open ? " *" : "");
      continue;
    }
    std::string any;
    for (const auto& word : term.instead) any += (any.empty() ? "\"" : " OR \"") + word + "\"";
    expression += "(" + any + ")";
  }
  return expression;
}

}  // namespace convoy::memory
