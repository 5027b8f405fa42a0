// relation.h: how the records of two tables hang together. Pure.
#pragma once

#include "convoy/query.h"
#include "convoy/result.h"
#include "convoy/schema.h"

namespace convoy::query {

struct Relation {
  const Table* other = nullptr;    // Borrowed from the schema, as is the column.
  const Column* column = nullptr;  // Holds the id of the record it leads to.
  bool is_own = false;             // The column is the record's own; else one of the other record.

  bool operator==(const Relation&) const = default;
};

// The relation that `on` means, from the references of the schema. Errors: UnknownTable;
// InvalidQuery if there is none, or if several fit, which the message names.
Result<Relation> find_relation(const Schema& schema, const Table& table, const On& on);

}  // namespace convoy::query
