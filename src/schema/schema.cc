#include "convoy/schema.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "schema/check.h"

namespace convoy {
namespace {

using schema::lower;

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

Status check_reference(const Schema& schema, const Table& table, const Column& column) {
  if (!column.references) return ok_status();
  const std::string where = table.name + "." + column.name;
  const auto* target = schema.find_table(column.references->table);
  if (target == nullptr) {
    return invalid(where + " refers to the table \"" + column.references->table +
                   "\", which the schema does not have");
  }
  if (target->is_local_only && !table.is_local_only) {
    return invalid(where + " would be sent to the server, but refers to the table \"" +
                       target->name + "\", which lives on this device alone",
                   "Make both tables local only, or neither.");
  }
  return ok_status();
}

// SQLite has tables and indices in one list of names.
Status check_index_names(const Schema& schema) {
  std::map<std::string, std::string> owners{{"local_storage_key_index", "local_storage.key"}};
  for (const auto& table : schema.tables) {
    owners.emplace(lower(schema::index_name(table.name, "_status")), table.name + "._status");
    for (const auto& column : table.columns) {
      if (!column.is_indexed) continue;
      owners.emplace(lower(schema::index_name(table.name, column.name)),
                     table.name + "." + column.name);
    }
  }
  for (const auto& table : schema.tables) {
    const auto found = owners.find(lower(table.name));
    if (found == owners.end()) continue;
    return invalid("the table \"" + table.name + "\" has the name of the index on " + found->second,
                   "Give the table another name.");
  }
  return ok_status();
}

}  // namespace

namespace schema {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::string index_name(std::string_view table, std::string_view column) {
  return std::string(table) + "_" + std::string(column);
}

Status check_table_name(std::string_view name) {
  CONVOY_CHECK_OK(check_name(name));
  CONVOY_CHECK_OK(check_reserved(name));
  const auto lowered = lower(name);
  if (lowered.starts_with("sqlite_")) return unsafe(name, "SQLite keeps it for itself");
  if (lowered.starts_with("convoy_")) return unsafe(name, "Convoy keeps it for itself");
  return ok_status();
}

Status check_column_name(std::string_view name) {
  CONVOY_CHECK_OK(check_name(name));
  return check_reserved(name);
}

Status check_column(std::string_view table, const Column& column) {
  if (auto status = check_column_name(column.name); !status.ok()) {
    return std::move(status).error().with_context(table);
  }
  const std::string where = std::string(table) + "." + column.name;
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
  const auto lowered = lower(column.name);
  if (column.is_searchable && (lowered == "rank" || lowered.starts_with("convoy_"))) {
    return invalid(where + " can't be searched: the index of words keeps this name for itself",
                   "Give the column another name.");
  }
  if (!fits(column.pg_type, column.type)) {
    return invalid(where + " has a Postgres type that its column type can't hold",
                   "timestamptz is a Number; date, uuid, jsonb, arrays, bigint and numeric are "
                   "Strings.");
  }
  if (!column.references) return ok_status();
  if (column.type != ColumnType::String) {
    return invalid(where + " refers to a record, whose id is a String, but is none itself");
  }
  if (column.references->on_delete == OnDelete::SetNull && !column.is_optional) {
    return invalid(where + " is to become null when its record is deleted, but is not optional");
  }
  return check_table_name(column.references->table);
}

Status check_table(const Table& table) {
  CONVOY_CHECK_OK(check_table_name(table.name));
  std::set<std::string> columns;
  for (const auto& column : table.columns) {
    CONVOY_CHECK_OK(check_column(table.name, column));
    if (!columns.insert(lower(column.name)).second) {
      return invalid("the column " + table.name + "." + column.name + " stands twice");
    }
  }
  return ok_status();
}

}  // namespace schema

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
    CONVOY_CHECK_OK(schema::check_table(table));
    if (!tables.insert(lower(table.name)).second) {
      return invalid("the table \"" + table.name + "\" stands twice");
    }
  }
  for (const auto& table : schema.tables) {
    for (const auto& column : table.columns) {
      CONVOY_CHECK_OK(check_reference(schema, table, column));
    }
  }
  return check_index_names(schema);
}

}  // namespace convoy
