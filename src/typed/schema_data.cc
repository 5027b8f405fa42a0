#include <string>
#include <utility>

#include "convoy/typed_schema.h"

namespace convoy::typed {
namespace {

std::vector<Column> columns_of(std::span<const ColumnData> data) {
  std::vector<Column> columns;
  columns.reserve(data.size());
  for (const auto& from : data) {
    Column column{.name = std::string(from.name),
                  .type = from.type,
                  .is_optional = from.is_optional,
                  .is_indexed = from.is_indexed,
                  .is_searchable = from.is_searchable,
                  .pg_type = from.pg_type,
                  .references = std::nullopt};
    if (!from.references.empty()) {
      column.references =
          Reference{.table = std::string(from.references), .on_delete = from.on_delete};
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

MigrationStep step_of(const StepData& data) {
  const std::string table(data.table);
  const std::string column(data.column);
  const std::string to(data.to);
  switch (data.kind) {
    case StepKind::CreateTable:
      return CreateTable{{.name = table,
                          .columns = columns_of(data.columns),
                          .ids = data.ids,
                          .is_local_only = data.is_local_only}};
    case StepKind::AddColumns:
      return AddColumns{table, columns_of(data.columns)};
    case StepKind::DropTable:
      return DropTable{table};
    case StepKind::RenameTable:
      return RenameTable{table, to};
    case StepKind::DropColumn:
      return DropColumn{table, column};
    case StepKind::RenameColumn:
      return RenameColumn{table, column, to};
    case StepKind::AddIndex:
      return AddIndex{table, column};
    case StepKind::DropIndex:
      return DropIndex{table, column};
    case StepKind::RunSql:
      break;
  }
  return RunSql{std::string(data.sql)};
}

}  // namespace

Schema make_schema(int version, std::span<const TableData> tables) {
  Schema schema{.version = version, .tables = {}};
  schema.tables.reserve(tables.size());
  for (const auto& data : tables) {
    schema.tables.push_back({.name = std::string(data.name),
                             .columns = columns_of(data.columns),
                             .ids = data.ids,
                             .is_local_only = data.is_local_only});
  }
  return schema;
}

Migrations make_migrations(std::span<const MigrationData> data) {
  Migrations migrations;
  migrations.reserve(data.size());
  for (const auto& from : data) {
    Migration migration{.to_version = from.to_version, .steps = {}};
    for (const auto& step : from.steps) migration.steps.push_back(step_of(step));
    migrations.push_back(std::move(migration));
  }
  return migrations;
}

}  // namespace convoy::typed
