// answer.h: what a driver says to a read, and the lines that show it beside what was expected.
#pragma once

#include <string>
#include <vector>

#include "conformance/runner/driver.h"
#include "conformance/runner/script.h"
#include "convoy/result.h"

namespace convoy::conformance {

// When a time may be to be `@now`.
struct Window {
  double from_ms = 0;
  double to_ms = 0;

  [[nodiscard]] bool contains(const Value& value) const;
};

// Every read but Local as rows: a count and an explanation are one value; parents are one row,
// children rows of `of` and `id`.
Result<Rows> answer(Reading& reading, const Read& read);

struct Comparison {
  std::vector<std::string> expected;
  std::vector<std::string> got;

  [[nodiscard]] bool is_equal() const { return expected == got; }
};

// The lines of a script that would expect `got`, in the form in which `expected` stands there
// (`nothing` and a table where the form can't say it).
Comparison compare(const Read& read, const Expectation& expected, const Result<Rows>& got,
                   const Window& window);
Comparison compare_error(const ExpectedError& expected, const Error& got);

// A row of one value.
Rows single(Value value);

}  // namespace convoy::conformance
