// dependencies.h: which task waits for which.
#pragma once

#include <string>
#include <string_view>

#include "convoy/database.h"

namespace convoy::memory {

// Makes `task` wait for `other`; both are whole ids of tasks that are here. The row that says so,
// also if it was there already. Errors: InvalidArgument if they are one task, or if `other` waits
// for `task`, directly or by others: the hint names the way round.
Result<Record> add_dependency(Writer& writer, std::string_view task, std::string_view other);

// Errors: NotFound if `task` does not wait for `other`.
Status remove_dependency(Writer& writer, std::string_view task, std::string_view other);

}  // namespace convoy::memory
