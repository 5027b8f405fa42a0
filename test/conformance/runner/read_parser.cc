#include "conformance/runner/read_parser.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "base/json.h"
#include "conformance/runner/expectation_parser.h"
#include "conformance/runner/words.h"

namespace convoy::conformance {
namespace {

using base::Json;

constexpr std::array<std::pair<std::string_view, ReadKind>, 8> kReads{
    {{"query", ReadKind::Query},
     {"count", ReadKind::Count},
     {"find", ReadKind::Find},
     {"sql", ReadKind::Sql},
     {"parents", ReadKind::Parents},
     {"children", ReadKind::Children},
     {"explain", ReadKind::Explain},
     {"local", ReadKind::Local}}};

std::optional<ReadKind> kind_of(std::string_view word) {
  const auto found = std::ranges::find(kReads, word, &std::pair<std::string_view, ReadKind>::first);
  return found == kReads.end() ? std::nullopt : std::optional(found->second);
}

Result<std::string> read_name(const Line& line, Words& words, std::string_view what) {
  auto name = to_name(words.skip_word());
  if (!name) return mistake(line, std::string(what) + " is missing");
  return *std::move(name);
}

Result<std::vector<std::string>> read_ids(const Line& line, Words& words) {
  std::vector<std::string> ids;
  while (!words.at_end()) {
    CONVOY_TRY(auto id, read_name(line, words, "an id"));
    ids.push_back(std::move(id));
  }
  return ids;
}

// {…}, or TABLE [where …].
Result<std::string> read_query(const Line& line, Words words) {
  if (words.rest().starts_with('{')) {
    const auto json = base::parse_json(words.rest());
    if (!json.ok()) return mistake(line, json.error().message);
    return json->dump();
  }
  CONVOY_TRY(auto table, read_name(line, words, "the table"));
  Json query;
  query.set("from", std::move(table));
  if (!words.at_end()) {
    auto where = base::parse_json(words.rest());
    if (!where.ok()) return mistake(line, where.error().message);
    if (where->array() == nullptr) return mistake(line, "conditions are an array");
    query.set("where", *std::move(where));
  }
  return query.dump();
}

// TABLE[.COLUMN] of …
Status read_relation(const Line& line, Words& words, Read& read) {
  CONVOY_TRY(const auto place, read_name(line, words, "TABLE.COLUMN"));
  const auto dot = place.find('.');
  read.table = place.substr(0, dot);
  if (dot != std::string::npos) read.column = place.substr(dot + 1);
  if (words.skip_word() != "of") return mistake(line, "TABLE.COLUMN of ID …");
  if (read.kind == ReadKind::Children) {
    CONVOY_TRY(read.of, read_name(line, words, "the table of the parents"));
  }
  CONVOY_TRY(read.ids, read_ids(line, words));
  return ok_status();
}

// args […], the first line below a statement.
Result<std::vector<Value>> read_args(const Line& line) {
  const auto json = base::parse_json(line.text.substr(std::string_view("args ").size()));
  if (!json.ok()) return mistake(line, json.error().message);
  if (json->array() == nullptr) return mistake(line, "arguments are an array");
  std::vector<Value> args;
  for (const auto& element : *json->array()) {
    auto value = to_value(element);
    if (!value) return mistake(line, element.dump() + " is no argument");
    args.push_back(*std::move(value));
  }
  return args;
}

Status fill(const Line& line, Words words, Read& read) {
  switch (read.kind) {
    case ReadKind::Query:
    case ReadKind::Count:
    case ReadKind::Explain: {
      CONVOY_TRY(read.text, read_query(line, words));
      return ok_status();
    }
    case ReadKind::Sql:
      read.text = words.rest();
      return ok_status();
    case ReadKind::Parents:
    case ReadKind::Children:
      return read_relation(line, words, read);
    case ReadKind::Find: {
      CONVOY_TRY(read.table, read_name(line, words, "the table"));
      CONVOY_TRY(read.ids, read_ids(line, words));
      return read.ids.size() == 1 ? ok_status() : Status(mistake(line, "find TABLE ID"));
    }
    case ReadKind::Local: {
      CONVOY_TRY(read.text, read_name(line, words, "the key"));
      return words.at_end() ? ok_status() : Status(mistake(line, "local KEY"));
    }
  }
  return mistake(line, "not understood");
}

}  // namespace

bool Read::is_ordered() const {
  if (kind != ReadKind::Query) return true;
  const auto json = base::parse_json(text);
  return json.ok() && (json->find("order") != nullptr || json->find("take") != nullptr ||
                       json->find("skip") != nullptr);
}

bool is_read(std::string_view word) { return kind_of(word).has_value(); }

Result<ParsedRead> parse_read(const Line& line, std::string_view text) {
  Words words(text);
  const auto word = words.skip_word();
  const auto kind = kind_of(word);
  if (!kind) return mistake(line, "\"" + std::string(word) + "\" reads nothing");
  ParsedRead parsed{.read = {.kind = *kind}, .below = line.children};
  CONVOY_CHECK_OK(fill(line, words, parsed.read));
  const bool has_args = *kind == ReadKind::Sql && !parsed.below.empty() &&
                        parsed.below.front().text.starts_with("args [");
  if (has_args) {
    CONVOY_TRY(parsed.read.args, read_args(parsed.below.front()));
    parsed.below.erase(parsed.below.begin());
  }
  return parsed;
}

Result<ReadCommand> parse_read_command(const Line& line) {
  CONVOY_TRY(auto inline_part, split_inline(line, line.text));
  CONVOY_TRY(auto parsed, parse_read(line, inline_part.text));
  CONVOY_TRY(auto expected, read_expectation(line, parsed.below));
  if (inline_part.expected.kind != ExpectationKind::None) {
    if (expected.kind != ExpectationKind::None) {
      return mistake(line, "what is expected stands behind the command and below it");
    }
    expected = std::move(inline_part.expected);
  }
  if (expected.kind == ExpectationKind::None) return mistake(line, "nothing is expected");
  CONVOY_CHECK_OK(check_expectation(line, parsed.read, expected));
  return ReadCommand{.read = std::move(parsed.read), .expected = std::move(expected)};
}

Status check_expectation(const Line& line, const Read& read, const Expectation& expected) {
  const auto kind = expected.kind;
  if (kind == ExpectationKind::Error) return ok_status();
  if (kind == ExpectationKind::Silence) return mistake(line, "only observers can be silent");
  const bool has_rows = read.kind == ReadKind::Query || read.kind == ReadKind::Find ||
                        read.kind == ReadKind::Sql || read.kind == ReadKind::Children;
  if (kind == ExpectationKind::Table && !has_rows) return mistake(line, "one line is expected");
  if (kind == ExpectationKind::Nothing && !has_rows && read.kind != ReadKind::Local) {
    return mistake(line, "this can't be nothing");
  }
  if (kind == ExpectationKind::Cells && read.kind == ReadKind::Find) {
    return mistake(line, "a table or nothing is expected");
  }
  const bool is_single = read.kind == ReadKind::Count || read.kind == ReadKind::Explain ||
                         read.kind == ReadKind::Local;
  if (kind == ExpectationKind::Cells && is_single && expected.cells.size() != 1) {
    return mistake(line, "one value is expected");
  }
  return ok_status();
}

}  // namespace convoy::conformance
