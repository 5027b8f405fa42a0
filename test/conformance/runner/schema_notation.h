// schema_notation.h: the short way to write a schema and its migrations (README.md, "Schemas"),
// turned into their JSON form. Pure.
#pragma once

#include <vector>

#include "base/json.h"
#include "conformance/runner/lines.h"
#include "convoy/result.h"

namespace convoy::conformance {

// `lines` are tables and migrations. Whether the schema is valid is not looked at.
Result<base::Json> schema_to_json(int version, const std::vector<Line>& lines);

}  // namespace convoy::conformance
