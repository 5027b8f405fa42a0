// schema.h: the local tables of the memory bank.
#pragma once

#include "convoy/schema.h"

namespace convoy::memory {

// The tables of the memory bank as the server has them, with its types and foreign keys. The
// context service reads all of them; `Bank` writes the four of the hierarchy.
Schema memory_schema();

}  // namespace convoy::memory
