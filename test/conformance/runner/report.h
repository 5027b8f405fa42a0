// report.h: what went otherwise than a script says.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "conformance/runner/lines.h"

namespace convoy::conformance {

struct Failure {
  int line = 0;
  std::string sentence;  // Of the case.
  std::string place;     // "in memory" or "on disk".
  std::string what;      // The line of the script, or what the runner checked by itself.
  std::vector<std::string> expected;
  std::vector<std::string> got;
};

// What the script should say instead, for --update.
struct Edit {
  Line source;
  std::vector<std::string> lines;  // The first may begin with =>.
};

struct Report {
  std::vector<Failure> failures;
  std::vector<Edit> edits;
};

// Several lines for a person, beginning with `file:line: `; the two sides as a diff.
std::string to_text(const std::string& file, const Failure& failure);

// The script with the edits.
std::string updated(const std::string& text, const std::vector<Edit>& edits);

}  // namespace convoy::conformance
