// query_json.h: queries as JSON, for programs that can't build them in C++. Pure.
//
// The form is described, with examples, in docs/reference/queries.md. A query that was read from
// JSON means what the JSON says; whether its tables and columns exist is found out when it runs.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "convoy/query.h"
#include "convoy/result.h"

namespace convoy::query {

// Errors: InvalidQuery, saying where: `where[2].any[0]: …`.
Result<Query> parse_query(const base::Json& json);
// Also for text that is not JSON.
Result<Query> parse_query(std::string_view text);

// Text is a document here, not the JSON string that it could become.
inline Result<Query> parse_query(const std::string& text) {
  return parse_query(std::string_view(text));
}

inline Result<Query> parse_query(const char* text) { return parse_query(std::string_view(text)); }

// The query in the same form; parse_query() gives one that means the same. Errors: InvalidQuery for
// what could not run either, or what JSON can't hold: numbers that are not finite.
Result<base::Json> to_json(const Query& query);

}  // namespace convoy::query
