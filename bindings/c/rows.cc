#include "bindings/c/rows.h"

#include <array>
#include <cstring>

#include "bindings/c/call.h"

using convoy::ok_status;
using convoy::Record;
using convoy::Status;
using convoy::Value;
using convoy::c::Call;
using convoy::c::new_rows;
using convoy::c::query_argument;
using convoy::c::text_argument;

namespace {

using Records = std::vector<Record>;
using RawRecords = std::vector<std::vector<Value>>;

// The first columns of records, which are members of theirs.
constexpr std::array<const char*, 3> kOwnColumns{"id", "_status", "_changed"};

// A value in the row: a value, or a text that is none of the table's. Both null: nothing is there.
struct Cell {
  const Value* value = nullptr;
  const std::string* text = nullptr;
};

Cell cell_of(const Record& record, size_t column) {
  switch (column) {
    case 0:
      return {.text = &record.id};
    case 1:
      return {.text = &record.status};
    case 2:
      return {.text = &record.changed};
    default:
      return {.value = &record.values[column - kOwnColumns.size()]};
  }
}

Cell cell_of(const std::vector<Value>& row, size_t column) { return {.value = &row[column]}; }

Cell cell_at(const convoy_rows* rows, size_t column) {
  if (rows == nullptr || column >= rows->columns.size()) return {};
  return std::visit(
      [&](const auto& all) {
        const bool is_there = rows->next > 0 && rows->next <= all.size();
        return is_there ? cell_of(all[rows->next - 1], column) : Cell{};
      },
      rows->rows);
}

template <class T>
const T* get(const Cell& cell) {
  return cell.value == nullptr ? nullptr : std::get_if<T>(cell.value);
}

}  // namespace

convoy_rows* convoy::c::new_rows(const Table& table, std::vector<Record> records) {
  auto* rows = new convoy_rows;
  rows->columns.assign(kOwnColumns.begin(), kOwnColumns.end());
  for (const auto& column : table.columns) rows->columns.push_back(column.name);
  rows->rows = std::move(records);
  return rows;
}

convoy_rows* convoy::c::new_rows(RawRows rows) {
  return new convoy_rows{.columns = std::move(rows.columns), .rows = std::move(rows.rows)};
}

convoy_status convoy_find_row(convoy_reader* reader, const char* table, size_t table_size,
                              const char* id, size_t id_size, convoy_rows** row,
                              convoy_error** error) {
  return Call(error).result(row, "the place for the row").reader(reader).run([&]() -> Status {
    CONVOY_TRY(const auto name, text_argument(table, table_size, "the table"));
    CONVOY_TRY(const auto key, text_argument(id, id_size, "the id"));
    CONVOY_TRY(auto found, reader->reader->find(name, key));
    Records records;
    if (found) records.push_back(*std::move(found));
    *row = new_rows(*reader->schema->find_table(name), std::move(records));
    return ok_status();
  });
}

convoy_status convoy_fetch_rows(convoy_reader* reader, const char* query, size_t query_size,
                                convoy_rows** rows, convoy_error** error) {
  return Call(error).result(rows, "the place for the rows").reader(reader).run([&]() -> Status {
    CONVOY_TRY(const auto parsed, query_argument(query, query_size));
    CONVOY_TRY(auto found, reader->reader->fetch(parsed));
    *rows = new_rows(*reader->schema->find_table(parsed.table), std::move(found));
    return ok_status();
  });
}

convoy_status convoy_select_rows(convoy_reader* reader, const char* sql, size_t sql_size,
                                 const char* args, size_t args_size, convoy_rows** rows,
                                 convoy_error** error) {
  return Call(error).result(rows, "the place for the rows").reader(reader).run([&]() -> Status {
    CONVOY_TRY(const auto select, convoy::c::select_argument(sql, sql_size, args, args_size));
    CONVOY_TRY(auto found, reader->reader->select(select.sql, select.args));
    *rows = new_rows(std::move(found));
    return ok_status();
  });
}

void convoy_rows_free(convoy_rows* rows) { delete rows; }

size_t convoy_rows_count(const convoy_rows* rows) {
  if (rows == nullptr) return 0;
  return std::visit([](const auto& all) { return all.size(); }, rows->rows);
}

size_t convoy_rows_column_count(const convoy_rows* rows) {
  return rows == nullptr ? 0 : rows->columns.size();
}

const char* convoy_rows_column_name(const convoy_rows* rows, size_t column, size_t* size) {
  const bool is_there = rows != nullptr && column < rows->columns.size();
  if (size != nullptr) *size = is_there ? rows->columns[column].size() : 0;
  return is_there ? rows->columns[column].c_str() : nullptr;
}

int32_t convoy_rows_column(const convoy_rows* rows, const char* name, size_t name_size) {
  if (rows == nullptr || name == nullptr) return -1;
  const std::string_view wanted(name, name_size == CONVOY_CSTR ? std::strlen(name) : name_size);
  for (size_t i = 0; i < rows->columns.size(); ++i) {
    if (rows->columns[i] == wanted) return static_cast<int32_t>(i);
  }
  return -1;
}

int32_t convoy_rows_step(convoy_rows* rows) {
  const auto count = convoy_rows_count(rows);
  if (rows == nullptr || rows->next > count) return 0;
  ++rows->next;
  return rows->next <= count ? 1 : 0;
}

void convoy_rows_rewind(convoy_rows* rows) {
  if (rows != nullptr) rows->next = 0;
}

convoy_type convoy_rows_type(const convoy_rows* rows, size_t column) {
  const auto cell = cell_at(rows, column);
  if (cell.text != nullptr || get<std::string>(cell) != nullptr) return CONVOY_TEXT;
  if (get<double>(cell) != nullptr) return CONVOY_NUMBER;
  return get<bool>(cell) == nullptr ? CONVOY_NULL : CONVOY_BOOLEAN;
}

int32_t convoy_rows_boolean(const convoy_rows* rows, size_t column) {
  const auto* value = get<bool>(cell_at(rows, column));
  return value != nullptr && *value ? 1 : 0;
}

double convoy_rows_number(const convoy_rows* rows, size_t column) {
  const auto* value = get<double>(cell_at(rows, column));
  return value == nullptr ? 0 : *value;
}

const char* convoy_rows_text(const convoy_rows* rows, size_t column, size_t* size) {
  const auto cell = cell_at(rows, column);
  const auto* text = cell.text == nullptr ? get<std::string>(cell) : cell.text;
  if (size != nullptr) *size = text == nullptr ? 0 : text->size();
  return text == nullptr ? nullptr : text->c_str();
}
