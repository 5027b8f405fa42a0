// typed_text.h: a value as people type it for any column. Pure.
#pragma once

#include <string>

#include "convoy/result.h"
#include "convoy/schema.h"
#include "convoy/value.h"

namespace convoy::cli {

// Text as it is; numbers, booleans, JSON, null and times as the server writes them in JSON, times
// without the quotes. Errors: InvalidArgument, naming the column.
Result<Value> typed_value(const Column& column, const std::string& text);

}  // namespace convoy::cli
