#include "sync/machine/compatibility.h"

#include <algorithm>

#include "schema/server_type.h"

namespace convoy::sync::machine {
namespace {

void check_table(const Table& local, const schema::ServerTable& server, std::string& problems) {
  for (const auto& column : local.columns) {
    const auto found = std::ranges::find(server.columns, column.name, &schema::ServerColumn::name);
    if (found == server.columns.end()) {
      problems += "\n  " + local.name + "." + column.name + ": the server has no such column";
    } else if (!schema::holds_type(column, found->type)) {
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
