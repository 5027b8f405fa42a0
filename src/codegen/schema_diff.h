// schema_diff.h: where a local schema and the server's tables differ, and what each difference
// means for those who run a program with it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codegen/schema_update.h"
#include "codegen/server_description.h"
#include "codegen/server_schema.h"
#include "convoy/result.h"

namespace convoy::codegen {

// In this order: what is worse comes later.
enum class Impact {
  Note,      // Worth knowing; nothing has to follow.
  Additive,  // Sync goes on; what is new comes with the next version of the schema.
  Breaking,  // Sync of the table stops, or what devices write there is refused.
};

std::string_view to_string(Impact impact);

enum class Change {
  TableAdded,
  TableMissing,
  TableRenamed,
  TableKeptLocal,
  IdsChanged,
  ColumnAdded,
  ColumnMissing,
  ColumnRenamed,
  TypeChanged,
  BecameOptional,
  BecameRequired,
  ReferenceChanged,
  IndexMissing,
};

// "column_added".
std::string_view to_string(Change change);

struct Difference {
  Impact impact = Impact::Note;
  Change change = Change::ColumnAdded;
  std::string table;
  std::string column;  // Empty: the table as a whole.
  std::string message;
  std::string advice;  // Empty if there is nothing to do.
};

// All differences, table by table in the local schema's order, then the server's new tables.
// REQUIRES and errors: as update_schema().
Result<std::vector<Difference>> compare(const Schema& local, const ServerDescription& server,
                                        const ServerSchema& converted,
                                        const std::vector<Rename>& renames);

// The worst of them; Note if there is none.
Impact worst(const std::vector<Difference>& differences);

}  // namespace convoy::codegen
