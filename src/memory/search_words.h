// search_words.h: what somebody typed into a search, as FTS5 understands it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "convoy/database.h"

namespace convoy::memory {

class SearchWords {
 public:
  // Errors: InvalidArgument if there is no word in `text`, or more than limits::kSearchWordsMax.
  static Result<SearchWords> parse(std::string_view text);

  [[nodiscard]] std::size_t count() const { return terms_.size(); }

  // All must be found.
  [[nodiscard]] std::string expression() const { return joined(" AND "); }

  // One is enough.
  [[nodiscard]] std::string any_expression() const { return joined(" OR "); }

  // Puts near words in the place of those that are in none of `tables`. What was replaced by what,
  // a pair for each such word that has near ones.
  Result<std::vector<std::pair<std::string, std::string>>> correct(
      Reader& reader, const std::vector<const Table*>& tables);

 private:
  struct Term {
    std::string text;  // One word, or several that stand together.
    bool is_phrase = false;
    bool is_open = false;                // The last word, which may go on.
    std::vector<std::string> instead{};  // Any of these.
  };

  [[nodiscard]] std::string joined(std::string_view by) const;

  std::vector<Term> terms_;
};

}  // namespace convoy::memory
