// cpp_query.h: a query from its JSON form, as far as the C++ API has queries today.
#pragma once

#include <string_view>

#include "convoy/query.h"
#include "convoy/result.h"

namespace convoy::conformance {

Result<Query> parse_query(std::string_view json);

}  // namespace convoy::conformance
