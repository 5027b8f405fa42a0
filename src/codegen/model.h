// model.h: a schema as the generators for all languages see it. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "convoy/result.h"
#include "schema/schema_json.h"

namespace convoy::codegen {

// What a value means, from which each language takes its type.
enum class Kind {
  Text,
  Date,       // Text: "2026-11-22".
  Json,       // JSON text.
  Array,      // JSON text, an array.
  Id,         // A uuid that leads to no table of the schema.
  Reference,  // The id of a record of `target`.
  Decimal,    // Text: its digits.
  Bigint,     // A 64-bit integer.
  Number,
  Boolean,
  Time,
};

struct TableModel;

struct ColumnModel {
  const Column* column = nullptr;  // Borrowed from the document.
  Kind kind = Kind::Text;
  // created_at and updated_at: a new record gets it without being told.
  bool is_automatic = false;
  std::size_t target = 0;  // Of a Reference: which of the model's tables.
};

struct TableModel {
  const Table* table = nullptr;  // Borrowed from the document.
  std::string record;            // What one record is called: "TaskDependency".
  std::vector<ColumnModel> columns;
};

struct Model {
  const schema::SchemaDocument* document = nullptr;  // Borrowed.
  std::vector<TableModel> tables;                    // In the schema's order.
};

// By table. Names that are given, not made.
using RecordNames = std::map<std::string, std::string, std::less<>>;

// REQUIRES: the document is valid.
// Errors: UnknownTable, InvalidArgument (a given name that is none), InvalidSchema if a table's
// name gives none, or two tables the same one.
Result<Model> make_model(const schema::SchemaDocument& document, const RecordNames& given);

}  // namespace convoy::codegen
