// merge_checks.h: what must have become of one column that a device changed, said as a law for each
// rule and not as a procedure. Pure.
#pragma once

#include <optional>
#include <string>

#include "base/json.h"
#include "sim/app.h"

namespace convoy::sim {

// Values in the column's own form.
struct ColumnCase {
  const ColumnSpec* column = nullptr;
  std::optional<base::Json> base;    // What the device showed before; nothing if it did not say.
  base::Json client;                 // What it wrote.
  base::Json before;                 // The server's row …
  base::Json after;                  // … and what became of it.
  const base::Json* told = nullptr;  // The conflict in the outcome, if there is one.
};

// What is wrong; nothing if all is well.
std::optional<std::string> check_merge(const ColumnCase& merge);

}  // namespace convoy::sim
