// last_mutation.h: the numbers that were given last to a mutation, so that none is given twice.
//
// As a rule they are those of the newest mutation in the outbox, which costs a commit nothing to
// keep; those of mutations that leave the outbox are noted in convoy_meta first.
#pragma once

#include <cstdint>

#include "convoy/result.h"
#include "sql/connection.h"

namespace convoy::store {

struct LastMutation {
  std::int64_t seq = 0;  // 0: there never was one.
  std::int64_t hlc = 0;
};

Result<LastMutation> last_mutation(sql::Connection& connection);

// To be called before mutations are deleted.
Status note_last_mutation(sql::Connection& connection);

}  // namespace convoy::store
