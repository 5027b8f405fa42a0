// mutation_text.h: the operations in a mutation's text, {"ops": […]}. Pure.
#pragma once

#include <string_view>

#include "base/json.h"

namespace convoy::store {

// Nothing if the text has no list of operations.
const base::Json::Array* operations_in(const base::Json& text);
base::Json::Array* operations_in(base::Json& text);

// A member that is text; "" if it is not there.
std::string_view text_of(const base::Json& operation, std::string_view member);

// The members of "values" or "base"; null if it is not there.
const base::Json::Object* members_of(const base::Json& operation, std::string_view name);
base::Json::Object* members_of(base::Json& operation, std::string_view name);

// Whether the operation is one on this row.
bool concerns(const base::Json& operation, std::string_view table, std::string_view id);

}  // namespace convoy::store
