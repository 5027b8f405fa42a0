// c_call.h: what the C interface gives, as the scripts' runner takes it.
#pragma once

#include <convoy.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/json.h"
#include "conformance/runner/driver.h"
#include "convoy/schema.h"

namespace convoy::conformance::c {

// A text argument.
#define CONVOY_TEXT_ARGUMENT(text) (text).data(), (text).size()

// Calls `function(error)`, which must return a status and leave the error's place null only if that
// is CONVOY_OK.
template <class Function>
Status call(const Function& function) {
  convoy_error* raw = nullptr;
  const convoy_status status = function(&raw);
  const std::unique_ptr<convoy_error, void (*)(convoy_error*)> error(raw, convoy_error_free);
  if (status == CONVOY_OK && error == nullptr) return ok_status();
  if (convoy_error_status(error.get()) != status) {
    return Error{.code = ErrorCode::Internal, .message = "status and error are not the same"};
  }
  return Error{.code = static_cast<ErrorCode>(status),
               .message = convoy_error_message(error.get()),
               .hint = convoy_error_hint(error.get())};
}

// The same with a place for a text; nothing if null was put there.
template <class Function>
Result<std::optional<std::string>> call_for_text(const Function& function) {
  convoy_text* raw = nullptr;
  auto status = call([&](convoy_error** error) { return function(&raw, error); });
  const std::unique_ptr<convoy_text, void (*)(convoy_text*)> text(raw, convoy_text_free);
  if (!status.ok()) return std::move(status).error();
  if (text == nullptr) return std::optional<std::string>();
  return std::optional(std::string(convoy_text_data(text.get()), convoy_text_size(text.get())));
}

template <class Function>
Result<base::Json> call_for_json(const Function& function) {
  CONVOY_TRY(const auto text, call_for_text(function));
  return base::parse_json(text.value_or(""));
}

// The same with a place for rows, all of which are read.
Rows read_all(convoy_rows* rows);

template <class Function>
Result<Rows> call_for_rows(const Function& function) {
  convoy_rows* raw = nullptr;
  auto status = call([&](convoy_error** error) { return function(&raw, error); });
  const std::unique_ptr<convoy_rows, void (*)(convoy_rows*)> rows(raw, convoy_rows_free);
  if (!status.ok()) return std::move(status).error();
  return read_all(rows.get());
}

template <class Function>
Result<std::int64_t> call_for_count(const Function& function) {
  std::int64_t count = 0;
  auto status = call([&](convoy_error** error) { return function(&count, error); });
  if (!status.ok()) return std::move(status).error();
  return count;
}

// A record of JSON as a row, with the columns that it has. `table` may be null for a select's.
void add_record(const Table* table, const base::Json& record, Rows& rows);
// {"columns":…,"rows":…}
Rows to_rows(const base::Json& select);

// Values and texts as JSON arrays.
std::string to_json(std::span<const Value> values);
std::string to_json(const std::vector<std::string>& texts);

}  // namespace convoy::conformance::c
