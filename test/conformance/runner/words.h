// words.h: the words of a line and the values they stand for (README.md, "Values"). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "convoy/value.h"

namespace convoy::conformance {

// Takes a line apart from left to right. A word ends at a space, a JSON string at its quote.
class Words {
 public:
  explicit Words(std::string_view text) : rest_(text) { skip_spaces(); }

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  [[nodiscard]] std::string_view rest() const { return rest_; }

  // The next word as it is written; empty at the end.
  std::string_view skip_word();

 private:
  void skip_spaces();

  std::string_view rest_;
};

// What is expected to stand in a row.
struct Cell {
  Value value;
  bool is_now = false;  // `@now`: a time between the beginning of the case and this moment.
};

// `null`, `true`, a number, a JSON string, a bare word. Nothing: it is none of these.
std::optional<Cell> to_cell(std::string_view word);
// A name or an id: a JSON string or a word taken as it is.
std::optional<std::string> to_name(std::string_view word);
// A field of a record. Objects stand for values that JSON can't hold, or that are too long to be
// written down: {"repeat": "x", "times": 3}, {"number": "Infinity"}.
std::optional<Value> to_value(const base::Json& json);

// The word that to_cell() reads as this value.
std::string to_word(const Value& value);

}  // namespace convoy::conformance
