// live_json.h: live results as JSON, for every door that is not C++ (docs/reference/json.md).
//
// Thread-safety: thread-compatible.
#pragma once

#include <string>

#include "convoy/live.h"

namespace convoy::live {

enum class LiveRowsForm {
  // {"first":…,"rows":[…],"differences":[{"kind":"removed","from":3},{"kind":"moved",…},…]}
  AllRows,
  // "rows" only at the first delivery; from then on each difference that is inserted or changed has
  // its "record".
  Differences,
};

std::string to_json(const LiveRows& rows, LiveRowsForm form);

}  // namespace convoy::live
