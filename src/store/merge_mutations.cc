#include "store/merge_mutations.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "store/mutation_text.h"

namespace convoy::store {
namespace {

using base::Json;

// The mutation's only operation, or null.
Json* only_operation(Json& text) {
  auto* operations = operations_in(text);
  if (operations == nullptr || operations->size() != 1) return nullptr;
  return &operations->front();
}

Json* find(Json::Object& object, std::string_view name) {
  const auto found = std::ranges::find(object, name, &Json::Member::first);
  return found == object.end() ? nullptr : &found->second;
}

// Whether the later update was made on what the earlier one left.
bool is_made_on(const Json::Object& base, Json::Object& values) {
  return std::ranges::all_of(base, [&](const Json::Member& member) {
    const auto* value = find(values, member.first);
    return value == nullptr || *value == member.second;
  });
}

void merge(Json::Object& values, Json::Object* base, Json::Object& later,
           Json::Object* later_base) {
  for (auto& [name, value] : later) {
    if (auto* earlier = find(values, name)) {
      *earlier = std::move(value);
      continue;
    }
    // The column's first change brings its base along.
    auto* its_base = base == nullptr || later_base == nullptr ? nullptr : find(*later_base, name);
    if (its_base != nullptr) base->emplace_back(name, std::move(*its_base));
    values.emplace_back(name, std::move(value));
  }
}

}  // namespace

std::optional<std::string> merge_mutations(const std::string& earlier, const std::string& later) {
  if (earlier.size() + later.size() > limits::kMergedMutationBytesMax) return std::nullopt;
  auto first = base::parse_json(earlier);
  auto second = base::parse_json(later);
  if (!first.ok() || !second.ok()) return std::nullopt;
  auto* one = only_operation(*first);
  auto* other = only_operation(*second);
  if (one == nullptr || other == nullptr) return std::nullopt;
  const auto kind = text_of(*one, "op");
  if ((kind != "insert" && kind != "update") || text_of(*other, "op") != "update") {
    return std::nullopt;
  }
  if (!concerns(*other, text_of(*one, "table"), text_of(*one, "id"))) return std::nullopt;
  auto* values = members_of(*one, "values");
  auto* more = members_of(*other, "values");
  if (values == nullptr || more == nullptr) return std::nullopt;
  auto* base = members_of(*one, "base");
  auto* more_base = members_of(*other, "base");
  // An update of another program's has no base: then neither has what it becomes part of.
  if (kind == "update" && (base == nullptr) != (more_base == nullptr)) return std::nullopt;
  if (more_base != nullptr && !is_made_on(*more_base, *values)) return std::nullopt;
  merge(*values, base, *more, more_base);
  return first->dump();
}

}  // namespace convoy::store
