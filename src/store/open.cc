#include "store/open.h"

#include <set>
#include <string>

#include "base/uuid.h"
#include "query/compile.h"
#include "sql/transaction.h"
#include "store/adopt.h"
#include "store/foreign.h"
#include "store/layout.h"
#include "store/meta.h"
#include "store/search_index.h"
#include "store/tables.h"

namespace convoy::store {
namespace {

enum class Kind { New, Ours, Watermelon };

Error make(ErrorCode code, const sql::Connection& file, const std::string& message,
           std::string hint) {
  return {.code = code, .message = file.path() + ": " + message, .hint = std::move(hint)};
}

Result<bool> has_table(sql::Connection& connection, std::string_view name) {
  CONVOY_TRY(auto statement, connection.prepare("select 1 from sqlite_schema where type = 'table' "
                                                "and name = ?"));
  return statement.bind_text(1, name).step();
}

Result<std::set<std::string>> columns_of(sql::Connection& connection, std::string_view table) {
  CONVOY_TRY(auto statement, connection.prepare("select name from pragma_table_info(?)"));
  statement.bind_text(1, table);
  std::set<std::string> names;
  for (;;) {
    CONVOY_TRY(const bool row, statement.step());
    if (!row) return names;
    names.insert(statement.text(0));
  }
}

// The name of something WatermelonDB would have put there and that is missing; "" if all is there.
Result<std::string> missing_part(sql::Connection& connection, const Schema& schema) {
  CONVOY_TRY(const bool has_storage, has_table(connection, "local_storage"));
  if (!has_storage) return std::string("local_storage");
  for (const auto& table : schema.tables) {
    CONVOY_TRY(const auto columns, columns_of(connection, table.name));
    if (columns.empty()) return table.name;
    for (const char* name : {"id", "_changed", "_status"}) {
      if (!columns.contains(name)) return table.name + "." + name;
    }
    for (const auto& column : table.columns) {
      if (!columns.contains(column.name)) return table.name + "." + column.name;
    }
  }
  return std::string();
}

Status check_version(sql::Connection& connection, int version) {
  CONVOY_TRY(const auto found, connection.integer("pragma user_version"));
  if (found == version) return ok_status();
  const auto versions = " (the file has schema version " + std::to_string(found) +
                        ", this program " + std::to_string(version) + ")";
  if (found > version) {
    return make(ErrorCode::NewerDatabase, connection,
                "was written by a newer version of this program" + versions,
                "Update this program; nothing in the file was changed.");
  }
  return make(ErrorCode::MigrationMissing, connection,
              "has an older schema, and no migration leads to this one" + versions,
              "Nothing in the file was changed.");
}

Status check_owner(sql::Connection& connection, const char* key, const std::string& wanted) {
  if (wanted.empty()) return ok_status();
  CONVOY_TRY(const auto found, read_meta(connection, key));
  if (found.empty() || found == wanted) return ok_status();
  return make(
      ErrorCode::WrongDatabase, connection,
      "belongs to the " + std::string(key) + " \"" + found + "\", not to \"" + wanted + "\"",
      "Open another file for this " + std::string(key) + ".");
}

Status check_tables(sql::Connection& connection, const Schema& schema) {
  const std::string hint = "Raise the schema's version when its tables or columns change.";
  CONVOY_TRY(auto statement, connection.prepare("select name, columns from convoy_table"));
  std::size_t count = 0;
  for (;;) {
    CONVOY_TRY(const bool row, statement.step());
    if (!row) break;
    ++count;
    const auto name = statement.text(0);
    const auto* table = schema.find_table(name);
    if (table == nullptr || fingerprint(*table) != statement.text(1)) {
      return make(ErrorCode::InvalidSchema, connection,
                  "the table \"" + name + "\" was another one when the file was last opened", hint);
    }
  }
  if (count == schema.tables.size()) return ok_status();
  return make(ErrorCode::InvalidSchema, connection,
              "the schema has tables that the file does not have", hint);
}

Status check_ours(sql::Connection& connection, const DatabaseOptions& options) {
  CONVOY_TRY(const auto format, read_meta_number(connection, "format"));
  if (format > kFormat) {
    return make(ErrorCode::NewerDatabase, connection, "was written by a newer version of Convoy",
                "Update this program; nothing in the file was changed.");
  }
  CONVOY_CHECK_OK(check_owner(connection, "project", options.project));
  CONVOY_CHECK_OK(check_owner(connection, "user", options.user));
  CONVOY_CHECK_OK(check_version(connection, options.schema.version));
  return check_tables(connection, options.schema);
}

// Reads only.
Result<Kind> inspect(sql::Connection& connection, const DatabaseOptions& options) {
  CONVOY_TRY(const bool is_ours, has_table(connection, "convoy_meta"));
  if (is_ours) {
    CONVOY_CHECK_OK(check_ours(connection, options));
    return Kind::Ours;
  }
  CONVOY_TRY(const auto objects, connection.integer("select count(*) from sqlite_schema"));
  CONVOY_TRY(const auto version, connection.integer("pragma user_version"));
  if (objects == 0 && version == 0) return Kind::New;
  CONVOY_TRY(const bool has_storage, has_table(connection, "local_storage"));
  if (has_storage) CONVOY_CHECK_OK(check_version(connection, options.schema.version));
  CONVOY_TRY(const auto missing, missing_part(connection, options.schema));
  if (missing.empty()) return Kind::Watermelon;
  return make(ErrorCode::WrongDatabase, connection,
              "is a database of another program; it has no \"" + missing + "\"",
              "Choose another file; this one was left as it was.");
}

Status set_up(sql::Connection& connection, const DatabaseOptions& options, Kind kind) {
  if (kind == Kind::New) {
    CONVOY_CHECK_OK(connection.execute(user_tables_sql(options.schema)));
    CONVOY_CHECK_OK(
        connection.execute("pragma user_version = " + std::to_string(options.schema.version)));
  }
  CONVOY_CHECK_OK(connection.execute(engine_tables_sql()));
  CONVOY_CHECK_OK(write_meta(connection, "format", std::int64_t{kFormat}));
  CONVOY_CHECK_OK(write_meta(connection, "client_id", base::uuid_v4(*options.random)));
  CONVOY_TRY(auto insert,
             connection.prepare("insert into convoy_table (name, columns) values (?, ?)"));
  for (const auto& table : options.schema.tables) {
    const auto columns = fingerprint(table);
    CONVOY_CHECK_OK(insert.bind_text(1, std::string_view(table.name))
                        .bind_text(2, std::string_view(columns))
                        .run());
  }
  return ok_status();
}

Result<bool> is_claimed(sql::Connection& connection, const DatabaseOptions& options) {
  CONVOY_TRY(const auto project, read_meta(connection, "project"));
  CONVOY_TRY(const auto user, read_meta(connection, "user"));
  return project == options.project && user == options.user;
}

// The owner is set by the first program that names one.
Status claim(sql::Connection& connection, const char* key, const std::string& value) {
  if (value.empty()) return ok_status();
  CONVOY_TRY(const auto found, read_meta(connection, key));
  if (!found.empty()) return ok_status();
  return write_meta(connection, key, value);
}

Result<std::vector<std::int64_t>> numbers_of(sql::Connection& connection, const Schema& schema) {
  CONVOY_TRY(auto statement, connection.prepare("select number from convoy_table where name = ?"));
  std::vector<std::int64_t> numbers;
  for (const auto& table : schema.tables) {
    CONVOY_TRY(const bool found, statement.bind_text(1, std::string_view(table.name)).step());
    numbers.push_back(found ? statement.integer(0) : 0);
    statement.reset();
  }
  return numbers;
}

// Takes over what other programs wrote, and notes what they write from now on.
Status adopt(sql::Connection& connection, const Tables& tables, const DatabaseOptions& options) {
  CONVOY_TRY(const auto foreign, look_for_foreign_writes(connection, options.schema));
  switch (foreign) {
    case ForeignWrites::None:
      return ok_status();
    case ForeignWrites::Noted:
      CONVOY_CHECK_OK(adopt_noted(connection, tables, *options.clock, *options.random));
      return connection.execute("delete from convoy_foreign");
    case ForeignWrites::Unknown:
      CONVOY_CHECK_OK(adopt_all(connection, tables, *options.clock, *options.random));
      return start_noting(connection, tables);
  }
  return ok_status();
}

}  // namespace

Result<std::vector<std::int64_t>> open_file(sql::Connection& connection,
                                            const DatabaseOptions& options) {
  {
    CONVOY_TRY(auto look, sql::Transaction::begin_read(connection));
    CONVOY_TRY(const auto kind, inspect(connection, options));
    if (kind == Kind::Ours) {
      // The usual case writes nothing, so that it does not wait for another process' writing.
      CONVOY_TRY(const bool is_ready, is_claimed(connection, options));
      CONVOY_TRY(const bool is_indexed, has_search_index(connection, options.schema));
      CONVOY_TRY(const auto foreign, look_for_foreign_writes(connection, options.schema));
      if (is_ready && is_indexed && foreign == ForeignWrites::None) {
        return numbers_of(connection, options.schema);
      }
    }
  }
  CONVOY_CHECK_OK(connection.use_wal());
  CONVOY_TRY(auto transaction, sql::Transaction::begin(connection));
  // Another process may have set the file up in between.
  CONVOY_TRY(const auto kind, inspect(connection, options));
  if (kind != Kind::Ours) CONVOY_CHECK_OK(set_up(connection, options, kind));
  CONVOY_CHECK_OK(claim(connection, "project", options.project));
  CONVOY_CHECK_OK(claim(connection, "user", options.user));
  CONVOY_TRY(auto numbers, numbers_of(connection, options.schema));
  CONVOY_CHECK_OK(adopt(connection, Tables(options.schema, numbers), options));
  CONVOY_CHECK_OK(make_search_index(connection, options.schema));
  CONVOY_CHECK_OK(transaction.commit());
  return numbers;
}

}  // namespace convoy::store
