#include "store/open.h"

#include <optional>
#include <string>
#include <utility>

#include "base/uuid.h"
#include "schema/migration_steps.h"
#include "sql/transaction.h"
#include "store/adopt.h"
#include "store/foreign.h"
#include "store/layout.h"
#include "store/local_tables.h"
#include "store/meta.h"
#include "store/migrate.h"
#include "store/outbox_check.h"
#include "store/overlay.h"
#include "store/reset.h"
#include "store/search_index.h"
#include "store/table_ledger.h"
#include "store/tables.h"

namespace convoy::store {
namespace {

enum class Kind { New, Ours, Watermelon };

// What a file is, and what has to be done with its tables.
struct Finding {
  Kind kind = Kind::New;
  // The steps to the schema's version; nothing if it has that version.
  std::optional<std::vector<schema::PlannedStep>> steps;
  bool is_to_be_reset = false;
};

Error make(ErrorCode code, const sql::Connection& file, const std::string& message,
           std::string hint) {
  return {.code = code, .message = file.path() + ": " + message, .hint = std::move(hint)};
}

Result<bool> has_table(sql::Connection& connection, std::string_view name) {
  CONVOY_TRY(auto statement, connection.prepare("select 1 from sqlite_schema where type = 'table' "
                                                "and name = ?"));
  return statement.bind_text(1, name).step();
}

// Sets `steps` or `is_to_be_reset` where the versions differ.
Status compare_versions(sql::Connection& connection, const DatabaseOptions& options,
                        Finding& finding) {
  const int wanted = options.schema.version;
  CONVOY_TRY(const auto found, connection.integer("pragma user_version"));
  if (found == wanted) return ok_status();
  const bool is_newer = found > wanted;
  if (!is_newer && found > 0) {
    finding.steps = schema::plan(options.migrations, static_cast<int>(found), wanted);
    if (finding.steps) return ok_status();
  }
  if (options.on_missing_migration == MissingMigration::Reset) {
    finding.is_to_be_reset = true;
    return check_nothing_unsent(connection, finding.kind == Kind::Ours);
  }
  const auto versions = " (the file has schema version " + std::to_string(found) +
                        ", this program " + std::to_string(wanted) + ")";
  if (is_newer) {
    return make(ErrorCode::NewerDatabase, connection,
                "was written by a newer version of this program" + versions,
                "Update this program; nothing in the file was changed.");
  }
  return make(ErrorCode::MigrationMissing, connection,
              "has an older schema, and no migration leads to this one" + versions,
              "Add migrations from that version on; nothing in the file was changed.");
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

// The usual case compares texts; what differs is looked up only when they do.
Status check_tables(sql::Connection& connection, const Schema& schema) {
  std::size_t same = 0;
  std::size_t count = 0;
  {
    CONVOY_TRY(auto statement, connection.prepare("select name, columns from convoy_table"));
    for (;; ++count) {
      CONVOY_TRY(const bool row, statement.step());
      if (!row) break;
      const auto* table = schema.find_table(statement.text(0));
      if (table != nullptr && fingerprint(*table) == statement.text(1)) ++same;
    }
  }
  if (same == count && count == schema.tables.size()) return ok_status();
  CONVOY_TRY(const auto ledger, TableLedger::read(connection));
  const auto differences = ledger.compare(schema);
  if (differences.empty()) return ok_status();  // Columns in another order.
  return differences.front().error(false).with_context(connection.path());
}

Result<Finding> inspect_ours(sql::Connection& connection, const DatabaseOptions& options) {
  Finding finding{.kind = Kind::Ours, .steps = std::nullopt};
  CONVOY_TRY(const auto format, read_meta_number(connection, "format"));
  if (format > kFormat) {
    return make(ErrorCode::NewerDatabase, connection, "was written by a newer version of Convoy",
                "Update this program; nothing in the file was changed.");
  }
  CONVOY_CHECK_OK(check_owner(connection, "project", options.project));
  CONVOY_CHECK_OK(check_owner(connection, "user", options.user));
  CONVOY_CHECK_OK(compare_versions(connection, options, finding));
  if (finding.steps || finding.is_to_be_reset) return finding;
  CONVOY_CHECK_OK(check_tables(connection, options.schema));
  return finding;
}

Error foreign(const sql::Connection& connection, const std::string& missing) {
  return make(ErrorCode::WrongDatabase, connection,
              "is a database of another program; it has no \"" + missing + "\"",
              "Choose another file; this one was left as it was.");
}

// A file without the engine's tables. Another program's must never be taken for WatermelonDB's.
Result<Finding> inspect_other(sql::Connection& connection, const DatabaseOptions& options) {
  CONVOY_TRY(const auto objects, connection.integer("select count(*) from sqlite_schema"));
  CONVOY_TRY(const auto version, connection.integer("pragma user_version"));
  if (objects == 0 && version == 0) return Finding{};
  CONVOY_TRY(const auto storage,
             connection.integer("select count(*) from pragma_table_info('local_storage') where "
                                "name in ('key', 'value')"));
  if (storage != 2) return foreign(connection, "local_storage");
  Finding finding{.kind = Kind::Watermelon, .steps = std::nullopt};
  CONVOY_CHECK_OK(compare_versions(connection, options, finding));
  if (finding.steps || finding.is_to_be_reset) return finding;
  CONVOY_TRY(const auto missing, missing_part(connection, options.schema));
  if (!missing.empty()) return foreign(connection, missing);
  return finding;
}

// Reads only.
Result<Finding> inspect(sql::Connection& connection, const DatabaseOptions& options) {
  CONVOY_TRY(const bool is_ours, has_table(connection, "convoy_meta"));
  return is_ours ? inspect_ours(connection, options) : inspect_other(connection, options);
}

// Whether nothing needs to be written.
Result<bool> is_ready(sql::Connection& connection, const DatabaseOptions& options,
                      const Finding& finding) {
  if (finding.kind != Kind::Ours || finding.steps || finding.is_to_be_reset) return false;
  CONVOY_TRY(const auto project, read_meta(connection, "project"));
  CONVOY_TRY(const auto user, read_meta(connection, "user"));
  if (project.empty() && !options.project.empty()) return false;
  if (user.empty() && !options.user.empty()) return false;
  CONVOY_TRY(const auto local_tables, read_meta(connection, "local_tables"));
  if (local_tables != local_tables_of(options.schema)) return false;
  CONVOY_TRY(const auto foreign, look_for_foreign_writes(connection, options.schema.tables.size()));
  if (foreign != ForeignWrites::None) return false;
  CONVOY_TRY(const bool is_whole, is_outbox_whole(connection));
  if (!is_whole) return false;
  return has_search_index(connection, options.schema);
}

// The owner is set by the first program that names one.
Status claim(sql::Connection& connection, const char* key, const std::string& value) {
  if (value.empty()) return ok_status();
  CONVOY_TRY(const auto found, read_meta(connection, key));
  if (!found.empty()) return ok_status();
  return write_meta(connection, key, value);
}

// An empty database of the same owner.
Status reset(sql::Connection& connection, Finding& finding) {
  std::string project;
  std::string user;
  const bool was_ours = finding.kind == Kind::Ours;
  if (was_ours) {
    CONVOY_TRY(project, read_meta(connection, "project"));
    CONVOY_TRY(user, read_meta(connection, "user"));
  }
  CONVOY_CHECK_OK(drop_everything(connection));
  finding = Finding{};
  if (!was_ours) return ok_status();
  CONVOY_CHECK_OK(connection.execute(engine_tables_sql()));
  CONVOY_CHECK_OK(claim(connection, "project", project));
  return claim(connection, "user", user);
}

Status set_up_engine(sql::Connection& connection, const DatabaseOptions& options) {
  CONVOY_TRY(const bool is_there, has_table(connection, "convoy_meta"));
  if (!is_there) CONVOY_CHECK_OK(connection.execute(engine_tables_sql()));
  CONVOY_CHECK_OK(write_meta(connection, "format", std::int64_t{kFormat}));
  return write_meta(connection, "client_id", base::uuid_v4(*options.random));
}

// Tables and books as the schema says.
Status set_up_tables(sql::Connection& connection, const DatabaseOptions& options,
                     const Finding& finding) {
  if (finding.kind == Kind::New) {
    CONVOY_CHECK_OK(connection.execute(user_tables_sql(options.schema)));
    CONVOY_CHECK_OK(
        connection.execute("pragma user_version = " + std::to_string(options.schema.version)));
  }
  return record_tables(connection, options.schema);
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

// What other programs wrote, found out before a migration changes the tables under it.
struct Foreign {
  ForeignWrites kind = ForeignWrites::Unknown;
  std::vector<ForeignWrite> writes;  // Noted ones.
};

// `tables`: how many the file has.
Result<Foreign> look_for_others(sql::Connection& connection, std::size_t tables) {
  Foreign foreign;
  CONVOY_TRY(foreign.kind, look_for_foreign_writes(connection, tables));
  if (foreign.kind != ForeignWrites::Noted) return foreign;
  CONVOY_TRY(foreign.writes, foreign_writes(connection));
  return foreign;
}

// Takes over what other programs wrote, and notes what they write from now on. `has_migrated`: the
// notes, which are of the tables as they were, are gone.
Status adopt(sql::Connection& connection, const Tables& tables, const DatabaseOptions& options,
             const Foreign& foreign, bool has_migrated) {
  switch (foreign.kind) {
    case ForeignWrites::None:
      break;
    case ForeignWrites::Noted:
      CONVOY_CHECK_OK(adopt_writes(connection, tables, foreign.writes,
                                   has_migrated ? ForeignNotes::Lost : ForeignNotes::Kept,
                                   *options.clock, *options.random));
      if (!has_migrated) return connection.execute("delete from convoy_foreign");
      break;
    case ForeignWrites::Unknown:
      CONVOY_CHECK_OK(adopt_all(connection, tables, *options.clock, *options.random));
      return start_noting(connection, tables);
  }
  return has_migrated ? start_noting(connection, tables) : ok_status();
}

// All that writes, in the caller's transaction.
Result<std::vector<std::int64_t>> set_up(sql::Connection& connection,
                                         const DatabaseOptions& options, Finding finding) {
  if (finding.is_to_be_reset) CONVOY_CHECK_OK(reset(connection, finding));
  if (finding.kind != Kind::Ours) CONVOY_CHECK_OK(set_up_engine(connection, options));
  Foreign foreign;
  Migrated migrated;
  if (finding.steps) {
    if (finding.kind == Kind::Ours) {
      CONVOY_TRY(const auto count, connection.integer("select count(*) from convoy_table"));
      CONVOY_TRY(foreign, look_for_others(connection, static_cast<std::size_t>(count)));
    }
    CONVOY_TRY(migrated, migrate(connection, options.schema, *finding.steps));
  } else {
    CONVOY_CHECK_OK(set_up_tables(connection, options, finding));
    CONVOY_TRY(foreign, look_for_others(connection, options.schema.tables.size()));
  }
  CONVOY_CHECK_OK(claim(connection, "project", options.project));
  CONVOY_CHECK_OK(claim(connection, "user", options.user));
  CONVOY_TRY(auto numbers, numbers_of(connection, options.schema));
  const Tables tables(options.schema, numbers);
  CONVOY_TRY(const bool is_whole, is_outbox_whole(connection));
  if (!is_whole) CONVOY_CHECK_OK(isolate_damage(connection, tables, *options.random));
  // What others wrote is looked at before a row is put together from what is known of it.
  CONVOY_CHECK_OK(settle_local_tables(connection, tables, *options.clock, *options.random));
  CONVOY_CHECK_OK(adopt(connection, tables, options, foreign, finding.steps.has_value()));
  // All of a file whose notes were missing was just gone through.
  const bool wants_stock = migrated.has_run_sql && foreign.kind != ForeignWrites::Unknown;
  if (wants_stock) CONVOY_CHECK_OK(take_stock(connection, tables));
  CONVOY_CHECK_OK(Overlay(connection, tables).rebase_all(migrated.stale_rows));
  CONVOY_CHECK_OK(make_search_index(connection, options.schema));
  return numbers;
}

}  // namespace

Result<std::vector<std::int64_t>> open_file(sql::Connection& connection,
                                            const DatabaseOptions& options) {
  {
    CONVOY_TRY(auto look, sql::Transaction::begin_read(connection));
    CONVOY_TRY(const auto finding, inspect(connection, options));
    // The usual case writes nothing, so that it does not wait for another process' writing.
    CONVOY_TRY(const bool ready, is_ready(connection, options, finding));
    if (ready) return numbers_of(connection, options.schema);
  }
  CONVOY_CHECK_OK(connection.use_wal());
  CONVOY_TRY(auto transaction, sql::Transaction::begin(connection));
  // Another process may have set the file up in between.
  CONVOY_TRY(auto finding, inspect(connection, options));
  CONVOY_TRY(auto numbers, set_up(connection, options, std::move(finding)));
  CONVOY_CHECK_OK(transaction.commit());
  return numbers;
}

}  // namespace convoy::store
