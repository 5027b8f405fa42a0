#include "sim/merge_checks.h"

#include <algorithm>

#include "sim/show.h"

namespace convoy::sim {
namespace {

using base::Json;

Json::Array elements(const Json& value) {
  return value.array() == nullptr ? Json::Array() : *value.array();
}

bool has(const Json& set, const Json& element) {
  const auto list = elements(set);
  return std::ranges::find(list, element) != list.end();
}

// Each element by itself: who touched it decides, and whom nobody touched stays.
bool is_union_of_edits(const ColumnCase& merge) {
  std::vector<Json> all;
  for (const auto* set : {&*merge.base, &merge.client, &merge.before, &merge.after}) {
    for (auto& element : elements(*set)) all.push_back(std::move(element));
  }
  return std::ranges::all_of(all, [&](const Json& element) {
    const bool was = has(*merge.base, element);
    const bool is_touched = was != has(merge.client, element);
    const bool wanted = is_touched ? !was : has(merge.before, element);
    const auto after = elements(merge.after);
    return std::ranges::count(after, element) == (wanted ? 1 : 0);
  });
}

bool is_well_merged(const ColumnCase& merge) {
  switch (merge.column->rule) {
    case Rule::ServerWins:
    case Rule::Manual:
      return merge.after == merge.before;
    case Rule::ClientWins:
      return merge.after == merge.client;
    case Rule::Counter:
      return merge.after.integer().value_or(0) == merge.before.integer().value_or(0) +
                                                      merge.client.integer().value_or(0) -
                                                      merge.base->integer().value_or(0);
    case Rule::Set:
      return is_union_of_edits(merge);
    case Rule::LastWriteWins:
      // Which of them is the book's business (lww_book).
      return merge.after == merge.before || merge.after == merge.client;
    case Rule::Latest:
      return true;
  }
  return false;
}

// All three values, and who prevailed.
bool is_well_told(const ColumnCase& merge) {
  const auto& told = *merge.told;
  const auto says = [&](const char* name, const Json& value) {
    const auto* found = told.find(name);
    return found != nullptr && *found == value;
  };
  if (!says("base", merge.base ? *merge.base : Json()) || !says("client", merge.client) ||
      !says("server", merge.before)) {
    return false;
  }
  if (member(told, "rule") != name_of(merge.column->rule)) return false;
  const auto kept = member(told, "kept");
  if (kept == "merged") return says("value", merge.after);
  return merge.after == (kept == "client" ? merge.client : merge.before);
}

std::string describe(const ColumnCase& merge) {
  return std::string(name_of(merge.column->rule)) + " of " +
         (merge.base ? merge.base->dump() : std::string("nothing")) + " → " + merge.client.dump() +
         " on " + merge.before.dump() + " is " + merge.after.dump();
}

}  // namespace

std::optional<std::string> check_merge(const ColumnCase& merge) {
  if (merge.column->rule == Rule::Latest) return std::nullopt;
  const bool is_clocked = merge.column->rule == Rule::LastWriteWins;
  const bool is_counter = merge.column->rule == Rule::Counter;
  if (merge.told != nullptr && !is_well_told(merge)) return describe(merge) + ", told otherwise";
  if (!merge.base) {
    if (merge.after == merge.client || (is_clocked && merge.told != nullptr)) return std::nullopt;
    return describe(merge) + ", though nothing is known of a conflict";
  }
  const bool by_client = merge.client != *merge.base;
  const bool by_others = merge.before != *merge.base;
  if (!by_client || !by_others) {
    const auto& wanted = by_client ? merge.client : merge.before;
    if (merge.after == wanted && merge.told == nullptr) return std::nullopt;
    return describe(merge) + ", though only one side changed it";
  }
  // Two equal steps of a counter are two.
  if (merge.client == merge.before && !is_counter) {
    if (merge.after == merge.client && merge.told == nullptr) return std::nullopt;
    return describe(merge) + ", though both sides agree";
  }
  if (!is_well_merged(merge)) return describe(merge);
  if (merge.told == nullptr) return describe(merge) + ", in silence";
  return std::nullopt;
}

}  // namespace convoy::sim
