// schema_json.h: a schema and its migrations as JSON, both ways (docs/reference/schema.md). Pure.
#pragma once

#include <string>
#include <string_view>

#include "convoy/migration.h"
#include "convoy/result.h"
#include "convoy/schema.h"

namespace convoy::schema {

struct SchemaDocument {
  Schema schema;
  Migrations migrations;

  bool operator==(const SchemaDocument&) const = default;
};

// Reads and validates. Nothing is guessed: members it does not know are refused.
// Errors: InvalidSchema, saying where ("tables[1].columns[3].type: …").
Result<SchemaDocument> parse_schema(std::string_view json);

// JSON over several lines. parse_schema() reads it back as it was. What has its default is left
// out. REQUIRES: both are valid.
std::string schema_to_json(const Schema& schema, const Migrations& migrations);

}  // namespace convoy::schema
