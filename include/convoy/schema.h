// schema.h: the tables of a local database. Owned by the layer `schema`. Pure.
//
// Thread-safety: thread-compatible; a schema handed to `Database::open` is immutable from then on.
// Example: src/memory/schema.cc, the schema of the memory bank.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "convoy/result.h"

namespace convoy {

// WatermelonDB's column types.
enum class ColumnType { String, Number, Boolean };

// The type of the server's column, from which the value's local form follows
// (docs/reference/types.md).
enum class PgType {
  Native,  // text, varchar, enums, time, interval, bytea … · int2, int4, float4, float8 · boolean
  Timestamptz,  // Number: milliseconds since 1970, microseconds as the fraction.
  Date,         // String: "2026-11-22".
  Uuid,         // String, lower case.
  Jsonb,        // String: JSON text. Compared by meaning.
  Array,        // String: a JSON array as text.
  Bigint,       // String of digits; never through a double.
  Numeric,      // String of digits, every digit and the scale kept.
};

enum class OnDelete { Nothing, Cascade, SetNull };

// The server's foreign key, so that local deletes do at once what the server will do.
struct Reference {
  std::string table;
  OnDelete on_delete = OnDelete::Nothing;

  bool operator==(const Reference&) const = default;
};

struct Column {
  std::string name;
  ColumnType type = ColumnType::String;
  bool is_optional = false;
  bool is_indexed = false;
  // Found by `search()`. Only for strings. The index of words follows every write; turning it on or
  // off needs no migration.
  bool is_searchable = false;
  PgType pg_type = PgType::Native;
  std::optional<Reference> references;

  bool operator==(const Column&) const = default;
};

enum class IdKind {
  Uuid,       // Version 7 UUIDs, for a server column of type uuid.
  Watermelon  // 16 characters of 0-9a-zA-Z, for text columns.
};

struct Table {
  std::string name;
  std::vector<Column> columns;  // Without `id`, `_status` and `_changed`, which every table has.
  IdKind ids = IdKind::Uuid;
  // Lives on this device alone: its writes are not sent, and deleting a record erases it.
  bool is_local_only = false;

  // Null if there is no such column. O(columns).
  [[nodiscard]] const Column* find_column(std::string_view column) const;

  bool operator==(const Table&) const = default;
};

struct Schema {
  int version = 1;  // Kept in PRAGMA user_version; 1 or more.
  std::vector<Table> tables;

  [[nodiscard]] const Table* find_table(std::string_view table) const;

  bool operator==(const Schema&) const = default;
};

// Checks a schema by WatermelonDB's rules (names, reserved words, types of created_at, updated_at
// and last_modified), and that no table or column stands twice, no index has a table's name,
// references lead to tables that the server has too, and a `pg_type` fits its column's type
// (docs/reference/schema.md). Errors: InvalidSchema, naming the table and column.
Status validate(const Schema& schema);

// WatermelonDB's rule for a table's or column's name: `[A-Za-z_][A-Za-z0-9_]*`, not one of SQLite's
// or JavaScript's own, not beginning with "__". Errors: InvalidSchema.
Status check_name(std::string_view name);

}  // namespace convoy
