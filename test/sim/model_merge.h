// model_merge.h: docs/design/conflicts.md for one column: who wins, or what both come to. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "base/json.h"
#include "sim/app.h"
#include "sim/mutants.h"

namespace convoy::sim {

// Values in the column's own form.
struct Edit {
  std::optional<base::Json> base;  // Nothing: the device gave none.
  base::Json client;
  base::Json server;
  bool is_later = false;  // By the stamps, for last_write_wins.
};

struct Settled {
  enum class Kept { Server, Client, Merged };
  Kept kept = Kept::Client;
  bool is_conflict = false;
  base::Json value;  // Merged.
};

Settled settle(Rule rule, const Edit& edit, Mutant mutant);

}  // namespace convoy::sim
