// script.h: a script, understood: what to do and what is expected (README.md). Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/json.h"
#include "conformance/runner/lines.h"
#include "conformance/runner/words.h"
#include "convoy/result.h"
#include "convoy/value.h"

namespace convoy::conformance {

enum class ReadKind { Query, Count, Find, Sql, Parents, Children, Explain, Local };

// Something to be read, as an answer of rows.
struct Read {
  ReadKind kind = ReadKind::Query;
  std::string text;              // Query, Count, Explain: JSON. Sql: the statement. Local: the key.
  std::vector<Value> args;       // Sql.
  std::string table;             // Find, Parents, Children.
  std::string column;            // Parents, Children.
  std::string of;                // Children: the table of `ids`.
  std::vector<std::string> ids;  // Find: one. Parents, Children.

  // Whether the order of the rows counts.
  [[nodiscard]] bool is_ordered() const;
};

struct ExpectedError {
  ErrorCode code = ErrorCode::Internal;
  std::string text;  // Part of its message or hint.
};

enum class ExpectationKind { None, Silence, Nothing, Cells, Table, Error };

struct Expectation {
  ExpectationKind kind = ExpectationKind::None;
  std::vector<Cell> cells;           // Cells: what stands behind the =>.
  std::vector<std::string> columns;  // Table.
  std::vector<std::vector<Cell>> rows;
  ExpectedError error;
};

struct ReadCommand {
  Read read;
  Expectation expected;
};

enum class OperationKind { Create, Update, Delete, Erase, Load, Abort, Read };

// One step of a transaction.
struct Operation {
  OperationKind kind = OperationKind::Create;
  Line source;
  std::string table;
  std::string id;  // Empty: a new one.
  std::vector<std::pair<std::string, Value>> fields;
  std::vector<std::string> columns;  // Load.
  std::vector<std::vector<Value>> rows;
  Read read;
  // Create, Update: the record that is returned. Delete, Erase: how many. Read: the answer.
  Expectation expected;
};

struct WriteCommand {
  std::vector<Operation> operations;
  std::optional<ExpectedError> error;  // Of the whole transaction.
};

struct ObserveCommand {
  std::string name;
  Read read;
  std::optional<ExpectedError> error;
};

// The last delivery to an observer: the result.
struct DeliveredCommand {
  std::string name;
  Expectation expected;
};

// The last delivery to an observer: how it differs from the one before.
struct DifferencesCommand {
  std::string name;
  bool is_silence = false;
  std::vector<std::string> steps;  // "moved 1 3", sorted.
};

struct OutboxCommand {
  std::vector<base::Json> bodies;
};

struct SetLocalCommand {
  std::string key;
  std::optional<std::string> value;  // Nothing: the key is removed.
  std::optional<ExpectedError> error;
};

struct OpenCommand {
  bool is_same_file = false;
  bool resets = false;                // Makes a file anew that no migration leads to the schema.
  std::optional<std::string> schema;  // JSON. Nothing: the one before.
  std::optional<ExpectedError> error;
};

struct Command {
  Line source;
  std::variant<ReadCommand, WriteCommand, ObserveCommand, DeliveredCommand, DifferencesCommand,
               OutboxCommand, SetLocalCommand, OpenCommand>
      what;
};

struct Case {
  int line = 0;
  std::string sentence;  // What it shows.
  std::vector<Command> commands;
  bool needs_file = false;   // It opens its database anew.
  bool needs_reset = false;  // With `reset`, which not every door has.
};

struct Script {
  std::optional<std::string> schema;  // JSON. Nothing: each case opens its own.
  std::vector<Command> setup;         // Writes before each case.
  std::vector<Case> cases;
};

// Errors: InvalidArgument, beginning with the line: "12: there is no command \"qery\"".
Result<Script> parse_script(std::string_view text);

}  // namespace convoy::conformance
