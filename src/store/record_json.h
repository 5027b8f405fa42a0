// record_json.h: records, rows and values as JSON text and back, for every door that is not C++
// (docs/reference/json.md).
//
// Thread-safety: thread-compatible.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "convoy/database.h"

namespace convoy::store {

// Each appends one JSON value. What JSON has no word for: infinities are the texts "Infinity" and
// "-Infinity"; bytes of a text that are not UTF-8 become U+FFFD.
void append_json(std::string& out, const Value& value);
void append_json(std::string& out, const std::string& text);
// {"id":…,"_status":…,"_changed":…} and the table's columns, as they are kept on the device.
void append_json(std::string& out, const Record& record);
// {"columns":[…],"rows":[[…],…]}
void append_json(std::string& out, const RawRows& rows);
void append_json(std::string& out, const Explanation& explanation);

template <class T>
void append_json(std::string& out, const std::optional<T>& value) {
  if (value) return append_json(out, *value);
  out += "null";
}

template <class T>
void append_json(std::string& out, const std::shared_ptr<T>& value) {
  if (value) return append_json(out, *value);
  out += "null";
}

template <class T>
void append_json(std::string& out, const std::vector<T>& list) {
  char separator = '[';
  for (const auto& item : list) {
    out += separator;
    append_json(out, item);
    separator = ',';
  }
  out += list.empty() ? "[]" : "]";
}

template <class T>
std::string to_json(const T& value) {
  std::string out;
  append_json(out, value);
  return out;
}

// JSON that a caller gave. Errors: InvalidArgument, naming `what`.
Result<base::Json> parse_argument(std::string_view json, std::string_view what);

// A value that belongs to no column: null, true or false, a number, text. Errors: InvalidArgument,
// also for a number that would lose digits.
Result<Value> value_from_json(const base::Json& json);

// A value for a column, in more ways than it is written: documents and arrays for columns that keep
// them as text, numbers for columns that keep digits. Whether it fits is Writer's to say. Errors:
// InvalidArgument, naming table and column.
Result<Value> value_from_json(const Table& table, const Column& column, const base::Json& json);

// {"title":"…","rank":2}. Errors: InvalidArgument, UnknownColumn.
Result<Fields> fields_from_json(const Table& table, const base::Json& json);

// An array of values. Errors: InvalidArgument, naming `what` and the place.
Result<std::vector<Value>> values_from_json(const base::Json& json, std::string_view what);

// An array of texts. Errors: InvalidArgument, naming `what` and the place.
Result<std::vector<std::string>> texts_from_json(const base::Json& json, std::string_view what);

// Rows of a table in the form in which a select's are written; "id" is one of the columns. Errors:
// InvalidArgument, UnknownColumn.
Result<RawRows> rows_from_json(const Table& table, const base::Json& json);

}  // namespace convoy::store
