// operation_parser.h: the steps of a transaction. Pure.
#pragma once

#include "conformance/runner/lines.h"
#include "conformance/runner/script.h"
#include "convoy/result.h"

namespace convoy::conformance {

// write, with its steps below; the last line may be the error of the whole.
Result<WriteCommand> parse_write(const Line& line);

}  // namespace convoy::conformance
