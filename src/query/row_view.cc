#include "query/row_view.h"

#include <cmath>
#include <string>

namespace convoy::query {

Cell cell_of(std::string_view text) { return {.kind = Cell::Kind::Text, .text = text}; }

Cell cell_of(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return cell_of(std::string_view(*text));
  if (const auto* boolean = std::get_if<bool>(&value)) {
    return {.kind = Cell::Kind::Number, .number = *boolean ? 1.0 : 0.0};
  }
  const auto* number = std::get_if<double>(&value);
  if (number == nullptr || std::isnan(*number)) return {};
  return {.kind = Cell::Kind::Number, .number = *number};
}

std::weak_ordering compare(const Cell& left, const Cell& right) {
  if (left.kind != right.kind) return left.kind <=> right.kind;
  switch (left.kind) {
    case Cell::Kind::Null:
      return std::weak_ordering::equivalent;
    case Cell::Kind::Number:
      if (left.number < right.number) return std::weak_ordering::less;
      return left.number > right.number ? std::weak_ordering::greater
                                        : std::weak_ordering::equivalent;
    case Cell::Kind::Text:
      return left.text.compare(right.text) <=> 0;
  }
  return std::weak_ordering::equivalent;
}

Field::Field(const Table& table, std::string_view column) {
  if (column == "id") {
    place_ = Place::Id;
  } else if (column == "_status") {
    place_ = Place::Status;
  } else if (column == "_changed") {
    place_ = Place::Changed;
  } else {
    while (table.columns[index_].name != column) ++index_;
    is_text_ = table.columns[index_].type == ColumnType::String;
  }
}

Cell Field::of(const RowView& row) const {
  switch (place_) {
    case Place::Id:
      return cell_of(row.id);
    case Place::Status:
      return cell_of(row.status);
    case Place::Changed:
      return cell_of(row.changed);
    case Place::Values:
      return cell_of(row.values[index_]);
  }
  return {};
}

}  // namespace convoy::query
