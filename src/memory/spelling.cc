#include "memory/spelling.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "memory/words.h"
#include "store/search_index.h"

namespace convoy::memory {
namespace {

constexpr std::size_t kSuggestionsMax = 5;
// Greater than whatever a word goes on with.
constexpr std::string_view kBeyond = "\xF4\x8F\xBF\xBF";

struct Near {
  std::size_t typos = 0;
  double documents = 0;
  std::string word;
};

// Words from `first` on that are less than `last`; an empty `last` means all.
Result<RawRows> words_between(Reader& reader, const Table& table, std::string first,
                              std::string last) {
  auto sql = "select term, doc from \"" + store::vocabulary_name(table) + "\" where term >= ?";
  std::vector<Value> args{std::move(first)};
  if (!last.empty()) {
    sql += " and term < ?";
    args.emplace_back(std::move(last));
  }
  return reader.select(sql, args);
}

void keep_near(const RawRows& rows, std::string_view word, WordEnd end, std::vector<Near>& found) {
  const auto allowed = typos_allowed(word.size());
  for (const auto& row : rows.rows) {
    const auto* term = std::get_if<std::string>(&row[0]);
    const auto* documents = std::get_if<double>(&row[1]);
    if (term == nullptr || documents == nullptr) continue;
    auto typos = typos_between(word, *term, allowed);
    // What was typed so far may have a letter too many or too few.
    if (end == WordEnd::Open) {
      const auto longest = std::min(term->size(), word.size() + allowed);
      for (auto size = word.size() - allowed; size <= longest && typos > allowed; ++size) {
        typos = typos_between(word, std::string_view(*term).substr(0, size), allowed);
      }
    }
    if (typos <= allowed) found.push_back({typos, *documents, *term});
  }
}

}  // namespace

Result<std::vector<std::string>> near_words(Reader& reader, const Table& table,
                                            std::string_view word, WordEnd end) {
  const std::string given(word);
  const std::array<Value, 2> range{given, given + std::string(kBeyond)};
  const auto vocabulary = "\"" + store::vocabulary_name(table) + "\"";
  CONVOY_TRY(
      const auto known,
      end == WordEnd::Open
          ? reader.select("select 1 from " + vocabulary + " where term >= ? and term < ? limit 1",
                          range)
          : reader.select("select 1 from " + vocabulary + " where term = ? limit 1",
                          std::span(range).first(1)));
  if (!known.rows.empty()) return std::vector<std::string>{given};
  if (typos_allowed(word.size()) == 0) return std::vector<std::string>{};
  // Few mistype the first letter, and words that share it are few.
  std::vector<Near> found;
  CONVOY_TRY(const auto alike, words_between(reader, table, given.substr(0, 1),
                                             given.substr(0, 1) + std::string(kBeyond)));
  keep_near(alike, word, end, found);
  if (found.empty()) {
    CONVOY_TRY(const auto all, words_between(reader, table, "", ""));
    keep_near(all, word, end, found);
  }
  std::ranges::sort(found, [](const Near& left, const Near& right) {
    return std::tuple(left.typos, -left.documents, std::string_view(left.word)) <
           std::tuple(right.typos, -right.documents, std::string_view(right.word));
  });
  std::vector<std::string> words;
  for (auto& one : found) {
    if (words.size() == kSuggestionsMax) break;
    words.push_back(std::move(one.word));
  }
  return words;
}

}  // namespace convoy::memory
