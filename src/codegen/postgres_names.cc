// Names in SQL for Postgres.
#include <algorithm>
#include <array>
#include <string_view>

#include "codegen/letters.h"
#include "codegen/postgres_emitter.h"

namespace convoy::codegen {
namespace {

// Words that Postgres 15 to 18 take for no table's or column's name, in order.
constexpr std::array<std::string_view, 101> kReserved{
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "binary",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "false",
    "fetch",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "group",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "lateral",
    "leading",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "natural",
    "not",
    "notnull",
    "null",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "outer",
    "overlaps",
    "placing",
    "primary",
    "references",
    "returning",
    "right",
    "select",
    "session_user",
    "similar",
    "some",
    "symmetric",
    "system_user",
    "table",
    "tablesample",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
};
static_assert(std::ranges::is_sorted(kReserved));

}  // namespace

std::string sql_name(const std::string& name) {
  const bool has_capitals = std::ranges::any_of(name, is_upper);
  if (!has_capitals && !std::ranges::binary_search(kReserved, name)) return name;
  return "\"" + name + "\"";  // Names of a schema have no quotes in them.
}

}  // namespace convoy::codegen
