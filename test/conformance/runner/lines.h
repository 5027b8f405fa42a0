// lines.h: a script as a tree of lines, the first half of its grammar (README.md, "Lines"). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "convoy/result.h"

namespace convoy::conformance {

struct Line {
  int number = 0;             // In the file, from 1.
  int last_number = 0;        // Of the last line it goes on in, where it ends with a backslash.
  int depth = 0;              // Two spaces each.
  std::string text;           // Without indentation.
  bool is_from_loop = false;  // Stands in the file once, and here once for each value.
  std::vector<Line> children;
};

// A mistake in a script. Its message begins with the line's number.
Error mistake(const Line& line, std::string_view what);
Error mistake(int line, std::string_view what);

// Comments and blank lines are left out, loops are written out.
Result<std::vector<Line>> read_lines(std::string_view text);

}  // namespace convoy::conformance
