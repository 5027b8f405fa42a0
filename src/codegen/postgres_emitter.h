// postgres_emitter.h: a local schema as the SQL that makes its tables on the server. Pure.
#pragma once

#include <string>

#include "schema/schema_json.h"

namespace convoy::codegen {

// A migration for Postgres: tables, parents first, with keys, indices, Row Level Security and
// grants, then one convoy.enable() for each. What a local schema can't know is a comment to be
// filled in: the policies above all. Safe to run again. REQUIRES: the document is valid.
std::string emit_postgres(const schema::SchemaDocument& document);

// A name as SQL wants it: in quotes if it is a reserved word or has capital letters.
std::string sql_name(const std::string& name);

}  // namespace convoy::codegen
