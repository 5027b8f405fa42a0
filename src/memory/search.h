// search.h: the whole bank, searched by words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "convoy/database.h"
#include "convoy/query.h"

namespace convoy::memory {

enum class Kind {
  Workspace,
  Project,
  Milestone,
  Task,
  Activity,
  Workflow,
  Pattern,
  BestPractice,
};

inline constexpr std::array kKinds{Kind::Workspace, Kind::Project,     Kind::Milestone,
                                   Kind::Task,      Kind::Activity,    Kind::Workflow,
                                   Kind::Pattern,   Kind::BestPractice};

// "workspace" … "best-practice".
std::string_view to_string(Kind kind) noexcept;

// "task", "tasks" and "best_practice" are understood too. Errors: InvalidArgument, listing all.
Result<Kind> kind_of(std::string_view word);

std::string_view table_of(Kind kind) noexcept;

struct SearchRequest {
  // All must be found, in any column of a record; the last one may be the beginning of a word.
  // "Several words" in quotes stand together.
  std::string words;
  std::vector<Kind> kinds;             // Empty: all.
  std::optional<std::string> project;  // A whole id: only what lies in it.
  std::vector<std::string> statuses;   // Of projects, milestones and tasks: any of these.
  std::int64_t limit = 20;
};

// A piece of a text that was found.
struct SnippetPart {
  std::string text;
  bool is_match = false;
};

struct Hit {
  Kind kind = Kind::Task;
  Record record;
  std::string title;  // Its name; of an activity that of its task.
  std::vector<SnippetPart> snippet;
  double score = 0;               // The higher the better; of one search only.
  std::optional<Record> project;  // In which it lies, if it does and that is here.
};

struct SearchResult {
  std::vector<Hit> hits;  // The best first.
  // Words that are nowhere in the bank, and what was looked for in their place.
  std::vector<std::pair<std::string, std::string>> corrections;
  bool has_any_word = false;  // No record has all the words: these have some.
  bool has_more = false;      // There are more than the limit.
};

// All in the reader's one state. If nothing has the words as they are, words with typos are looked
// for as the bank's own nearest words; if still nothing has all, whatever has one of them. Errors:
// InvalidArgument without a word; those of Reader.
Result<SearchResult> search_bank(Reader& reader, const Schema& schema,
                                 const SearchRequest& request);

// Records of `table` whose `label` has all the words of `text`, typos allowed or not, the best
// first.
enum class Typos { Refused, Forgiven };
Result<std::vector<Record>> find_by_label(Reader& reader, const Table& table,
                                          std::string_view label, std::string_view text,
                                          Typos typos, std::int64_t limit);

}  // namespace convoy::memory
