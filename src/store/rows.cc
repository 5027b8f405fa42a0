#include "store/rows.h"

#include <utility>

#include "query/compile.h"
#include "schema/sanitise.h"
#include "schema/wire.h"

namespace convoy::store {
namespace {

// The first columns of every select: id, _status, _changed.
constexpr int kFirstColumn = 3;

std::vector<Value> read_values(const sql::Statement& statement, const Table& table) {
  std::vector<Value> values;
  values.reserve(table.columns.size());
  int at = kFirstColumn;
  for (const auto& column : table.columns) values.push_back(fitting(column, statement.value(at++)));
  return values;
}

void bind_row(sql::Statement& statement, std::string_view id, const Row& row) {
  statement.bind_text(1, id)
      .bind_text(2, std::string_view(row.status))
      .bind_text(3, std::string_view(row.changed));
  int at = kFirstColumn + 1;
  for (const auto& value : row.values) statement.bind(at++, value);
}

}  // namespace

bool fits(const Column& column, const Value& value) {
  if (is_null(value)) return column.is_optional;
  const auto* number = std::get_if<double>(&value);
  switch (column.type) {
    case ColumnType::String:
      return std::holds_alternative<std::string>(value);
    case ColumnType::Number:
      return number != nullptr;
    case ColumnType::Boolean:
      return number != nullptr && (*number == 0 || *number == 1);
  }
  return false;
}

Value fitting(const Column& column, Value value) {
  // Only booleans and what another program wrote need more than a look.
  const bool is_as_it_should_be =
      (column.type == ColumnType::Number && std::holds_alternative<double>(value)) ||
      (column.type == ColumnType::String && std::holds_alternative<std::string>(value));
  return is_as_it_should_be ? std::move(value) : schema::sanitise(column, std::move(value));
}

Record read_record(const sql::Statement& statement, const Table& table) {
  return {.table = &table,
          .id = statement.text(0),
          .status = statement.text(1),
          .changed = statement.text(2),
          .values = read_values(statement, table)};
}

Result<std::optional<Row>> read_row(sql::Connection& connection, const TableInfo& info,
                                    std::string_view id) {
  CONVOY_TRY(auto statement, connection.prepare(info.select_sql));
  CONVOY_TRY(const bool found, statement.bind_text(1, id).step());
  if (!found) return std::optional<Row>();
  return std::optional<Row>(Row{.status = statement.text(1),
                                .changed = statement.text(2),
                                .values = read_values(statement, *info.table)});
}

Status write_row(sql::Connection& connection, const TableInfo& info, std::string_view id,
                 const Row& row) {
  CONVOY_TRY(auto statement, connection.prepare(info.upsert_sql));
  bind_row(statement, id, row);
  return statement.run();
}

Result<bool> insert_row(sql::Connection& connection, const TableInfo& info, std::string_view id,
                        const Row& row) {
  CONVOY_TRY(auto statement, connection.prepare(info.insert_sql));
  bind_row(statement, id, row);
  CONVOY_CHECK_OK(statement.run());
  return connection.changes() == 1;
}

Status update_row(sql::Connection& connection, const TableInfo& info, std::string_view id,
                  const Row& row, std::span<const std::size_t> columns) {
  std::string sql =
      "update " + query::quoted(info.table->name) + R"( set "_status" = ?, "_changed" = ?)";
  for (const auto column : columns) {
    sql += ", " + query::quoted(info.table->columns[column].name) + " = ?";
  }
  sql += R"( where "id" is ?)";
  CONVOY_TRY(auto statement, connection.prepare(sql));
  statement.bind_text(1, std::string_view(row.status)).bind_text(2, std::string_view(row.changed));
  int at = 3;
  for (const auto column : columns) statement.bind(at++, row.values[column]);
  return statement.bind_text(at, id).run();
}

Status erase_row(sql::Connection& connection, const TableInfo& info, std::string_view id) {
  CONVOY_TRY(auto statement, connection.prepare(info.delete_sql));
  return statement.bind_text(1, id).run();
}

Result<std::optional<Record>> find_record(sql::Connection& connection, const TableInfo& info,
                                          std::string_view id) {
  CONVOY_TRY(auto statement, connection.prepare(info.select_sql));
  CONVOY_TRY(const bool found, statement.bind_text(1, id).step());
  if (!found || statement.text_view(1) == kDeleted) return std::optional<Record>();
  return std::optional<Record>(read_record(statement, *info.table));
}

Error no_such_record(const TableInfo& info, std::string_view id) {
  return {.code = ErrorCode::NotFound,
          .message = "there is no record \"" + std::string(id) + "\" in " + info.table->name};
}

base::Json::Object to_wire(const Table& table, const std::vector<Value>& values) {
  base::Json::Object object;
  object.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    object.emplace_back(table.columns[i].name, schema::to_wire(table.columns[i], values[i]));
  }
  return object;
}

std::vector<Value> from_wire(const Table& table, const base::Json& object) {
  std::vector<Value> values;
  values.reserve(table.columns.size());
  for (const auto& column : table.columns) {
    const auto* wire = object.find(column.name);
    if (wire == nullptr) {
      values.push_back(schema::default_value(column));
      continue;
    }
    auto value = schema::from_wire(column, *wire);
    values.push_back(value.ok() ? *std::move(value) : schema::default_value(column));
  }
  return values;
}

}  // namespace convoy::store
