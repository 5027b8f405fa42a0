// expectation_parser.h: what a script expects behind and below its commands. Pure.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "conformance/runner/lines.h"
#include "conformance/runner/script.h"
#include "convoy/result.h"

namespace convoy::conformance {

// `text` up to its last " => ", and what follows as cells.
struct Inline {
  std::string_view text;
  Expectation expected;  // None if there is no =>.
};

Result<Inline> split_inline(const Line& line, std::string_view text);

// A table, an error or nothing at all, in the lines below a command.
Result<Expectation> read_expectation(const Line& line, const std::vector<Line>& below);

// The `error` that may stand below a command, and nothing else.
Result<std::optional<ExpectedError>> read_only_error(const Line& line);
// Whether the line says `error …`.
bool is_error(const Line& line);
Result<ExpectedError> read_error(const Line& line);

// The header and rows of a table.
Result<std::vector<std::string>> read_header(const Line& line);
Result<std::vector<Cell>> read_cells(const Line& line, std::string_view text);

}  // namespace convoy::conformance
