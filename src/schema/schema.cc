#include "convoy/schema.h"

#include <algorithm>
#include <array>
#include <set>

namespace convoy {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& list, std::string_view name) {
  return std::ranges::find(list, name) != list.end();
}

bool is_name_character(char c, bool is_first) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         (!is_first && c >= '0' && c <= '9');
}

Error invalid(std::string message, std::string hint = {}) {
  return {.code = ErrorCode::InvalidSchema, .message = std::move(message), .hint = std::move(hint)};
}

Error unsafe(std::string_view name, std::string_view why) {
  return invalid("the name \"" + std::string(name) + "\" is not allowed (" + std::string(why) + ")",
                 "Take letters, digits and _, not beginning with a digit.");
}

Status check_reserved(std::string_view name) {
  constexpr std::array<std::string_view, 4> kReserved{"id", "_changed", "_status", "local_storage"};
  if (contains(kReserved, lower(name))) return unsafe(name, "every database has it already");
  return ok_status();
}

bool fits(PgType pg_type, ColumnType type) {
  if (pg_type == PgType::Native) return true;
  return type == (pg_type == PgType::Timestamptz ? ColumnType::Number : ColumnType::String);
}

Status check_column(const Schema& schema, const Table& table, const Column& column) {
  const std::string where = table.name + "." + column.name;
  CONVOY_CHECK_OK(check_name(column.name));
  CONVOY_CHECK_OK(check_reserved(column.name));
  if ((column.name == "created_at" || column.name == "updated_at") &&
      (column.type != ColumnType::Number || column.is_optional)) {
    return invalid(where + " must be a number and not optional");
  }
  if (column.name == "last_modified" && column.type != ColumnType::Number) {
    return invalid(where + " must be a number");
  }
  if (column.is_searchable && column.type != ColumnType::String) {
    return invalid(where + " can't be searched: it is not text");
  }
  if (!fits(column.pg_type, column.type)) {
    return invalid(where + " has a Postgres type that its column type can't hold",
                   "timestamptz is a Number; date, uuid, jsonb, arrays, bigint and numeric are "
                   "Strings.");
  }
  if (!column.references) return ok_status();
  if (schema.find_table(column.references->table) == nullptr) {
    return invalid(where + " refers to the table \"" + column.references->table +
                   "\", which the schema does not have");
  }
  if (column.type != ColumnType::String) {
    return invalid(where + " refers to a record, whose id is a String, but is none itself");
  }
  if (column.references->on_delete == OnDelete::SetNull && !column.is_optional) {
    return invalid(where + " is to become null when its record is deleted, but is not optional");
  }
  return ok_status();
}

Status check_table(const Schema& schema, const Table& table) {
  CONVOY_CHECK_OK(check_name(table.name));
  CONVOY_CHECK_OK(check_reserved(table.name));
  const auto name = lower(table.name);
  if (name.starts_with("sqlite_")) return unsafe(table.name, "SQLite keeps it for itself");
  if (name.starts_with("convoy_")) return unsafe(table.name, "Convoy keeps it for itself");
  std::set<std::string> columns;
  for (const auto& column : table.columns) {
    CONVOY_CHECK_OK(check_column(schema, table, column));
    if (!columns.insert(lower(column.name)).second) {
      return invalid("the column " + table.name + "." + column.name + " stands twice");
    }
  }
  return ok_status();
}

}  // namespace

const Column* Table::find_column(std::string_view column) const {
  const auto found = std::ranges::find(columns, column, &Column::name);
  return found == columns.end() ? nullptr : &*found;
}

const Table* Schema::find_table(std::string_view table) const {
  const auto found = std::ranges::find(tables, table, &Table::name);
  return found == tables.end() ? nullptr : &*found;
}

Status check_name(std::string_view name) {
  constexpr std::array<std::string_view, 8> kObjectPrototype{
      "__proto__",     "constructor", "prototype",      "hasOwnProperty",
      "isPrototypeOf", "toString",    "toLocaleString", "valueOf"};
  constexpr std::array<std::string_view, 4> kSqlite{"rowid", "oid", "_rowid_", "sqlite_master"};
  if (contains(kObjectPrototype, name)) return unsafe(name, "JavaScript objects have it");
  const auto lowered = lower(name);
  if (lowered == "$loki") return unsafe(name, "LokiJS keeps it for itself");
  if (contains(kSqlite, lowered) || lowered.starts_with("sqlite_stat")) {
    return unsafe(name, "SQLite keeps it for itself");
  }
  if (name.starts_with("__")) return unsafe(name, "names beginning with __ are reserved");
  if (name.empty()) return unsafe(name, "it is empty");
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (!is_name_character(name[i], i == 0)) return unsafe(name, "it has other characters");
  }
  return ok_status();
}

Status validate(const Schema& schema) {
  if (schema.version < 1) return invalid("the schema's version must be 1 or more");
  std::set<std::string> tables;
  for (const auto& table : schema.tables) {
    CONVOY_CHECK_OK(check_table(schema, table));
    if (!tables.insert(lower(table.name)).second) {
      return invalid("the table \"" + table.name + "\" stands twice");
    }
  }
  return ok_status();
}

}  // namespace convoy
