// server_type.h: the server's types as `format_type` names them, and what holds their values on a
// device (docs/reference/types.md). Pure.
#pragma once

#include <string>
#include <string_view>

#include "convoy/schema.h"

namespace convoy::schema {

// `type` without its modifiers: "numeric(10,2)" is "numeric", "timestamp(3) with time zone" loses
// the "(3)".
std::string bare_type(std::string_view type);

// Whether the column holds every value of the server's type without loss. There is more than one
// such column for some: a bigint or a number for an integer.
bool holds_type(const Column& column, std::string_view server_type);

// How a device keeps values of a type, where nobody has chosen.
struct LocalForm {
  ColumnType type = ColumnType::String;
  PgType pg_type = PgType::Native;
  // False: not one of Postgres' own types, but an enum, a domain, a composite type …; its values
  // are taken for text, which a domain over numbers or documents is not.
  bool is_known = true;
};

LocalForm local_form(std::string_view server_type);

// Whether a device may make ids of this type: a UUID or text.
bool is_id_type(std::string_view server_type);

}  // namespace convoy::schema
