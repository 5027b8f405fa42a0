#include "conformance/runner/c_call.h"

#include <limits>

#include "store/record_json.h"

namespace convoy::conformance::c {
namespace {

using base::Json;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Value value_at(const convoy_rows* rows, std::size_t column) {
  switch (convoy_rows_type(rows, column)) {
    case CONVOY_TEXT: {
      std::size_t size = 0;
      const char* text = convoy_rows_text(rows, column, &size);
      return std::string(text, size);
    }
    case CONVOY_NUMBER:
      return convoy_rows_number(rows, column);
    case CONVOY_BOOLEAN:
      return convoy_rows_boolean(rows, column) != 0;
    default:
      return Null{};
  }
}

Value to_value(const Json& json) {
  if (json.boolean() != nullptr) return *json.boolean();
  if (json.string() != nullptr) return *json.string();
  if (json.number() != nullptr) return json.real().value_or(0);
  return Null{};
}

// JSON has no infinity: the texts that stand for it are numbers in a column of numbers.
Value to_value(const Column* column, const Json& json) {
  const bool is_number = column != nullptr && column->type == ColumnType::Number;
  if (is_number && json.string() != nullptr) {
    return *json.string() == "Infinity" ? kInfinity : -kInfinity;
  }
  return to_value(json);
}

}  // namespace

Rows read_all(convoy_rows* rows) {
  Rows result;
  const auto columns = convoy_rows_column_count(rows);
  for (std::size_t i = 0; i < columns; ++i) {
    result.columns.emplace_back(convoy_rows_column_name(rows, i, nullptr));
  }
  while (convoy_rows_step(rows) != 0) {
    auto& row = result.rows.emplace_back();
    for (std::size_t i = 0; i < columns; ++i) row.push_back(value_at(rows, i));
  }
  return result;
}

void add_record(const Table* table, const Json& record, Rows& rows) {
  auto& row = rows.rows.emplace_back();
  rows.columns.clear();
  for (const auto& [name, member] : *record.object()) {
    rows.columns.push_back(name);
    row.push_back(to_value(table == nullptr ? nullptr : table->find_column(name), member));
  }
}

Rows to_rows(const Json& select) {
  Rows rows;
  for (const auto& column : *select.find("columns")->array()) {
    rows.columns.push_back(*column.string());
  }
  for (const auto& values : *select.find("rows")->array()) {
    auto& row = rows.rows.emplace_back();
    for (const auto& value : *values.array()) row.push_back(to_value(value));
  }
  return rows;
}

std::string to_json(std::span<const Value> values) {
  return store::to_json(std::vector<Value>(values.begin(), values.end()));
}

std::string to_json(const std::vector<std::string>& texts) { return store::to_json(texts); }

}  // namespace convoy::conformance::c
