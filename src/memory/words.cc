#include "memory/words.h"

#include <algorithm>
#include <array>
#include <utility>

namespace convoy::memory {
namespace {

// In alphabetical order.
constexpr auto kGrammar = std::to_array<std::string_view>(
    {"about",  "after", "all",   "also",  "and",  "any",    "are",   "because", "been",
     "before", "but",   "can",   "could", "did",  "does",   "each",  "for",     "from",
     "had",    "has",   "have",  "her",   "here", "his",    "how",   "into",    "its",
     "just",   "may",   "more",  "most",  "must", "not",    "now",   "off",     "one",
     "only",   "other", "our",   "out",   "over", "should", "some",  "such",    "than",
     "that",   "the",   "their", "them",  "then", "there",  "these", "they",    "this",
     "was",    "what",  "when",  "which", "will", "with",   "you",   "your"});

bool is_word_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z') || byte >= 0x80;
}

bool has_digit_or_beyond_ascii(std::string_view word) {
  return std::ranges::any_of(word, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || (byte >= '0' && byte <= '9');
  });
}

// What is left must still say something: "testing" is about tests, "sing" about singing.
std::string without_ending(std::string word) {
  constexpr std::size_t kStemMin = 4;
  for (const std::string_view ending : {"ing", "ed", "ies", "es", "s"}) {
    if (!word.ends_with(ending) || word.size() < kStemMin + ending.size()) continue;
    if (ending == "s" && word.ends_with("ss")) return word;
    // "indexes" loses both letters, "databases" only one: its singular ends in e.
    const bool keeps_e = ending == "es" && !word.ends_with("xes") && !word.ends_with("shes") &&
                         !word.ends_with("ches") && !word.ends_with("sses");
    word.resize(word.size() - (keeps_e ? 1 : ending.size()));
    // "planning" is about a plan. Of a word with two such letters itself a beginning is left.
    const bool has_added_letter = (ending == "ing" || ending == "ed") && word.size() > kStemMin &&
                                  word[word.size() - 1] == word[word.size() - 2];
    if (has_added_letter) word.pop_back();
    return word;
  }
  return word;
}

}  // namespace

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text) {
    if (is_word_byte(c)) {
      word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

std::vector<std::string> subject_words(std::string_view text) {
  constexpr std::size_t kLengthMin = 3;
  std::vector<std::string> subjects;
  for (auto& word : words_of(text)) {
    if (word.size() < kLengthMin && !has_digit_or_beyond_ascii(word)) continue;
    if (std::ranges::binary_search(kGrammar, std::string_view(word))) continue;
    auto stem = without_ending(std::move(word));
    if (std::ranges::find(subjects, stem) == subjects.end()) subjects.push_back(std::move(stem));
  }
  return subjects;
}

std::size_t typos_between(std::string_view left, std::string_view right, std::size_t limit) {
  const auto longer = std::max(left.size(), right.size());
  if (longer - std::min(left.size(), right.size()) > limit) return limit + 1;
  // Three rows of the table of optimal string alignment: two back for swapped neighbours.
  std::vector<std::size_t> before(right.size() + 1);
  std::vector<std::size_t> above(right.size() + 1);
  std::vector<std::size_t> row(right.size() + 1);
  for (std::size_t j = 0; j <= right.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    row[0] = i;
    std::size_t least = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (left[i - 1] == right[j - 1] ? 0U : 1U);
      row[j] = std::min({replaced, above[j] + 1, row[j - 1] + 1});
      const bool is_swap =
          i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
      if (is_swap) row[j] = std::min(row[j], before[j - 2] + 1);
      least = std::min(least, row[j]);
    }
    if (least > limit) return limit + 1;
    std::swap(before, above);
    std::swap(above, row);
  }
  return std::min(above[right.size()], limit + 1);
}

std::size_t typos_allowed(std::size_t length) {
  constexpr std::size_t kOneFrom = 4;
  constexpr std::size_t kTwoFrom = 8;
  if (length < kOneFrom) return 0;
  return length < kTwoFrom ? 1 : 2;
}

}  // namespace convoy::memory
