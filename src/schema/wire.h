// wire.h: a column's value as it is kept, and as it travels (docs/reference/types.md). Pure.
#pragma once

#include "base/json.h"
#include "convoy/result.h"
#include "convoy/schema.h"
#include "convoy/value.h"

namespace convoy::schema {

// The server's value as the column keeps it.
// Errors: SchemaMismatch if it is not of the column's type, or null where the column is not
// optional; the message names the column.
Result<Value> from_wire(const Column& column, const base::Json& wire);

// The kept value as it is sent. Text that should be JSON but is not (another program wrote it)
// becomes a JSON string.
base::Json to_wire(const Column& column, const Value& value);

// Whether two values of the column mean the same to the server: one instant in two time zones, one
// number in two spellings, one document with its members in another order.
bool same_wire_value(const Column& column, const base::Json& left, const base::Json& right);

}  // namespace convoy::schema
