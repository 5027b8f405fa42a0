// Transactions of a case, and what is checked of the database as a whole.
#include <algorithm>
#include <utility>

#include "base/json.h"
#include "conformance/runner/case_runner.h"
#include "conformance/runner/words.h"

namespace convoy::conformance {
namespace {

constexpr auto kAborted = "the script aborts it";

Read read_record(const Operation& operation) {
  return {.kind = ReadKind::Find, .table = operation.table, .ids = {operation.id}};
}

std::string joined(const std::vector<Value>& row) {
  std::string line;
  for (const auto& value : row) line += (line.empty() ? "" : "  ") + to_word(value);
  return line;
}

}  // namespace

void CaseRunner::run(const Line& source, const WriteCommand& command) {
  const bool fails = command.error || std::ranges::any_of(command.operations, [](const auto& step) {
                       return step.kind == OperationKind::Abort;
                     });
  const auto before = fails ? dump() : Result<std::vector<std::string>>(std::vector<std::string>());
  const Line* failed_at = &source;
  const auto status = driver_->write([&](Writing& writing) -> Status {
    for (const auto& operation : command.operations) {
      auto done = perform(writing, operation);
      if (!done.ok()) failed_at = &operation.source;
      CONVOY_CHECK_OK(done);
    }
    return ok_status();
  });
  const bool is_aborted = !status.ok() && status.error().message == kAborted;
  if (command.error || !is_aborted) {
    expect_error(command.error ? source : *failed_at, command.error, status);
  }
  if (fails) {
    const auto after = dump();
    const auto left = before.ok() ? *before : std::vector<std::string>{before.error().message};
    const auto right = after.ok() ? *after : std::vector<std::string>{after.error().message};
    if (left != right) fail(source.number, "a failed transaction leaves nothing", left, right);
  }
  after_write();
}

void CaseRunner::after_write() {
  for (auto& found : live_.check()) fail(found.line, found.what, found.expected, found.got);
  collect_deliveries();
}

void CaseRunner::collect_deliveries() {
  for (auto& [name, observed] : observed_) {
    if (observed.observer == nullptr) continue;
    for (auto& delivery : observed.observer->take()) {
      observed.deliveries.push_back(std::move(delivery));
    }
  }
}

Status CaseRunner::perform(Writing& writing, const Operation& operation) {
  if (operation.kind == OperationKind::Abort) {
    return Error{.code = ErrorCode::Cancelled, .message = kAborted};
  }
  const auto rows = result_of(writing, operation);
  const auto& expected = operation.expected;
  const Read read = operation.kind == OperationKind::Read ? operation.read : read_record(operation);
  if (operation.kind == OperationKind::Read) {
    check_read(writing, operation.source, read, rows);
  } else if (rows.ok()) {
    check_record(writing, operation, *rows);
  }
  if (expected.kind != ExpectationKind::None) {
    Read shown = read;
    const bool is_number =
        operation.kind == OperationKind::Delete || operation.kind == OperationKind::Erase;
    if (is_number) shown.kind = ReadKind::Count;
    expect(operation.source, compare(shown, expected, rows, window()));
  }
  const bool is_let_pass = expected.kind == ExpectationKind::Error ||
                           (operation.kind == OperationKind::Read && !rows.ok());
  if (!rows.ok() && !is_let_pass) return rows.error();
  return ok_status();
}

Result<Rows> CaseRunner::result_of(Writing& writing, const Operation& operation) {
  const auto number = [](const Result<std::int64_t>& count) -> Result<Rows> {
    CONVOY_TRY(const auto value, count);
    return single(static_cast<double>(value));
  };
  switch (operation.kind) {
    case OperationKind::Create:
      return writing.create(operation.table, operation.fields, operation.id);
    case OperationKind::Update:
      return writing.update(operation.table, operation.id, operation.fields);
    case OperationKind::Delete:
      return number(writing.mark_deleted(operation.table, operation.id));
    case OperationKind::Erase:
      return number(writing.erase(operation.table, operation.id));
    case OperationKind::Load:
      return number(writing.load(operation.table, operation.columns, operation.rows));
    case OperationKind::Read:
      return answer(writing, operation.read);
    case OperationKind::Abort:
      break;
  }
  return Rows{};
}

// What a transaction says it has done is what it then reads.
void CaseRunner::check_record(Writing& writing, const Operation& operation, const Rows& returned) {
  const auto& source = operation.source;
  if (operation.kind == OperationKind::Load) {
    const auto count = static_cast<double>(operation.rows.size());
    if (returned.rows.at(0).at(0) != Value(count)) {
      fail(source.number, "a load tells how many it loaded", {to_word(count)},
           {joined(returned.rows[0])});
    }
    return;
  }
  const bool is_change =
      operation.kind == OperationKind::Create || operation.kind == OperationKind::Update;
  const auto id = is_change ? std::get<std::string>(returned.rows.at(0).at(0)) : operation.id;
  const auto found = writing.find(operation.table, id);
  const std::vector<std::string> expected =
      is_change ? std::vector{joined(returned.rows.at(0))} : std::vector<std::string>();
  std::vector<std::string> got;
  if (found.ok()) {
    for (const auto& row : found->rows) got.push_back(joined(row));
  } else {
    got.push_back(found.error().message);
  }
  if (expected != got) {
    fail(source.number, "the transaction reads what it wrote: " + source.text, expected, got);
  }
}

// All rows of the schema's tables and the outbox.
Result<std::vector<std::string>> CaseRunner::dump() {
  std::vector<std::string> lines;
  const auto schema = base::parse_json(schema_);
  std::vector<std::pair<std::string, std::string>> selects{
      {"outbox", "select body, state from convoy_mutation order by seq"},
      {"local", "select key, value from local_storage order by key"}};
  for (const auto& table : *schema->find("tables")->array()) {
    const auto& name = *table.find("name")->string();
    selects.emplace_back(name, "select * from \"" + name + "\" order by id");
  }
  for (const auto& [name, sql] : selects) {
    CONVOY_TRY(const auto rows, driver_->select(sql, {}));
    for (const auto& row : rows.rows) lines.push_back(name + "  " + joined(row));
  }
  return lines;
}

void CaseRunner::check_at_the_end() {
  const int line = options_.tested->line;
  const auto check = driver_->select("select * from pragma_integrity_check", {});
  if (!check.ok() || check->rows != std::vector<std::vector<Value>>{{"ok"}}) {
    fail(line, "the file is sound", {"ok"},
         {check.ok() ? joined(check->rows.at(0)) : check.error().message});
  }
  if (options_.place == Place::Memory) return;
  const auto before = dump();
  stop_live();
  driver_->close();
  if (!open(path_, schema_)) return;
  const auto after = dump();
  if (!before.ok() || !after.ok()) {
    fail(line, "everything can be read", {"no error"}, {"an error"});
  } else if (*before != *after) {
    fail(line, "closed and opened, it holds the same", *before, *after);
  }
}

}  // namespace convoy::conformance
