#include "sync/machine/compatibility.h"

#include <algorithm>

#include "schema/server_type.h"

namespace convoy::sync::machine {
namespace {

std::string problem_of(const Table& local, const schema::ServerTable& server) {
  std::string problem;
  for (const auto& column : local.columns) {
    const auto found = std::ranges::find(server.columns, column.name, &schema::ServerColumn::name);
    const bool is_there = found != server.columns.end();
    if (is_there && schema::holds_type(column, found->type)) continue;
    problem += problem.empty() ? "" : "; ";
    problem += is_there ? "the server's type " + found->type + " of \"" + column.name +
                              "\" does not fit this program's schema"
                        : "the server has no column \"" + column.name + "\"";
  }
  return problem;
}

}  // namespace

std::map<std::string, std::string> unfit_tables(const Schema& local,
                                                const schema::ServerSchema& server) {
  std::map<std::string, std::string> unfit;
  for (const auto& table : local.tables) {
    if (table.is_local_only) continue;
    const auto found = std::ranges::find(server.tables, table.name, &schema::ServerTable::name);
    auto problem = found == server.tables.end() ? "the server does not sync this table"
                                                : problem_of(table, *found);
    if (!problem.empty()) unfit.emplace(table.name, std::move(problem));
  }
  return unfit;
}

}  // namespace convoy::sync::machine
