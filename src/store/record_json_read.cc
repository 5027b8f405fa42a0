#include <limits>
#include <optional>
#include <utility>

#include "base/number_text.h"
#include "schema/suggest.h"
#include "store/record_json.h"

namespace convoy::store {
namespace {

using base::Json;

Error invalid(std::string message, std::string hint = {}) {
  return {
      .code = ErrorCode::InvalidArgument, .message = std::move(message), .hint = std::move(hint)};
}

std::string place(std::string_view what, std::size_t index) {
  return std::string(what) + "[" + std::to_string(index) + "]";
}

Result<const Json::Array*> array_of(const Json& json, std::string_view what) {
  if (json.array() != nullptr) return json.array();
  return invalid(std::string(what) + " must be an array");
}

// A fraction is rounded by whoever uses doubles at all; an integer that silently becomes another
// one is somebody's id or amount.
Result<Value> read_number(const Json& json) {
  const auto& text = json.number()->text;
  const auto number = json.real();
  if (!number) return invalid(text + " is beyond every number that can be kept");
  const bool is_integer = text.find_first_of(".eE") == std::string::npos;
  if (is_integer &&
      base::canonical_decimal(text) != base::canonical_decimal(base::format_double(*number))) {
    return invalid(text + " has more digits than a number keeps",
                   "Give it as text, for a column with the Postgres type bigint or numeric.");
  }
  return Value(*number);
}

bool keeps_documents(const Column& column) {
  return column.pg_type == PgType::Jsonb || column.pg_type == PgType::Array;
}

bool keeps_digits(const Column& column) {
  return column.pg_type == PgType::Bigint || column.pg_type == PgType::Numeric;
}

std::optional<double> infinity_named(std::string_view text) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (text == "Infinity") return kInfinity;
  if (text == "-Infinity") return -kInfinity;
  return std::nullopt;
}

// The columns that rows to be loaded have; null for the id, which is none of the schema's.
Result<std::vector<const Column*>> columns_of(const Table& table,
                                              const std::vector<std::string>& names) {
  std::vector<const Column*> columns;
  columns.reserve(names.size());
  for (const auto& name : names) {
    columns.push_back(table.find_column(name));
    if (columns.back() == nullptr && name != "id") return schema::unknown_column(table, name);
  }
  return columns;
}

Result<std::vector<Value>> read_row(const Table& table, const std::vector<const Column*>& columns,
                                    const Json::Array& cells) {
  if (cells.size() != columns.size()) {
    return invalid("it has " + std::to_string(cells.size()) + " values for " +
                   std::to_string(columns.size()) + " columns");
  }
  std::vector<Value> row;
  row.reserve(cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    CONVOY_TRY(auto value, columns[i] == nullptr ? value_from_json(cells[i])
                                                 : value_from_json(table, *columns[i], cells[i]));
    row.push_back(std::move(value));
  }
  return row;
}

}  // namespace

Result<Json> parse_argument(std::string_view json, std::string_view what) {
  auto parsed = base::parse_json(json);
  if (parsed.ok()) return parsed;
  return invalid(std::string(what) + ": " + parsed.error().message);
}

Result<Value> value_from_json(const Json& json) {
  if (json.is_null()) return Value(Null{});
  if (json.boolean() != nullptr) return Value(*json.boolean());
  if (json.string() != nullptr) return Value(*json.string());
  if (json.number() != nullptr) return read_number(json);
  return invalid("a value is null, true, false, a number or text, but no array or object");
}

Result<Value> value_from_json(const Table& table, const Column& column, const Json& json) {
  if (keeps_documents(column) && !json.is_null() && json.string() == nullptr) {
    return Value(json.dump());
  }
  if (keeps_digits(column) && json.number() != nullptr) return Value(json.number()->text);
  if (column.type == ColumnType::Number && json.string() != nullptr) {
    // Elsewhere it is a text, and the writer says that it does not fit.
    if (const auto infinity = infinity_named(*json.string())) return Value(*infinity);
  }
  auto value = value_from_json(json);
  if (!value.ok()) return std::move(value).error().with_context(table.name + "." + column.name);
  return value;
}

Result<Fields> fields_from_json(const Table& table, const Json& json) {
  if (json.object() == nullptr) {
    return invalid("the fields of a record of " + table.name +
                   " must be an object with the columns' names and values");
  }
  Fields fields;
  fields.reserve(json.object()->size());
  for (const auto& [name, member] : *json.object()) {
    if (name == "_status" || name == "_changed") {
      return invalid(table.name + "." + name + " can't be set like a column");
    }
    if (name == "id") {
      return invalid(table.name + ".id can't be set like a column",
                     "The id stands beside the fields.");
    }
    const auto* column = table.find_column(name);
    if (column == nullptr) return schema::unknown_column(table, name);
    CONVOY_TRY(auto value, value_from_json(table, *column, member));
    fields.emplace_back(name, std::move(value));
  }
  return fields;
}

Result<std::vector<Value>> values_from_json(const Json& json, std::string_view what) {
  CONVOY_TRY(const auto* array, array_of(json, what));
  std::vector<Value> values;
  values.reserve(array->size());
  for (std::size_t i = 0; i < array->size(); ++i) {
    auto value = value_from_json((*array)[i]);
    if (!value.ok()) return std::move(value).error().with_context(place(what, i));
    values.push_back(*std::move(value));
  }
  return values;
}

Result<std::vector<std::string>> texts_from_json(const Json& json, std::string_view what) {
  CONVOY_TRY(const auto* array, array_of(json, what));
  std::vector<std::string> texts;
  texts.reserve(array->size());
  for (std::size_t i = 0; i < array->size(); ++i) {
    const auto* text = (*array)[i].string();
    if (text == nullptr) return invalid(place(what, i) + " must be text");
    texts.push_back(*text);
  }
  return texts;
}

Result<RawRows> rows_from_json(const Table& table, const Json& json) {
  const auto* columns = json.find("columns");
  const auto* rows = json.find("rows");
  if (columns == nullptr || rows == nullptr || json.object()->size() != 2) {
    return invalid("the records for " + table.name +
                   R"( must be an object with the members "columns" and "rows", and no other)");
  }
  RawRows result;
  CONVOY_TRY(result.columns, texts_from_json(*columns, "columns"));
  CONVOY_TRY(const auto known, columns_of(table, result.columns));
  CONVOY_TRY(const auto* array, array_of(*rows, "rows"));
  result.rows.reserve(array->size());
  for (std::size_t i = 0; i < array->size(); ++i) {
    CONVOY_TRY(const auto* cells, array_of((*array)[i], place("rows", i)));
    auto row = read_row(table, known, *cells);
    if (!row.ok()) return std::move(row).error().with_context(place("rows", i));
    result.rows.push_back(*std::move(row));
  }
  return result;
}

}  // namespace convoy::store
