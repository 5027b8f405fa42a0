// row_view.h: one row in memory, and how SQLite compares what it holds. Pure.
#pragma once

#include <compare>
#include <cstddef>
#include <span>
#include <string_view>

#include "convoy/schema.h"
#include "convoy/value.h"

namespace convoy::query {

// Borrowed. REQUIRES: values that fit the columns' types, in the order of table.columns; text
// without NUL.
struct RowView {
  std::string_view id;
  std::string_view status;
  std::string_view changed;
  std::span<const Value> values;
};

// A value by SQLite's storage classes: a boolean is a number, and NaN is null.
struct Cell {
  enum class Kind { Null, Number, Text };  // In SQLite's order.

  Kind kind = Kind::Null;
  double number = 0;
  std::string_view text;  // Borrowed.

  [[nodiscard]] bool is_null() const { return kind == Kind::Null; }
};

Cell cell_of(const Value& value);
Cell cell_of(std::string_view text);

// SQLite's order of all values: null, numbers, text by its bytes.
std::weak_ordering compare(const Cell& left, const Cell& right);

// Where a column's value stands in a row.
class Field {
 public:
  // REQUIRES: a column of the table, or id, _status, _changed.
  Field(const Table& table, std::string_view column);

  [[nodiscard]] Cell of(const RowView& row) const;

  // Whether only text and null can stand there.
  [[nodiscard]] bool is_text() const { return is_text_; }

 private:
  enum class Place { Id, Status, Changed, Values };

  Place place_ = Place::Values;
  std::size_t index_ = 0;
  bool is_text_ = true;
};

}  // namespace convoy::query
