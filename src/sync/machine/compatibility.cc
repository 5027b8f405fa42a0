#include "sync/machine/compatibility.h"

#include <algorithm>
#include <string_view>

namespace convoy::sync::machine {
namespace {

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

// `type` without its modifiers: "numeric(10,2)" is "numeric", "timestamp(3) with time zone" loses
// the "(3)".
std::string bare_type(std::string_view type) {
  std::string bare(type);
  if (const auto open = bare.find('('); open != std::string::npos) {
    const auto close = bare.find(')', open);
    if (close != std::string::npos) bare.erase(open, close - open + 1);
  }
  return bare;
}

bool fits(const Column& column, std::string_view server_type) {
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

void check_table(const Table& local, const schema::ServerTable& server, std::string& problems) {
  for (const auto& column : local.columns) {
    const auto found = std::ranges::find(server.columns, column.name, &schema::ServerColumn::name);
    if (found == server.columns.end()) {
      problems += "\n  " + local.name + "." + column.name + ": the server has no such column";
    } else if (!fits(column, found->type)) {
      problems += "\n  " + local.name + "." + column.name + ": the server's type " + found->type +
                  " does not fit this program's schema";
    }
  }
}

}  // namespace

Status check_compatible(const Schema& local, const schema::ServerSchema& server) {
  std::string problems;
  for (const auto& table : local.tables) {
    if (table.is_local_only) continue;
    const auto found = std::ranges::find(server.tables, table.name, &schema::ServerTable::name);
    if (found == server.tables.end()) {
      problems += "\n  " + table.name + ": the server does not sync this table";
    } else {
      check_table(table, *found, problems);
    }
  }
  if (problems.empty()) return ok_status();
  return Error{.code = ErrorCode::SchemaMismatch,
               .message = "the server's tables do not fit this program's schema:" + problems,
               .hint =
                   "If the server is older, apply the newest migrations (supabase db push); if it "
                   "is newer, update "
                   "this program. Nothing was changed, and no local write is lost."};
}

}  // namespace convoy::sync::machine
