#include "conformance/runner/answer.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "conformance/runner/words.h"

namespace convoy::conformance {
namespace {

using Texts = std::vector<std::string>;

Value to_value(const std::optional<std::string>& text) {
  return text ? Value(*text) : Value(Null{});
}

Result<Rows> parents(Reading& reading, const Read& read) {
  CONVOY_TRY(const auto ids, reading.parents(read.table, read.ids, read.column));
  Rows rows{.columns = {}, .rows = {{}}};
  for (const auto& id : ids) rows.rows[0].push_back(to_value(id));
  return rows;
}

Result<Rows> children(Reading& reading, const Read& read) {
  CONVOY_TRY(const auto lists, reading.children(read.of, read.ids, read.table, read.column));
  Rows rows{.columns = {"of", "id"}, .rows = {}};
  for (std::size_t i = 0; i < lists.size(); ++i) {
    for (const auto& id : lists[i]) rows.rows.push_back({read.ids[i], id});
  }
  return rows;
}

// Whether the => of the read lists the ids of its rows.
bool lists_ids(const Read& read) {
  return read.kind == ReadKind::Query || read.kind == ReadKind::Children;
}

std::optional<std::size_t> position(const Texts& columns, const std::string& column) {
  const auto found = std::ranges::find(columns, column);
  if (found == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(std::distance(columns.begin(), found));
}

std::string word_of(const Cell& cell) { return cell.is_now ? "@now" : to_word(cell.value); }

std::string joined(const Texts& words) {
  std::string line = "=>";
  for (const auto& word : words) line += " " + word;
  return line;
}

// Aligns what belongs to one column, in all of the tables together.
std::vector<Texts> aligned(const std::vector<std::vector<Texts>>& tables) {
  std::vector<std::size_t> widths;
  for (const auto& table : tables) {
    for (const auto& row : table) {
      widths.resize(std::max(widths.size(), row.size()));
      for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
  }
  std::vector<Texts> result;
  for (const auto& table : tables) {
    Texts lines;
    for (const auto& row : table) {
      std::string line;
      for (std::size_t i = 0; i < row.size(); ++i) {
        line += row[i];
        if (i + 1 < row.size()) line += std::string(widths[i] - row[i].size() + 2, ' ');
      }
      lines.push_back(std::move(line));
    }
    result.push_back(std::move(lines));
  }
  return result;
}

std::string error_line(const Error& error) {
  std::string line = "error " + std::string(to_string(error.code)) + " " + error.message;
  if (!error.hint.empty()) line += " (" + error.hint + ")";
  return line;
}

// Rows as the shortest form that says all of them.
Texts full_lines(const Read& read, const Rows& rows) {
  if (rows.rows.empty()) return {"=> nothing"};
  Texts words;
  if (lists_ids(read)) {
    const auto id = position(rows.columns, "id");
    for (const auto& row : rows.rows) words.push_back(id ? to_word(row[*id]) : "?");
    if (!read.is_ordered()) std::ranges::sort(words);
    return {joined(words)};
  }
  const bool is_table = read.kind == ReadKind::Find || read.kind == ReadKind::Sql;
  if (!is_table) {
    for (const auto& value : rows.rows.front()) words.push_back(to_word(value));
    return {joined(words)};
  }
  std::vector<Texts> table{rows.columns};
  for (const auto& row : rows.rows) {
    Texts line;
    for (const auto& value : row) line.push_back(to_word(value));
    table.push_back(std::move(line));
  }
  return aligned({table}).front();
}

// What stands behind a =>.
Comparison compare_cells(const Read& read, const Expectation& expected, const Rows& got,
                         const Window& window) {
  Texts wanted;
  for (const auto& cell : expected.cells) wanted.push_back(word_of(cell));
  if (lists_ids(read)) {
    if (!read.is_ordered()) std::ranges::sort(wanted);
    return {.expected = {joined(wanted)}, .got = full_lines(read, got)};
  }
  if (got.rows.size() != 1) return {.expected = {joined(wanted)}, .got = full_lines(read, got)};
  Texts words;
  for (std::size_t i = 0; i < got.rows[0].size(); ++i) {
    const auto& value = got.rows[0][i];
    const bool is_now =
        i < expected.cells.size() && expected.cells[i].is_now && window.contains(value);
    words.push_back(is_now ? "@now" : to_word(value));
  }
  return {.expected = {joined(wanted)}, .got = {joined(words)}};
}

Comparison compare_table(const Read& read, const Expectation& expected, const Rows& got,
                         const Window& window) {
  std::vector<Texts> wanted;
  std::vector<bool> has_now(expected.columns.size(), false);
  for (const auto& row : expected.rows) {
    Texts words;
    for (std::size_t i = 0; i < row.size(); ++i) {
      words.push_back(word_of(row[i]));
      if (row[i].is_now) has_now[i] = true;
    }
    wanted.push_back(std::move(words));
  }
  std::vector<std::size_t> places;
  Texts missing;
  for (const auto& column : expected.columns) {
    if (const auto place = position(got.columns, column)) {
      places.push_back(*place);
    } else {
      missing.push_back("there is no column " + column);
    }
  }
  std::vector<Texts> found;
  for (const auto& row : got.rows) {
    Texts words;
    for (std::size_t i = 0; i < places.size(); ++i) {
      const auto& value = row[places[i]];
      words.push_back(has_now[i] && window.contains(value) ? "@now" : to_word(value));
    }
    found.push_back(std::move(words));
  }
  if (!read.is_ordered()) {
    std::ranges::sort(wanted);
    std::ranges::sort(found);
  }
  wanted.insert(wanted.begin(), expected.columns);
  if (read.kind == ReadKind::Sql && got.columns != expected.columns) {
    return {.expected = aligned({wanted})[0], .got = full_lines(read, got)};
  }
  if (!missing.empty()) return {.expected = aligned({wanted})[0], .got = missing};
  if (found.empty()) return {.expected = aligned({wanted})[0], .got = {"=> nothing"}};
  found.insert(found.begin(), expected.columns);
  auto lines = aligned({wanted, found});
  return {.expected = std::move(lines[0]), .got = std::move(lines[1])};
}

}  // namespace

bool Window::contains(const Value& value) const {
  const auto* number = std::get_if<double>(&value);
  return number != nullptr && *number >= from_ms && *number <= to_ms;
}

Rows single(Value value) { return {.columns = {"value"}, .rows = {{std::move(value)}}}; }

Result<Rows> answer(Reading& reading, const Read& read) {
  switch (read.kind) {
    case ReadKind::Query:
      return reading.fetch(read.text);
    case ReadKind::Count: {
      CONVOY_TRY(const auto count, reading.count(read.text));
      return single(static_cast<double>(count));
    }
    case ReadKind::Find:
      return reading.find(read.table, read.ids.front());
    case ReadKind::Sql:
      return reading.select(read.text, read.args);
    case ReadKind::Parents:
      return parents(reading, read);
    case ReadKind::Children:
      return children(reading, read);
    case ReadKind::Explain: {
      CONVOY_TRY(const bool is_maintained, reading.is_maintained(read.text));
      return single(is_maintained ? "maintained" : "re-run");
    }
    case ReadKind::Local:
      break;
  }
  return Error{.code = ErrorCode::Internal, .message = "the runner can't read this here"};
}

Comparison compare(const Read& read, const Expectation& expected, const Result<Rows>& got,
                   const Window& window) {
  if (expected.kind == ExpectationKind::Error && !got.ok()) {
    return compare_error(expected.error, got.error());
  }
  if (expected.kind == ExpectationKind::Cells && got.ok()) {
    return compare_cells(read, expected, *got, window);
  }
  if (expected.kind == ExpectationKind::Table && got.ok()) {
    return compare_table(read, expected, *got, window);
  }
  Comparison result;
  result.got = got.ok() ? full_lines(read, *got) : Texts{error_line(got.error())};
  switch (expected.kind) {
    case ExpectationKind::Nothing:
      result.expected = {"=> nothing"};
      break;
    case ExpectationKind::Error:
      result.expected = {"error " + std::string(to_string(expected.error.code)) + " " +
                         expected.error.text};
      break;
    case ExpectationKind::Silence:
      result.expected = {"=> silence"};
      break;
    default:
      result.expected = {"no error"};
  }
  return result;
}

Comparison compare_error(const ExpectedError& expected, const Error& got) {
  const std::string said = got.message + "\n" + got.hint;
  std::string wanted = "error " + std::string(to_string(expected.code));
  if (!expected.text.empty()) wanted += " " + expected.text;
  const bool fits = got.code == expected.code && said.find(expected.text) != std::string::npos;
  return {.expected = {wanted}, .got = {fits ? wanted : error_line(got)}};
}

}  // namespace convoy::conformance
