// request.h: what the tests ask, as JSON.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "convoy/result.h"
#include "schema/schema_json.h"

namespace convoy::compat {

// Errors: InvalidArgument, naming the member.
Result<std::string> text_of(const base::Json& object, std::string_view member);
Result<const base::Json::Array*> array_of(const base::Json& object, std::string_view member);

// The request's "schema".
Result<schema::SchemaDocument> schema_of(const base::Json& request);

}  // namespace convoy::compat
