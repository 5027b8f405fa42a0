#include <algorithm>
#include <set>
#include <utility>

#include "conformance/runner/expectation_parser.h"
#include "conformance/runner/operation_parser.h"
#include "conformance/runner/read_parser.h"
#include "conformance/runner/schema_notation.h"
#include "conformance/runner/script.h"
#include "conformance/runner/words.h"

namespace convoy::conformance {
namespace {

using base::Json;

// schema [VERSION], open [VERSION], reopen [VERSION] [reset]
Result<int> read_version(const Line& line, Words& words) {
  if (words.at_end() || words.rest() == "reset") return 1;
  const auto cell = to_cell(words.skip_word());
  const auto* number = cell ? std::get_if<double>(&cell->value) : nullptr;
  if (number == nullptr) return mistake(line, "a version is a number");
  return static_cast<int>(*number);
}

Result<std::string> read_schema(const Line& line, Words& words, const std::vector<Line>& tables) {
  CONVOY_TRY(const int version, read_version(line, words));
  CONVOY_TRY(const auto json, schema_to_json(version, tables));
  return json.dump();
}

Result<OpenCommand> parse_open(const Line& line) {
  OpenCommand command{.is_same_file = line.text.starts_with("reopen")};
  auto tables = line.children;
  if (!tables.empty() && is_error(tables.back())) {
    CONVOY_TRY(command.error, read_error(tables.back()));
    tables.pop_back();
  }
  Words words(line.text);
  words.skip_word();
  if (!command.is_same_file || !tables.empty() || !words.at_end()) {
    CONVOY_TRY(command.schema, read_schema(line, words, tables));
  }
  command.resets = command.is_same_file && words.skip_word() == "reset";
  if (!words.at_end()) return mistake(line, "open [VERSION], reopen [VERSION] [reset]");
  return command;
}

Result<std::string> read_last_name(const Line& line, Words& words) {
  auto name = to_name(words.skip_word());
  if (!name || !words.at_end()) return mistake(line, "one name is expected");
  return *std::move(name);
}

// observe NAME READ
Result<ObserveCommand> parse_observe(const Line& line) {
  Words words(line.text);
  words.skip_word();
  auto name = to_name(words.skip_word());
  if (!name) return mistake(line, "observe NAME QUERY");
  CONVOY_TRY(auto parsed, parse_read(line, words.rest()));
  switch (parsed.read.kind) {
    case ReadKind::Query:
    case ReadKind::Count:
    case ReadKind::Find:
    case ReadKind::Sql:
      break;
    case ReadKind::Parents:
      if (parsed.read.ids.size() == 1) break;
      [[fallthrough]];
    default:
      return mistake(line, "this can't be observed");
  }
  ObserveCommand command{.name = *std::move(name), .read = std::move(parsed.read), .error = {}};
  Line rest = line;
  rest.children = std::move(parsed.below);
  CONVOY_TRY(command.error, read_only_error(rest));
  return command;
}

// delivered NAME => …
Result<DeliveredCommand> parse_delivered(const Line& line) {
  CONVOY_TRY(auto inline_part, split_inline(line, line.text));
  Words words(inline_part.text);
  words.skip_word();
  DeliveredCommand command;
  CONVOY_TRY(command.name, read_last_name(line, words));
  CONVOY_TRY(command.expected, read_expectation(line, line.children));
  const bool is_inline = inline_part.expected.kind != ExpectationKind::None;
  if (is_inline == (command.expected.kind != ExpectationKind::None)) {
    return mistake(line, "what is expected stands behind the command or below it");
  }
  if (is_inline) command.expected = std::move(inline_part.expected);
  return command;
}

// "removed 3", "inserted 0", "moved 1 3", "changed 2 2"
Status check_step(const Line& line) {
  Words words(line.text);
  const auto word = words.skip_word();
  const std::size_t count = word == "removed" || word == "inserted" ? 1
                            : word == "moved" || word == "changed"  ? 2
                                                                    : 0;
  CONVOY_TRY(const auto cells, read_cells(line, words.rest()));
  const bool are_numbers = std::ranges::all_of(
      cells, [](const Cell& cell) { return std::holds_alternative<double>(cell.value); });
  if (count == 0 || cells.size() != count || !are_numbers || !line.children.empty()) {
    return mistake(line, "removed FROM, inserted TO, moved FROM TO or changed FROM TO");
  }
  return ok_status();
}

// differences NAME, with steps below, or => silence
Result<DifferencesCommand> parse_differences(const Line& line) {
  CONVOY_TRY(auto inline_part, split_inline(line, line.text));
  Words words(inline_part.text);
  words.skip_word();
  DifferencesCommand command;
  CONVOY_TRY(command.name, read_last_name(line, words));
  command.is_silence = inline_part.expected.kind == ExpectationKind::Silence;
  const bool is_empty = inline_part.expected.kind == ExpectationKind::None;
  if (command.is_silence == !line.children.empty() || command.is_silence == is_empty) {
    return mistake(line, "differences stand below, or it says => silence");
  }
  for (const auto& child : line.children) {
    CONVOY_CHECK_OK(check_step(child));
    command.steps.push_back(child.text);
  }
  std::ranges::sort(command.steps);
  return command;
}

// outbox, with one mutation's body a line, or => nothing
Result<OutboxCommand> parse_outbox(const Line& line) {
  if (line.text == "outbox => nothing" && line.children.empty()) return OutboxCommand{};
  if (line.text != "outbox" || line.children.empty()) {
    return mistake(line, "bodies stand below, or it says => nothing");
  }
  OutboxCommand command;
  for (const auto& child : line.children) {
    auto body = base::parse_json(child.text);
    if (!body.ok()) return mistake(child, body.error().message);
    if (!child.children.empty()) return mistake(child, "a body has no lines below");
    command.bodies.push_back(*std::move(body));
  }
  return command;
}

// set-local KEY VALUE, remove-local KEY
Result<SetLocalCommand> parse_set_local(const Line& line) {
  Words words(line.text);
  const bool removes = words.skip_word() == "remove-local";
  SetLocalCommand command;
  auto key = to_name(words.skip_word());
  if (!key) return mistake(line, "the key is missing");
  command.key = *std::move(key);
  if (!removes) {
    const auto json = base::parse_json(words.rest());
    const auto value = json.ok() ? to_value(*json) : std::nullopt;
    const auto* text = value ? std::get_if<std::string>(&*value) : nullptr;
    if (text == nullptr) return mistake(line, "the value is a JSON string");
    command.value = *text;
  } else if (!words.at_end()) {
    return mistake(line, "remove-local KEY");
  }
  CONVOY_TRY(command.error, read_only_error(line));
  return command;
}

template <class What>
Result<Command> command_of(const Line& line, Result<What> what) {
  CONVOY_TRY(auto parsed, std::move(what));
  return Command{.source = line, .what = std::move(parsed)};
}

Result<Command> parse_command(const Line& line) {
  Words words(line.text);
  const auto word = words.skip_word();
  if (is_read(word)) return command_of(line, parse_read_command(line));
  if (word == "write") return command_of(line, parse_write(line));
  if (word == "observe") return command_of(line, parse_observe(line));
  if (word == "delivered") return command_of(line, parse_delivered(line));
  if (word == "differences") return command_of(line, parse_differences(line));
  if (word == "outbox") return command_of(line, parse_outbox(line));
  if (word == "set-local" || word == "remove-local") {
    return command_of(line, parse_set_local(line));
  }
  if (word == "open" || word == "reopen") return command_of(line, parse_open(line));
  return mistake(line, "there is no command \"" + std::string(word) + "\"");
}

// Whether the command checks anything that a person wrote down.
bool expects(const Command& command) {
  if (const auto* write = std::get_if<WriteCommand>(&command.what)) {
    return write->error || std::ranges::any_of(write->operations, [](const Operation& operation) {
             return operation.expected.kind != ExpectationKind::None;
           });
  }
  if (const auto* observe = std::get_if<ObserveCommand>(&command.what)) return !!observe->error;
  if (const auto* local = std::get_if<SetLocalCommand>(&command.what)) return !!local->error;
  return true;
}

Result<Case> parse_case(const Line& line, bool has_schema) {
  Case parsed{.line = line.number, .sentence = line.text.substr(std::string("case ").size())};
  if (parsed.sentence.ends_with('.')) return mistake(line, "the sentence needs no full stop");
  bool is_open = has_schema;
  std::set<std::string> observers;
  for (const auto& child : line.children) {
    CONVOY_TRY(auto command, parse_command(child));
    if (const auto* open = std::get_if<OpenCommand>(&command.what)) {
      parsed.needs_file = parsed.needs_file || open->is_same_file;
      parsed.needs_reset = parsed.needs_reset || open->resets;
      if (open->is_same_file && !is_open) return mistake(child, "nothing is open yet");
      is_open = true;
    }
    if (!is_open) return mistake(child, "nothing is open yet");
    if (const auto* observe = std::get_if<ObserveCommand>(&command.what)) {
      if (!observers.insert(observe->name).second) return mistake(child, "the name stands twice");
    }
    const auto* delivered = std::get_if<DeliveredCommand>(&command.what);
    const auto* differences = std::get_if<DifferencesCommand>(&command.what);
    const auto* name = delivered != nullptr     ? &delivered->name
                       : differences != nullptr ? &differences->name
                                                : nullptr;
    if (name != nullptr && !observers.contains(*name)) {
      return mistake(child, "nothing is observed as " + *name);
    }
    parsed.commands.push_back(std::move(command));
  }
  if (std::ranges::none_of(parsed.commands, expects)) {
    return mistake(line, "the case expects nothing");
  }
  return parsed;
}

Status add_top_line(const Line& line, Script& script, std::set<std::string>& sentences) {
  if (line.text.starts_with("case ")) {
    CONVOY_TRY(auto parsed, parse_case(line, script.schema.has_value()));
    if (!sentences.insert(parsed.sentence).second) return mistake(line, "the case stands twice");
    script.cases.push_back(std::move(parsed));
    return ok_status();
  }
  if (!script.cases.empty()) return mistake(line, "only cases may follow a case");
  if (line.text == "schema" || line.text.starts_with("schema ")) {
    if (script.schema) return mistake(line, "the schema stands twice");
    Words words(line.text);
    words.skip_word();
    CONVOY_TRY(script.schema, read_schema(line, words, line.children));
    if (!words.at_end()) return mistake(line, "schema [VERSION]");
    return ok_status();
  }
  if (line.text != "write") return mistake(line, "schema, write or case is expected");
  if (!script.schema) return mistake(line, "the schema is missing");
  CONVOY_TRY(auto command, parse_command(line));
  script.setup.push_back(std::move(command));
  return ok_status();
}

}  // namespace

Result<Script> parse_script(std::string_view text) {
  CONVOY_TRY(const auto lines, read_lines(text));
  Script script;
  std::set<std::string> sentences;
  for (const auto& line : lines) CONVOY_CHECK_OK(add_top_line(line, script, sentences));
  if (script.cases.empty()) return mistake(1, "there are no cases");
  return script;
}

}  // namespace convoy::conformance
