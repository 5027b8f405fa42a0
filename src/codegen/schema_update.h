// schema_update.h: a local schema brought up to date with the server, and the migration that leads
// there. Pure.
//
// The server decides which tables and columns there are, what may be null, and where foreign keys
// lead. This file keeps what is its own business: tables that are local only, which columns are
// searchable or have an index, the kind of ids and the local type of a column where the server's
// values fit it, and the order of everything.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codegen/server_description.h"
#include "codegen/server_schema.h"
#include "convoy/migration.h"
#include "convoy/result.h"
#include "schema/schema_json.h"

namespace convoy::codegen {

// What nobody can tell by looking: that something new is something old under another name.
struct Rename {
  std::string table;   // As it is called in the local schema.
  std::string column;  // Empty: the table itself.
  std::string to;
};

// "tasks=todos", "tasks.title=name". Errors: InvalidArgument.
Result<Rename> parse_rename(std::string_view text);

struct SchemaUpdate {
  // The whole document: with a version raised by one and one more migration if there are steps.
  schema::SchemaDocument document;
  std::vector<MigrationStep> steps;
};

// REQUIRES: `local` is valid; `converted` was made from `server`.
// Errors: UnknownTable, UnknownColumn, InvalidArgument (a rename that fits neither side);
// InvalidSchema if names clash.
Result<SchemaUpdate> update_schema(const schema::SchemaDocument& local,
                                   const ServerDescription& server, const ServerSchema& converted,
                                   const std::vector<Rename>& renames);

// The schema with these renamings alone, as steps and as the schema after them.
// Errors: as update_schema().
Result<std::vector<MigrationStep>> apply_renames(Schema& schema, const ServerDescription& server,
                                                 const std::vector<Rename>& renames);

// Whether ids that a device makes are ids for the server.
bool holds_ids(const Table& local, const ServerTable& server);

}  // namespace convoy::codegen
