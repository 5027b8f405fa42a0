// batch.h: a list of writes given as JSON, done in one transaction.
//
//   [{"create": "tasks", "id": "…", "fields": {"title": "…"}},
//    {"update": "tasks", "id": "…", "fields": {"done": true}},
//    {"delete": "tasks", "id": "…"}, {"erase": "tasks", "id": "…"}]
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "convoy/database.h"

namespace convoy::store {

enum class OperationKind { Create, Update, Delete, Erase };

struct Operation {
  OperationKind kind = OperationKind::Create;
  std::string table;
  std::string id;  // Empty: a create makes one.
  Fields fields;   // Of a create or update.
};

// Reads it before any lock is taken. Errors, naming the operation by its place: InvalidArgument,
// UnknownTable, UnknownColumn.
Result<std::vector<Operation>> parse_batch(const Schema& schema, std::string_view json);

// Does them in their order. A JSON array with a result for each: the record created or updated, the
// number of records deleted or erased. After an error the transaction must be given up. Errors,
// each naming the operation by its place: as Writer's.
Result<std::string> run_batch(Writer& writer, std::vector<Operation> operations);

}  // namespace convoy::store
