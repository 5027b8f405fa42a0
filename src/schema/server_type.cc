#include "schema/server_type.h"

#include <algorithm>
#include <initializer_list>

namespace convoy::schema {
namespace {

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

// Postgres' own types whose values travel as text, and what its usual extensions add to them.
bool travels_as_text(std::string_view type) {
  return is_one_of(type, {"text",
                          "character varying",
                          "character",
                          "\"char\"",
                          "name",
                          "citext",
                          "bytea",
                          "time without time zone",
                          "time with time zone",
                          "interval",
                          "money",
                          "xml",
                          "inet",
                          "cidr",
                          "macaddr",
                          "macaddr8",
                          "bit",
                          "bit varying",
                          "tsvector",
                          "tsquery",
                          "point",
                          "line",
                          "lseg",
                          "box",
                          "path",
                          "polygon",
                          "circle",
                          "int4range",
                          "int8range",
                          "numrange",
                          "tsrange",
                          "tstzrange",
                          "daterange",
                          "int4multirange",
                          "int8multirange",
                          "nummultirange",
                          "tsmultirange",
                          "tstzmultirange",
                          "datemultirange",
                          "jsonpath",
                          "oid",
                          "regclass",
                          "ltree",
                          "vector"});
}

}  // namespace

std::string bare_type(std::string_view type) {
  std::string bare(type);
  if (const auto open = bare.find('('); open != std::string::npos) {
    const auto close = bare.find(')', open);
    if (close != std::string::npos) bare.erase(open, close - open + 1);
  }
  return bare;
}

bool holds_type(const Column& column, std::string_view server_type) {
  const auto type = bare_type(server_type);
  const bool is_array = type.ends_with("[]");
  switch (column.pg_type) {
    case PgType::Timestamptz:
      return is_one_of(type, {"timestamp with time zone", "timestamp without time zone"});
    case PgType::Date:
      return type == "date";
    case PgType::Uuid:
      return is_one_of(type, {"uuid", "text", "character varying"});
    case PgType::Jsonb:
      return is_one_of(type, {"jsonb", "json"});
    case PgType::Array:
      return is_array;
    case PgType::Bigint:
      return is_one_of(type, {"bigint", "integer", "smallint"});
    case PgType::Numeric:
      return is_one_of(type, {"numeric", "bigint", "integer", "smallint"});
    case PgType::Native:
      break;
  }
  switch (column.type) {
    case ColumnType::Boolean:
      return type == "boolean";
    case ColumnType::Number:
      // bigint and numeric would lose digits in a double.
      return is_one_of(type, {"integer", "smallint", "double precision", "real"});
    case ColumnType::String:
      // Text, and every type whose values travel as text: enums, uuid, time, interval, bytea, inet
      // …
      return !is_array && !is_one_of(type, {"boolean", "integer", "smallint", "bigint", "numeric",
                                            "double precision", "real", "json", "jsonb"});
  }
  return false;
}

LocalForm local_form(std::string_view server_type) {
  const auto type = bare_type(server_type);
  if (type.ends_with("[]")) return {.pg_type = PgType::Array};
  if (type == "timestamp with time zone" || type == "timestamp without time zone") {
    return {.type = ColumnType::Number, .pg_type = PgType::Timestamptz};
  }
  if (type == "date") return {.pg_type = PgType::Date};
  if (type == "uuid") return {.pg_type = PgType::Uuid};
  if (type == "jsonb" || type == "json") return {.pg_type = PgType::Jsonb};
  if (type == "bigint") return {.pg_type = PgType::Bigint};
  if (type == "numeric") return {.pg_type = PgType::Numeric};
  if (type == "boolean") return {.type = ColumnType::Boolean};
  if (is_one_of(type, {"integer", "smallint", "double precision", "real"})) {
    return {.type = ColumnType::Number};
  }
  return {.is_known = travels_as_text(type)};
}

bool is_id_type(std::string_view server_type) {
  return is_one_of(bare_type(server_type), {"uuid", "text", "character varying", "citext"});
}

}  // namespace convoy::schema
