// relevance.h: which patterns and best practices matter most for a task. Pure.
//
// A full-text relevance (BM25 over the rows that apply), so that rows count alike whether they are
// in the local index or came from the server a moment ago. docs/design/context-service.md has the
// formula.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "convoy/database.h"

namespace convoy::memory {

// Where a pattern or best practice applies. The nearest first.
enum class Scope { Project, Workspace, Global };

// "project", "workspace", "global".
std::string_view to_string(Scope scope) noexcept;

// What a row's own columns say.
Scope scope_of(const Record& knowledge);

// What a task is about.
struct Subject {
  std::string_view title;  // Its words count most …
  std::string_view description;
  std::string_view surroundings;  // … and those of its milestone least.
};

struct Ranked {
  Record record;
  Scope scope = Scope::Global;
  std::string type;                  // pattern_type or category; may be empty.
  double score = 0;                  // 0: none of the task's words is in it.
  std::vector<std::string> matches;  // The task's words that are, the most telling first.
  std::string reason;                // Why it is here, for people: "matches offline, sync; …"
};

// `type_column` is pattern_type or category. By score, then scope, type, name and id.
std::vector<Ranked> rank_knowledge(std::vector<Record> records, std::string_view type_column,
                                   const Subject& subject);

}  // namespace convoy::memory
