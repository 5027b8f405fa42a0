// migration.h: how a file with an older schema becomes one with this schema. Owned by the layer
// `schema`. Pure.
//
//   Migrations migrations{
//       {.to_version = 2, .steps = {AddColumns{"tasks", {{.name = "rank"}}}}},
//       {.to_version = 3, .steps = {RenameTable{"tasks", "todos"}, DropTable{"drafts"}}}};
//
// When a file is opened, all migrations from its version to the schema's run in one transaction,
// which also sets the version: an interruption or an error leaves the file as it was. Writes that
// wait to be sent survive every step; docs/reference/schema.md says what becomes of them.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "convoy/result.h"
#include "convoy/schema.h"

namespace convoy {

// The table as it is to be at this version; columns that came later belong into the migrations that
// add them.
struct CreateTable {
  Table table;

  bool operator==(const CreateTable&) const = default;
};

// Each row gets null, "", 0 or false; nothing else of it changes. Where the server has other
// values, the next sync brings them.
struct AddColumns {
  std::string table;
  std::vector<Column> columns;

  bool operator==(const AddColumns&) const = default;
};

// With its rows. Writes to it that wait in the outbox are sent as they are.
struct DropTable {
  std::string table;

  bool operator==(const DropTable&) const = default;
};

// Unsent writes, and what the server confirmed, follow the new name.
struct RenameTable {
  std::string from;
  std::string to;

  bool operator==(const RenameTable&) const = default;
};

// Writes to it that wait in the outbox are sent as they are.
struct DropColumn {
  std::string table;
  std::string column;

  bool operator==(const DropColumn&) const = default;
};

// As RenameTable.
struct RenameColumn {
  std::string table;
  std::string from;
  std::string to;

  bool operator==(const RenameColumn&) const = default;
};

struct AddIndex {
  std::string table;
  std::string column;

  bool operator==(const AddIndex&) const = default;
};

struct DropIndex {
  std::string table;
  std::string column;

  bool operator==(const DropIndex&) const = default;
};

// SQLite statements, each ended by a semicolon. What they change in rows stays on this device and
// is not sent; the engine's own tables and transactions are out of their reach.
struct RunSql {
  std::string sql;

  bool operator==(const RunSql&) const = default;
};

using MigrationStep = std::variant<CreateTable, AddColumns, DropTable, RenameTable, DropColumn,
                                   RenameColumn, AddIndex, DropIndex, RunSql>;

// From the version before `to_version` to it. Without steps it only raises the version.
struct Migration {
  int to_version = 2;
  std::vector<MigrationStep> steps;

  bool operator==(const Migration&) const = default;
};

// In any order, without gaps or twins; the newest leads to the schema's version. The oldest need
// not start at version 1. Empty: there are none.
using Migrations = std::vector<Migration>;

// Checks migrations by WatermelonDB's rules, and that what they do ends in `schema`: a table or
// column that a step adds must be there, one that it drops must not. Steps before the last RunSql
// are not compared, because nobody knows what it does. REQUIRES: validate(schema).
// Errors: InvalidSchema, naming the migration and the step.
Status validate(const Migrations& migrations, const Schema& schema);

}  // namespace convoy
