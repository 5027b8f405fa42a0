#include "conformance/runner/operation_parser.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/json.h"
#include "conformance/runner/expectation_parser.h"
#include "conformance/runner/read_parser.h"
#include "conformance/runner/words.h"

namespace convoy::conformance {
namespace {

Result<std::string> read_name(const Line& line, Words& words, std::string_view what) {
  auto name = to_name(words.skip_word());
  if (!name) return mistake(line, std::string(what) + " is missing");
  return *std::move(name);
}

// {"column": value, …}
Status read_fields(const Line& line, std::string_view text, Operation& operation) {
  const auto json = base::parse_json(text);
  if (!json.ok()) return mistake(line, json.error().message);
  if (json->object() == nullptr) return mistake(line, "fields are an object");
  for (const auto& [name, member] : *json->object()) {
    auto value = to_value(member);
    if (!value) return mistake(line, member.dump() + " is no value of a field");
    operation.fields.emplace_back(name, *std::move(value));
  }
  return ok_status();
}

// create TABLE [ID] [{…}], update TABLE ID {…}; the record that is returned may stand below.
Result<Operation> parse_change(const Line& line, OperationKind kind) {
  Operation operation{.kind = kind, .source = line};
  Words words(line.text);
  words.skip_word();
  CONVOY_TRY(operation.table, read_name(line, words, "the table"));
  if (!words.at_end() && !words.rest().starts_with('{')) {
    CONVOY_TRY(operation.id, read_name(line, words, "the id"));
  } else if (kind == OperationKind::Update) {
    return mistake(line, "update TABLE ID {…}");
  }
  if (!words.at_end()) {
    CONVOY_CHECK_OK(read_fields(line, words.rest(), operation));
  } else if (kind == OperationKind::Update) {
    return mistake(line, "update TABLE ID {…}");
  }
  CONVOY_TRY(operation.expected, read_expectation(line, line.children));
  return operation;
}

// delete TABLE ID [=> N], erase TABLE ID [=> N]
Result<Operation> parse_removal(const Line& line, OperationKind kind) {
  Operation operation{.kind = kind, .source = line};
  CONVOY_TRY(auto inline_part, split_inline(line, line.text));
  Words words(inline_part.text);
  words.skip_word();
  CONVOY_TRY(operation.table, read_name(line, words, "the table"));
  CONVOY_TRY(operation.id, read_name(line, words, "the id"));
  if (!words.at_end()) return mistake(line, "delete TABLE ID => N");
  CONVOY_TRY(operation.expected, read_expectation(line, line.children));
  if (inline_part.expected.kind == ExpectationKind::None) return operation;
  const bool is_number =
      inline_part.expected.kind == ExpectationKind::Cells && inline_part.expected.cells.size() == 1;
  if (!is_number || operation.expected.kind != ExpectationKind::None) {
    return mistake(line, "how many records is expected, or an error");
  }
  operation.expected = std::move(inline_part.expected);
  return operation;
}

// load TABLE, with a table below; an error may be its last line.
Result<Operation> parse_load(const Line& line) {
  Operation operation{.kind = OperationKind::Load, .source = line};
  Words words(line.text);
  words.skip_word();
  CONVOY_TRY(operation.table, read_name(line, words, "the table"));
  if (!words.at_end() || line.children.empty()) return mistake(line, "load TABLE, and rows below");
  auto below = line.children;
  if (is_error(below.back())) {
    CONVOY_TRY(operation.expected, read_expectation(line, {below.back()}));
    below.pop_back();
  }
  if (below.empty()) return mistake(line, "the columns are missing");
  CONVOY_TRY(operation.columns, read_header(below.front()));
  for (std::size_t i = 1; i < below.size(); ++i) {
    CONVOY_TRY(auto cells, read_cells(below[i], below[i].text));
    std::vector<Value> row;
    for (auto& cell : cells) {
      if (cell.is_now) return mistake(below[i], "@now can't be loaded");
      row.push_back(std::move(cell.value));
    }
    operation.rows.push_back(std::move(row));
  }
  return operation;
}

Result<Operation> parse_operation(const Line& line) {
  Words words(line.text);
  const auto word = words.skip_word();
  if (word == "create") return parse_change(line, OperationKind::Create);
  if (word == "update") return parse_change(line, OperationKind::Update);
  if (word == "delete") return parse_removal(line, OperationKind::Delete);
  if (word == "erase") return parse_removal(line, OperationKind::Erase);
  if (word == "load") return parse_load(line);
  if (word == "abort") {
    if (!words.at_end() || !line.children.empty()) return mistake(line, "abort stands alone");
    return Operation{.kind = OperationKind::Abort, .source = line};
  }
  if (!is_read(word)) return mistake(line, "there is no step \"" + std::string(word) + "\"");
  Operation operation{.kind = OperationKind::Read, .source = line};
  CONVOY_TRY(auto command, parse_read_command(line));
  operation.read = std::move(command.read);
  operation.expected = std::move(command.expected);
  return operation;
}

}  // namespace

Result<WriteCommand> parse_write(const Line& line) {
  if (line.text != "write") return mistake(line, "write stands alone");
  if (line.children.empty()) return mistake(line, "the steps are missing");
  WriteCommand command;
  for (const auto& child : line.children) {
    if (command.error) return mistake(child, "the error of a transaction is its last line");
    if (is_error(child)) {
      CONVOY_TRY(command.error, read_error(child));
      continue;
    }
    CONVOY_TRY(auto operation, parse_operation(child));
    command.operations.push_back(std::move(operation));
  }
  const bool aborts = std::ranges::any_of(command.operations, [](const Operation& operation) {
    return operation.kind == OperationKind::Abort;
  });
  if (aborts && command.error) return mistake(line, "an aborted transaction has no other error");
  return command;
}

}  // namespace convoy::conformance
