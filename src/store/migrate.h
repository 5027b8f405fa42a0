// migrate.h: carrying out a schema's migrations on a file.
#pragma once

#include <vector>

#include "convoy/result.h"
#include "convoy/schema.h"
#include "schema/migration_steps.h"
#include "sql/connection.h"
#include "store/overlay.h"
#include "store/tables.h"

namespace convoy::store {

struct Migrated {
  // To be rebased: their pending writes name a column that is there again.
  std::vector<Overlay::RowKey> stale_rows;
  bool has_run_sql = false;  // take_stock() is to follow.
};

// Runs `steps`, brings the engine's books up to date (docs/design/storage.md, "Migrations") and
// sets the version. The index of words, and what notes other programs' writes, are gone afterwards.
// REQUIRES: a transaction is open, and is rolled back if this fails; the engine's tables are there.
// Errors: InvalidSchema, naming the migration and step, if SQLite can't do what it says, or if the
// outcome is not `schema`; DiskFull, Io, Corrupt.
Result<Migrated> migrate(sql::Connection& connection, const Schema& schema,
                         const std::vector<schema::PlannedStep>& steps);

// Rows that the program's own SQL put into synced tables count as the server's until a pull says
// otherwise; those it took out are forgotten. REQUIRES: what others wrote has been taken over.
Status take_stock(sql::Connection& connection, const Tables& tables);

// What the schema wants and the file has not: "tasks", "tasks.title"; "" if all is there.
Result<std::string> missing_part(sql::Connection& connection, const Schema& schema);

}  // namespace convoy::store
