#include "conformance/runner/expectation_parser.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "conformance/runner/words.h"

namespace convoy::conformance {
namespace {

constexpr std::string_view kArrow = " => ";

std::optional<ErrorCode> to_code(std::string_view name) {
  constexpr std::array kCodes{
#define CONVOY_CONFORMANCE_CODE(name, number, retryable, text) ErrorCode::name,
      CONVOY_ERROR_CODES(CONVOY_CONFORMANCE_CODE)
#undef CONVOY_CONFORMANCE_CODE
  };
  for (const auto code : kCodes) {
    if (to_string(code) == name) return code;
  }
  return std::nullopt;
}

}  // namespace

Result<std::vector<Cell>> read_cells(const Line& line, std::string_view text) {
  std::vector<Cell> cells;
  for (Words words(text); !words.at_end();) {
    const auto word = words.skip_word();
    auto cell = to_cell(word);
    if (!cell) return mistake(line, std::string(word) + " is no value; text may need quotes");
    cells.push_back(*std::move(cell));
  }
  return cells;
}

Result<Inline> split_inline(const Line& line, std::string_view text) {
  const auto at = text.rfind(kArrow);
  if (at == std::string_view::npos) return Inline{.text = text, .expected = {}};
  Inline result{.text = text.substr(0, at), .expected = {}};
  const auto right = text.substr(at + kArrow.size());
  if (right == "nothing") {
    result.expected.kind = ExpectationKind::Nothing;
  } else if (right == "silence") {
    result.expected.kind = ExpectationKind::Silence;
  } else {
    result.expected.kind = ExpectationKind::Cells;
    CONVOY_TRY(result.expected.cells, read_cells(line, right));
  }
  return result;
}

bool is_error(const Line& line) { return line.text.starts_with("error ") && line.children.empty(); }

Result<ExpectedError> read_error(const Line& line) {
  Words words(line.text);
  words.skip_word();
  const auto name = words.skip_word();
  const auto code = to_code(name);
  if (!code) return mistake(line, "there is no error code " + std::string(name));
  return ExpectedError{.code = *code, .text = std::string(words.rest())};
}

Result<std::optional<ExpectedError>> read_only_error(const Line& line) {
  if (line.children.empty()) return std::optional<ExpectedError>();
  if (line.children.size() > 1 || !is_error(line.children.front())) {
    return mistake(line.children.front(), "only an error can be expected here");
  }
  CONVOY_TRY(auto error, read_error(line.children.front()));
  return std::optional(std::move(error));
}

Result<std::vector<std::string>> read_header(const Line& line) {
  if (!line.children.empty()) return mistake(line, "a table has no lines below its lines");
  std::vector<std::string> columns;
  for (Words words(line.text); !words.at_end();) {
    const auto word = words.skip_word();
    auto name = to_name(word);
    if (!name) return mistake(line, std::string(word) + " is no name of a column");
    if (std::ranges::find(columns, *name) != columns.end()) {
      return mistake(line, "the column " + *name + " stands twice");
    }
    columns.push_back(*std::move(name));
  }
  return columns;
}

Result<Expectation> read_expectation(const Line& line, const std::vector<Line>& below) {
  Expectation expected;
  if (below.empty()) return expected;
  if (is_error(below.front())) {
    if (below.size() > 1) return mistake(below[1], "nothing is expected beside an error");
    expected.kind = ExpectationKind::Error;
    CONVOY_TRY(expected.error, read_error(below.front()));
    return expected;
  }
  expected.kind = ExpectationKind::Table;
  CONVOY_TRY(expected.columns, read_header(below.front()));
  if (below.size() == 1) return mistake(line, "no rows are written `=> nothing`");
  for (std::size_t i = 1; i < below.size(); ++i) {
    if (!below[i].children.empty()) {
      return mistake(below[i], "a table has no lines below its lines");
    }
    CONVOY_TRY(auto row, read_cells(below[i], below[i].text));
    if (row.size() != expected.columns.size()) {
      return mistake(below[i], std::to_string(row.size()) + " values in " +
                                   std::to_string(expected.columns.size()) + " columns");
    }
    expected.rows.push_back(std::move(row));
  }
  return expected;
}

}  // namespace convoy::conformance
