#include "store/migrate.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "query/compile.h"
#include "schema/check.h"
#include "schema/sanitise.h"
#include "store/foreign.h"
#include "store/layout.h"
#include "store/local_tables.h"
#include "store/meta.h"
#include "store/migrate_books.h"
#include "store/scopes.h"
#include "store/search_index.h"
#include "store/table_ledger.h"

namespace convoy::store {
namespace {

using query::quoted;

// Names of the engine's own tables begin so.
constexpr std::string_view kReserved = "convoy_";

// What WatermelonDB fills a new column with; nothing where a new column is null anyway.
std::string filling(const Column& column) {
  const auto value = schema::default_value(column);
  if (is_null(value)) return {};
  return quoted(column.name) + (std::holds_alternative<std::string>(value) ? " = ''" : " = 0");
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

class Migrator {
 public:
  Migrator(sql::Connection& connection, TableLedger ledger, std::set<std::string> local_tables)
      : connection_(connection),
        ledger_(std::move(ledger)),
        local_tables_(std::move(local_tables)) {}

  Status run(const schema::PlannedStep& planned) {
    auto status = std::visit([this](const auto& step) { return run(step); }, *planned.step);
    if (status.ok()) {
      ledger_.follow(*planned.step);
      return status;
    }
    auto error = std::move(status).error().with_context(planned.name());
    // What SQLite does not understand, or can't do with these tables.
    if (error.code == ErrorCode::Internal) error.code = ErrorCode::InvalidSchema;
    if (error.code == ErrorCode::InvalidSchema) {
      error.hint = "Nothing in the file was changed; correct the migration.";
    }
    return error;
  }

  Status finish(const Schema& schema) {
    CONVOY_CHECK_OK(check_outcome(schema));
    CONVOY_CHECK_OK(record_tables(connection_, schema));
    CONVOY_CHECK_OK(write_local_tables(connection_, local_tables_));
    if (wants_backfill_) CONVOY_CHECK_OK(restart_backfills(connection_));
    // The server is asked anew whether it has all that the schema wants.
    CONVOY_CHECK_OK(write_meta(connection_, "fingerprint", std::string_view()));
    return connection_.execute("pragma user_version = " + std::to_string(schema.version));
  }

  Migrated take_result() {
    return {.stale_rows = std::move(stale_rows_), .has_run_sql = has_own_sql_};
  }

 private:
  Status run(const CreateTable& step) {
    if (step.table.is_local_only) local_tables_.insert(step.table.name);
    want_backfill(step.table.name);
    return connection_.execute(table_sql(step.table));
  }

  Status run(const AddColumns& step) {
    std::string sql;
    std::string fill;
    for (const auto& column : step.columns) {
      sql += "alter table " + quoted(step.table) + " add " + quoted(column.name) + ";";
      const auto part = filling(column);
      if (!part.empty()) fill += (fill.empty() ? "" : ", ") + part;
    }
    if (!fill.empty()) sql += "update " + quoted(step.table) + " set " + fill + ";";
    for (const auto& column : step.columns) {
      if (column.is_indexed) sql += index_sql(step.table, column.name);
    }
    want_backfill(step.table);
    CONVOY_CHECK_OK(connection_.execute(sql));
    for (const auto& column : step.columns) {
      CONVOY_CHECK_OK(add_pending_rows(connection_, step.table, column.name, stale_rows_));
    }
    return ok_status();
  }

  Status run(const DropTable& step) {
    local_tables_.erase(step.table);
    CONVOY_CHECK_OK(connection_.execute("drop table " + quoted(step.table)));
    return drop_table_in_books(connection_, step.table);
  }

  Status run(const RenameTable& step) {
    // To SQLite, a name in other letters is the same and so taken.
    const bool is_same = schema::lower(step.from) == schema::lower(step.to);
    const std::string between = "convoy_renamed";
    const auto rename = [&](const std::string& from, const std::string& to) {
      return connection_.execute("alter table " + quoted(from) + " rename to " + quoted(to));
    };
    CONVOY_CHECK_OK(rename(step.from, is_same ? between : step.to));
    if (is_same) CONVOY_CHECK_OK(rename(between, step.to));
    CONVOY_TRY(const auto columns, columns_of(connection_, step.to));
    for (const auto& column : columns) {
      CONVOY_TRY(const bool was_indexed, drop_index(step.to, index_name(step.from, column)));
      if (was_indexed) CONVOY_CHECK_OK(connection_.execute(index_sql(step.to, column)));
    }
    if (local_tables_.erase(step.from) > 0) local_tables_.insert(step.to);
    want_backfill(step.to);
    return rename_table_in_books(connection_, step.from, step.to);
  }

  Status run(const DropColumn& step) {
    CONVOY_CHECK_OK(drop_index(step.table, index_name(step.table, step.column)));
    CONVOY_CHECK_OK(connection_.execute("alter table " + quoted(step.table) + " drop column " +
                                        quoted(step.column)));
    return drop_column_in_books(connection_, step.table, step.column);
  }

  Status run(const RenameColumn& step) {
    CONVOY_TRY(const bool was_indexed, drop_index(step.table, index_name(step.table, step.from)));
    CONVOY_CHECK_OK(connection_.execute("alter table " + quoted(step.table) + " rename column " +
                                        quoted(step.from) + " to " + quoted(step.to)));
    if (was_indexed) CONVOY_CHECK_OK(connection_.execute(index_sql(step.table, step.to)));
    want_backfill(step.table);
    CONVOY_CHECK_OK(add_pending_rows(connection_, step.table, step.to, stale_rows_));
    return rename_column_in_books(connection_, step.table, step.from, step.to);
  }

  Status run(const AddIndex& step) {
    return connection_.execute(index_sql(step.table, step.column));
  }

  Status run(const DropIndex& step) {
    CONVOY_CHECK_OK(drop_index(step.table, index_name(step.table, step.column)));
    return ok_status();
  }

  Status run(const RunSql& step) {
    has_own_sql_ = true;
    return connection_.execute_guarded(step.sql, kReserved);
  }

  static std::string index_name(std::string_view table, std::string_view column) {
    return schema::index_name(table, column);
  }

  // Whether there was such an index on the table: `a_b` and `c` give the same name as `a` and
  // `b_c`.
  Result<bool> drop_index(const std::string& table, const std::string& name) {
    {
      CONVOY_TRY(auto select,
                 connection_.prepare("select 1 from sqlite_schema where type = 'index' and name = "
                                     "? and tbl_name = ?"));
      select.bind_text(1, std::string_view(name)).bind_text(2, std::string_view(table));
      CONVOY_TRY(const bool found, select.step());
      if (!found) return false;
    }
    CONVOY_CHECK_OK(connection_.execute("drop index " + quoted(name)));
    return true;
  }

  // The device may lack what the server has under this name.
  void want_backfill(const std::string& table) {
    if (!local_tables_.contains(table)) wants_backfill_ = true;
  }

  // The books may be wrong where the program's own SQL was at work: then the file itself says.
  Status check_outcome(const Schema& schema) {
    using Kind = Difference::Kind;
    CONVOY_TRY(const auto missing, missing_part(connection_, schema));
    if (!missing.empty()) {
      const auto dot = missing.find('.');
      return Difference{.kind = Kind::Missing,
                        .table = missing.substr(0, dot),
                        .column = dot == std::string::npos ? "" : missing.substr(dot + 1)}
          .error(true);
    }
    for (const auto& difference : ledger_.compare(schema)) {
      if (difference.kind == Kind::Missing) continue;
      if (difference.kind != Kind::TooMuch) {
        if (!has_own_sql_) return difference.error(true);
        continue;
      }
      CONVOY_TRY(const auto columns, columns_of(connection_, difference.table));
      const bool is_there =
          difference.column.empty() ? !columns.empty() : columns.contains(difference.column);
      if (is_there) return difference.error(true);
    }
    return ok_status();
  }

  sql::Connection& connection_;
  TableLedger ledger_;
  std::set<std::string> local_tables_;
  std::vector<Overlay::RowKey> stale_rows_;
  bool wants_backfill_ = false;
  bool has_own_sql_ = false;
};

}  // namespace

Result<std::string> missing_part(sql::Connection& connection, const Schema& schema) {
  CONVOY_TRY(const auto storage, columns_of(connection, "local_storage"));
  if (storage.empty()) return std::string("local_storage");
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

Result<Migrated> migrate(sql::Connection& connection, const Schema& schema,
                         const std::vector<schema::PlannedStep>& steps) {
  // Their triggers would stand in the way of renames and drops.
  CONVOY_CHECK_OK(drop_search_index(connection));
  CONVOY_CHECK_OK(stop_noting(connection));
  CONVOY_CHECK_OK(connection.execute("drop table if exists convoy_foreign"));
  CONVOY_TRY(auto ledger, TableLedger::read(connection));
  CONVOY_TRY(auto local_tables, read_local_tables(connection));
  Migrator migrator(connection, std::move(ledger), std::move(local_tables));
  for (const auto& step : steps) CONVOY_CHECK_OK(migrator.run(step));
  CONVOY_CHECK_OK(migrator.finish(schema));
  return migrator.take_result();
}

Status take_stock(sql::Connection& connection, const Tables& tables) {
  for (const auto& info : tables.all()) {
    if (info.table->is_local_only) continue;
    const auto rows = quoted(info.table->name);
    const std::string is_pending =
        "exists (select 1 from convoy_mutation_row m where m.table_number = ?1 and m.id = ";
    for (const auto& sql :
         {"insert or ignore into convoy_row (table_number, id, scope, generation) select ?1, "
          "t.\"id\", 0, 0 from " +
              rows + " t where t.\"id\" is not null and not " + is_pending + "t.\"id\")",
          "update " + rows +
              " as t set \"_status\" = 'synced', \"_changed\" = '' where t.\"_status\" is not "
              "'synced' and not " +
              is_pending + "t.\"id\")",
          "delete from convoy_row where table_number = ?1 and id not in (select \"id\" from " +
              rows + " where \"id\" is not null) and not " + is_pending + "convoy_row.id)"}) {
      CONVOY_TRY(auto statement, connection.prepare(sql));
      CONVOY_CHECK_OK(statement.bind_integer(1, info.number).run());
    }
  }
  return ok_status();
}

}  // namespace convoy::store
