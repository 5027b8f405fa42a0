#include "query/relation.h"

#include <algorithm>
#include <string>
#include <vector>

#include "query/parts.h"
#include "schema/suggest.h"

namespace convoy::query {
namespace {

constexpr std::string_view kOwn = "->";
constexpr std::string_view kOther = "<-";

void add_candidates(std::vector<Relation>& candidates, const Table& holder, const Table& target,
                    const Table& other, bool is_own) {
  for (const auto& column : holder.columns) {
    if (column.references && column.references->table == target.name) {
      candidates.push_back({.other = &other, .column = &column, .is_own = is_own});
    }
  }
}

// `"->milestone_id" (tasks.milestone_id)`.
std::string described(const Table& table, const Relation& relation) {
  const auto& holder = relation.is_own ? table : *relation.other;
  return '"' + std::string(relation.is_own ? kOwn : kOther) + relation.column->name + "\" (" +
         holder.name + "." + relation.column->name + ")";
}

std::string hint_for(const Table& table, const std::vector<Relation>& candidates) {
  std::string hint = "Say which with `via`: ";
  for (const auto& candidate : candidates) {
    if (&candidate != &candidates.front()) hint += " or ";
    hint += described(table, candidate);
  }
  return hint + '.';
}

std::vector<Relation> candidates_for(const Table& table, const Table& other) {
  std::vector<Relation> candidates;
  add_candidates(candidates, table, other, other, true);
  add_candidates(candidates, other, table, other, false);
  return candidates;
}

}  // namespace

Result<Relation> find_relation(const Schema& schema, const Table& table, const On& on) {
  const auto* other = schema.find_table(on.table);
  if (other == nullptr) return schema::unknown_table(schema, on.table);
  const auto candidates = candidates_for(table, *other);
  const auto subject = "on(\"" + other->name + "\")";
  if (candidates.empty()) {
    return invalid_query(subject + ": no column of " + table.name + " refers to " + other->name +
                             ", nor the reverse",
                         "References are declared in the schema: Column::references.");
  }
  std::string_view name = on.via;
  const bool is_own = name.starts_with(kOwn);
  const bool is_other = name.starts_with(kOther);
  if (is_own || is_other) name.remove_prefix(kOwn.size());
  auto fits = candidates;
  std::erase_if(fits, [&](const Relation& relation) {
    return (!on.via.empty() && relation.column->name != name) || (is_own && !relation.is_own) ||
           (is_other && relation.is_own);
  });
  // Between records of one table a plain name is the record's own column.
  if (fits.size() == 2 && fits[0].column == fits[1].column && !on.via.empty()) fits.pop_back();
  if (fits.size() == 1) return fits.front();
  if (fits.empty()) {
    return invalid_query(subject + ": no reference between " + table.name + " and " + other->name +
                             " is called \"" + on.via + "\"",
                         hint_for(table, candidates));
  }
  return invalid_query(
      subject + ": several references lead from " + table.name + " to " + other->name,
      hint_for(table, fits));
}

}  // namespace convoy::query
