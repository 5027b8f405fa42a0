// read_parser.h: what a script reads: query, count, find, sql … Pure.
#pragma once

#include <string_view>
#include <vector>

#include "conformance/runner/lines.h"
#include "conformance/runner/script.h"
#include "convoy/result.h"

namespace convoy::conformance {

bool is_read(std::string_view word);

struct ParsedRead {
  Read read;
  std::vector<Line> below;  // The lines below that are not part of it.
};

// `text` is the line without what is expected.
Result<ParsedRead> parse_read(const Line& line, std::string_view text);

// A read and what is expected of it. Errors: also if nothing is.
Result<ReadCommand> parse_read_command(const Line& line);

// Checks that what is expected suits what is read.
Status check_expectation(const Line& line, const Read& read, const Expectation& expected);

}  // namespace convoy::conformance
