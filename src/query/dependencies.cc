#include "query/dependencies.h"

#include <algorithm>

#include "query/fragment.h"

namespace convoy::query {
namespace {

void add_table(Dependencies& found, const std::string& table) {
  if (std::ranges::find(found.tables, table) == found.tables.end()) found.tables.push_back(table);
}

void add_conditions(Dependencies& found, const std::vector<Condition>& conditions) {
  for (const auto& condition : conditions) {
    if (const auto* all = std::get_if<AllOf>(&condition.node)) {
      add_conditions(found, all->conditions);
    } else if (const auto* any = std::get_if<AnyOf>(&condition.node)) {
      add_conditions(found, any->conditions);
    } else if (const auto* on = std::get_if<On>(&condition.node)) {
      add_table(found, on->table);
      add_conditions(found, on->conditions);
    } else if (const auto* sql = std::get_if<SqlFragment>(&condition.node)) {
      const auto info = inspect_fragment(sql->sql, FragmentKind::Expression, "");
      if (!info.ok() || info->reads_tables) found.is_complete = false;
    }
  }
}

}  // namespace

Dependencies tables_of(const Query& query) {
  Dependencies found;
  found.tables.push_back(query.table);
  found.is_complete = !query.statement;
  add_conditions(found, query.conditions);
  return found;
}

}  // namespace convoy::query
