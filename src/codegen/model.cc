#include "codegen/model.h"

#include <algorithm>

#include "codegen/letters.h"
#include "codegen/record_name.h"
#include "schema/suggest.h"

namespace convoy::codegen {
namespace {

Error nameless(const Table& table, std::string_view name) {
  return {.code = ErrorCode::InvalidSchema,
          .message = "the table " + table.name + " gives no name to its records" +
                     (name.empty() ? "" : " (\"" + std::string(name) + "\" is none)"),
          .hint = "Say what one of them is called: --record " + table.name + "=Name"};
}

// Letters, digits and _, as every language has them.
bool is_name(std::string_view name) {
  if (name.empty() || !(is_upper(name.front()) || is_lower(name.front()))) return false;
  return std::ranges::all_of(
      name, [](char c) { return is_upper(c) || is_lower(c) || is_digit(c) || c == '_'; });
}

Result<std::string> name_of(const Table& table, const RecordNames& given) {
  const auto found = given.find(table.name);
  if (found == given.end()) {
    auto name = record_name(table.name);
    if (!is_name(name)) return nameless(table, name);
    return name;
  }
  if (is_name(found->second)) return found->second;
  return Error{.code = ErrorCode::InvalidArgument,
               .message = "records of " + table.name + " can't be called \"" + found->second + "\"",
               .hint = "Take letters, digits and _, beginning with a letter."};
}

Kind kind_of(const Column& column) {
  if (column.references) return Kind::Reference;
  switch (column.pg_type) {
    case PgType::Timestamptz:
      return Kind::Time;
    case PgType::Date:
      return Kind::Date;
    case PgType::Uuid:
      return Kind::Id;
    case PgType::Jsonb:
      return Kind::Json;
    case PgType::Array:
      return Kind::Array;
    case PgType::Bigint:
      return Kind::Bigint;
    case PgType::Numeric:
      return Kind::Decimal;
    case PgType::Native:
      break;
  }
  if (column.type == ColumnType::String) return Kind::Text;
  return column.type == ColumnType::Number ? Kind::Number : Kind::Boolean;
}

ColumnModel model_of(const Schema& schema, const Column& column) {
  ColumnModel model{.column = &column, .kind = kind_of(column)};
  // WatermelonDB's rule: columns of these names are times, whatever else is said of them.
  model.is_automatic = column.name == "created_at" || column.name == "updated_at";
  if (model.is_automatic) model.kind = Kind::Time;
  if (model.kind == Kind::Reference) {
    const auto target = std::ranges::find(schema.tables, column.references->table, &Table::name);
    model.target = static_cast<std::size_t>(target - schema.tables.begin());
  }
  return model;
}

}  // namespace

Result<Model> make_model(const schema::SchemaDocument& document, const RecordNames& given) {
  const auto& schema = document.schema;
  for (const auto& [table, name] : given) {
    if (schema.find_table(table) == nullptr) return schema::unknown_table(schema, table);
  }
  Model model{.document = &document, .tables = {}};
  for (const auto& table : schema.tables) {
    TableModel entry{.table = &table, .record = {}, .columns = {}};
    CONVOY_TRY(entry.record, name_of(table, given));
    for (const auto& column : table.columns) entry.columns.push_back(model_of(schema, column));
    const auto twin = std::ranges::find(model.tables, entry.record, &TableModel::record);
    if (twin != model.tables.end()) {
      return Error{.code = ErrorCode::InvalidSchema,
                   .message = "records of " + twin->table->name + " and of " + table.name +
                              " would both be called " + entry.record,
                   .hint = "Name one of them yourself: --record " + table.name + "=Name"};
    }
    model.tables.push_back(std::move(entry));
  }
  return model;
}

}  // namespace convoy::codegen
