// How conditions stand together, and what they say about other tables.
#include <algorithm>
#include <string>

#include "query/compile.h"
#include "query/parts.h"
#include "query/relation.h"

namespace convoy::query {
namespace {

// Conditions on one and the same related record.
struct RelatedGroup {
  const Condition* first = nullptr;  // Where the group stands.
  Relation relation;
  std::vector<const Condition*> conditions;
};

std::vector<const Condition*> pointers_to(const std::vector<Condition>& conditions) {
  std::vector<const Condition*> pointers;
  pointers.reserve(conditions.size());
  for (const auto& condition : conditions) pointers.push_back(&condition);
  return pointers;
}

Result<std::vector<RelatedGroup>> related_groups(const Schema& schema, const Table& table,
                                                 const std::vector<const Condition*>& conditions) {
  std::vector<RelatedGroup> groups;
  for (const auto* item : conditions) {
    const auto* on = std::get_if<On>(&item->node);
    if (on == nullptr) continue;
    CONVOY_TRY(const auto relation, find_relation(schema, table, *on));
    auto group = std::ranges::find(groups, relation, &RelatedGroup::relation);
    if (group == groups.end()) {
      groups.push_back({.first = item, .relation = relation});
      group = groups.end() - 1;
    }
    for (const auto& there : on->conditions) group->conditions.push_back(&there);
  }
  return groups;
}

// A sub-select rather than a join: a record is found once however many related ones there are. Its
// table needs no alias even if it is the outer one: nothing inside speaks of the outer record.
Result<Piece> compile_related(const Schema& schema, const Table& table, const RelatedGroup& group) {
  const auto& [other, column, is_own] = group.relation;
  CONVOY_TRY(auto piece, compile_filter(schema, *other, group.conditions));
  const auto left = qualified(table, is_own ? column->name : "id");
  const auto result = qualified(*other, is_own ? "id" : column->name);
  piece.sql =
      left + " in (select " + result + " from " + quoted(other->name) + " where " + piece.sql + ")";
  ++piece.height;
  return piece;
}

Result<Piece> compile_condition(const Schema& schema, const Table& table,
                                const Condition& condition);

// The conditions of a conjunction, those on one related record as one.
Result<std::vector<Piece>> compile_all(const Schema& schema, const Table& table,
                                       const std::vector<const Condition*>& conditions,
                                       const Condition* joined) {
  CONVOY_TRY(const auto groups, related_groups(schema, table, conditions));
  std::vector<Piece> pieces;
  for (const auto* item : conditions) {
    if (item == joined) continue;
    if (std::holds_alternative<On>(item->node)) {
      const auto group = std::ranges::find(groups, item, &RelatedGroup::first);
      if (group == groups.end()) continue;
      CONVOY_TRY(auto piece, compile_related(schema, table, *group));
      pieces.push_back(std::move(piece));
    } else {
      CONVOY_TRY(auto piece, compile_condition(schema, table, *item));
      pieces.push_back(std::move(piece));
    }
  }
  return pieces;
}

Result<std::vector<Piece>> compile_each(const Schema& schema, const Table& table,
                                        const std::vector<Condition>& conditions) {
  std::vector<Piece> pieces;
  for (const auto& condition : conditions) {
    CONVOY_TRY(auto piece, compile_condition(schema, table, condition));
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

Piece in_parentheses(std::vector<Piece> pieces, std::string_view word) {
  auto piece = join_pieces(std::move(pieces), word);
  piece.sql = "(" + piece.sql + ")";
  return piece;
}

Result<Piece> compile_condition(const Schema& schema, const Table& table,
                                const Condition& condition) {
  if (const auto* where = std::get_if<Where>(&condition.node)) {
    return compile_comparison(table, *where);
  }
  if (const auto* sql = std::get_if<SqlFragment>(&condition.node)) {
    return compile_fragment(table, *sql);
  }
  if (const auto* search = std::get_if<Search>(&condition.node)) {
    return compile_search(table, *search);
  }
  if (const auto* all = std::get_if<AllOf>(&condition.node)) {
    CONVOY_TRY(auto pieces, compile_all(schema, table, pointers_to(all->conditions), nullptr));
    if (pieces.empty()) return Piece{.sql = "1"};
    return in_parentheses(std::move(pieces), " and ");
  }
  if (const auto* any = std::get_if<AnyOf>(&condition.node)) {
    CONVOY_TRY(auto pieces, compile_each(schema, table, any->conditions));
    if (pieces.empty()) return Piece{.sql = "0"};
    return in_parentheses(std::move(pieces), " or ");
  }
  CONVOY_TRY(const auto groups, related_groups(schema, table, {&condition}));
  return compile_related(schema, table, groups.front());
}

}  // namespace

Result<Piece> compile_filter(const Schema& schema, const Table& table,
                             const std::vector<const Condition*>& conditions,
                             const Condition* joined) {
  CONVOY_TRY(auto pieces, compile_all(schema, table, conditions, joined));
  pieces.push_back({.sql = qualified(table, "_status") + " is not 'deleted'"});
  return join_pieces(std::move(pieces), " and ");
}

}  // namespace convoy::query
