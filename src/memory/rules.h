// rules.h: what may be written into a workspace, project, milestone or task.
#pragma once

#include <cstdint>

#include "convoy/database.h"
#include "memory/entity.h"
#include "memory/lookup.h"

namespace convoy::memory {

// Checks `fields` and completes them: parts of ids become ids, statuses and stages their spelling,
// missing ones their defaults, and a task that is done gets its completion date. `before` is the
// record as it stands, null for a new one; a value it already has is always allowed, even one this
// program does not know.
// Errors: InvalidArgument, NotFound and Ambiguous (a parent), those of `reader`.
Result<Fields> apply_rules(Reader& reader, const Schema& schema, Entity entity, Fields fields,
                           const Record* before, std::int64_t now_ms);

}  // namespace convoy::memory
