// value.h: what a column of a local record holds. Owned by the layer `base`.
#pragma once

#include <string>
#include <variant>

namespace convoy {

using Null = std::monostate;

// WatermelonDB's three column types, and null. Numbers are doubles: integers are exact up to 2^53,
// larger ones belong into columns with `PgType::Bigint` or `PgType::Numeric`, which are strings
// here.
using Value = std::variant<Null, bool, double, std::string>;

inline bool is_null(const Value& value) { return std::holds_alternative<Null>(value); }

}  // namespace convoy
