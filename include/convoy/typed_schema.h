// typed_schema.h: a schema as data that needs no code to be made, for generated headers. Owned by
// the layer `typed`. Pure.
//
// Thread-safety: immutable. What it borrows are literals.
#pragma once

#include <span>
#include <string_view>

#include "convoy/migration.h"
#include "convoy/schema.h"

namespace convoy::typed {

// As Column.
struct ColumnData {
  std::string_view name;
  ColumnType type = ColumnType::String;
  bool is_optional = false;
  bool is_indexed = false;
  bool is_searchable = false;
  PgType pg_type = PgType::Native;
  std::string_view references = {};  // Empty: no other table.
  OnDelete on_delete = OnDelete::Nothing;
};

// As Table.
struct TableData {
  std::string_view name;
  std::span<const ColumnData> columns = {};
  IdKind ids = IdKind::Uuid;
  bool is_local_only = false;
};

enum class StepKind {
  CreateTable,
  AddColumns,
  DropTable,
  RenameTable,
  DropColumn,
  RenameColumn,
  AddIndex,
  DropIndex,
  RunSql
};

// As MigrationStep; each kind has its members.
struct StepData {
  StepKind kind = StepKind::RunSql;
  std::string_view table = {};  // The old name, if it gets a new one.
  std::string_view column = {};
  std::string_view to = {};  // The new name.
  std::span<const ColumnData> columns = {};
  IdKind ids = IdKind::Uuid;
  bool is_local_only = false;
  std::string_view sql = {};
};

// As Migration.
struct MigrationData {
  int to_version = 2;
  std::span<const StepData> steps = {};
};

Schema make_schema(int version, std::span<const TableData> tables);
Migrations make_migrations(std::span<const MigrationData> migrations);

}  // namespace convoy::typed
