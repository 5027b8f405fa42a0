#include "memory/relevance.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

#include "memory/words.h"

namespace convoy::memory {
namespace {

// BM25's usual constants.
constexpr double kSaturation = 1.2;
constexpr double kLengthWeight = 0.75;
constexpr std::size_t kReasonWordsMax = 4;
// A long description would otherwise ask for everything.
constexpr std::size_t kSubjectWordsMax = 64;

struct WeightedWord {
  std::string word;
  double weight = 1;
};

std::vector<WeightedWord> words_about(const Subject& subject) {
  std::vector<WeightedWord> words;
  for (const auto& [text, weight] :
       {std::pair{subject.title, 2.0}, {subject.description, 1.0}, {subject.surroundings, 0.5}}) {
    for (auto& word : subject_words(text)) {
      if (words.size() == kSubjectWordsMax) return words;
      const bool is_known = std::ranges::find(words, word, &WeightedWord::word) != words.end();
      if (!is_known) words.push_back({std::move(word), weight});
    }
  }
  return words;
}

// The words of a record, each with how much its places weigh.
struct Document {
  std::map<std::string, double, std::less<>> words;
  double length = 0;

  // How often the word stands there, or one that begins with it.
  [[nodiscard]] double frequency(std::string_view word) const {
    double sum = 0;
    for (auto at = words.lower_bound(word); at != words.end() && at->first.starts_with(word);
         ++at) {
      sum += at->second;
    }
    return sum;
  }
};

Document read(const Record& record, std::string_view type_column) {
  Document document;
  for (const auto& [column, weight] : {std::pair{std::string_view("name"), 4.0},
                                       {"description", 2.0},
                                       {type_column, 2.0},
                                       {"content", 1.0}}) {
    for (auto& word : words_of(record.text(column))) {
      document.words[std::move(word)] += weight;
      document.length += weight;
    }
  }
  return document;
}

std::string_view where_it_applies(Scope scope) {
  switch (scope) {
    case Scope::Project:
      return "of this project";
    case Scope::Workspace:
      return "of the whole workspace";
    case Scope::Global:
      break;
  }
  return "applies everywhere";
}

std::string reason_of(const Ranked& ranked) {
  std::string words;
  for (std::size_t i = 0; i < ranked.matches.size() && i < kReasonWordsMax; ++i) {
    words += (i == 0 ? "matches " : ", ") + ranked.matches[i];
  }
  const std::string scope(where_it_applies(ranked.scope));
  return words.empty() ? scope : words + "; " + scope;
}

}  // namespace

std::string_view to_string(Scope scope) noexcept {
  constexpr std::array<std::string_view, 3> kNames{"project", "workspace", "global"};
  return kNames[static_cast<std::size_t>(scope)];
}

Scope scope_of(const Record& knowledge) {
  if (!knowledge.text("project_id").empty()) return Scope::Project;
  if (!knowledge.text("workspace_id").empty()) return Scope::Workspace;
  return Scope::Global;
}

std::vector<Ranked> rank_knowledge(std::vector<Record> records, std::string_view type_column,
                                   const Subject& subject) {
  const auto words = words_about(subject);
  std::vector<Document> documents;
  double total_length = 0;
  for (const auto& record : records) {
    documents.push_back(read(record, type_column));
    total_length += documents.back().length;
  }
  const auto count = static_cast<double>(records.size());
  const double mean_length = records.empty() ? 1 : std::max(total_length / count, 1.0);
  std::vector<Ranked> ranked;
  std::vector<std::vector<std::pair<double, std::string>>> telling(records.size());
  for (auto& record : records) {
    const auto scope = scope_of(record);
    auto type = std::string(record.text(type_column));
    ranked.push_back({.record = std::move(record), .scope = scope, .type = std::move(type)});
  }
  for (const auto& [word, weight] : words) {
    std::vector<double> frequencies;
    double containing = 0;
    for (const auto& document : documents) {
      frequencies.push_back(document.frequency(word));
      if (frequencies.back() > 0) ++containing;
    }
    // What is in every row tells none of them apart, yet still says that they fit.
    const double rarity = std::log(1 + (count - containing + 0.5) / (containing + 0.5));
    for (std::size_t i = 0; i < ranked.size(); ++i) {
      if (frequencies[i] <= 0) continue;
      const double norm = 1 - kLengthWeight + kLengthWeight * documents[i].length / mean_length;
      const double part = weight * rarity * frequencies[i] * (kSaturation + 1) /
                          (frequencies[i] + kSaturation * norm);
      ranked[i].score += part;
      telling[i].emplace_back(part, word);
    }
  }
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    std::ranges::stable_sort(telling[i], std::ranges::greater(),
                             [](const auto& one) { return one.first; });
    for (auto& [part, word] : telling[i]) ranked[i].matches.push_back(std::move(word));
    ranked[i].reason = reason_of(ranked[i]);
  }
  std::ranges::sort(ranked, [](const Ranked& left, const Ranked& right) {
    const auto key = [](const Ranked& one) {
      return std::tuple(-one.score, one.scope, std::string_view(one.type), one.record.text("name"),
                        std::string_view(one.record.id));
    };
    return key(left) < key(right);
  });
  return ranked;
}

}  // namespace convoy::memory
