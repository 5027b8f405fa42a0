// schema_view.h: what differs between a schema and the server, for people and for programs. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "cli/style.h"
#include "codegen/schema_diff.h"
#include "codegen/schema_update.h"

namespace convoy::cli {

// "tasks.title: left out: …"
std::string line_of(const codegen::SchemaNote& note);

// "version 3 with 4 tables".
std::string summary_of(const codegen::SchemaUpdate& update);

// What to do about each difference, and the migration that leads to the server's tables.
std::string view(const std::vector<codegen::Difference>& differences,
                 const codegen::SchemaUpdate& update, const Style& style);

// Of `pull`: version, migration (null: none is needed) and notes.
base::Json to_json(const codegen::SchemaUpdate& update,
                   const std::vector<codegen::SchemaNote>& notes);
// Of `diff`.
base::Json to_json(const std::vector<codegen::Difference>& differences,
                   const codegen::SchemaUpdate& update);

}  // namespace convoy::cli
