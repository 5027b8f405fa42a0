// server_schema.h: from the server's tables to a local schema. Pure.
#pragma once

#include <string>
#include <vector>

#include "codegen/server_description.h"
#include "convoy/result.h"
#include "convoy/schema.h"

namespace convoy::codegen {

// Something that a local schema can't say, or says otherwise, and what that means.
struct SchemaNote {
  std::string table;
  std::string column;  // Empty: the whole table.
  std::string text;
};

struct ServerSchema {
  Schema schema;  // Version 1, in the server's order.
  std::vector<SchemaNote> notes;
};

// Every table and column that a device can hold, with the types of docs/reference/types.md. What it
// can't hold is left out, with a note: sync does without it.
// Errors: InvalidSchema if two names clash in a way that leaving out does not mend.
Result<ServerSchema> to_local_schema(const ServerDescription& server);

}  // namespace convoy::codegen
