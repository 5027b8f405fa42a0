#include "codegen/renames.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "schema/suggest.h"

namespace convoy::codegen {
namespace {

bool is_alike(const Column& left, const Column& right) {
  return left.type == right.type && left.pg_type == right.pg_type;
}

bool has_part(std::string_view whole, std::string_view part) {
  return !part.empty() && whole.find(part) != std::string_view::npos;
}

bool is_similar(std::string_view left, std::string_view right) {
  return has_part(left, right) || has_part(right, left) ||
         !schema::did_you_mean(left, {right}).empty();
}

// Of ten columns, how many the other table has too.
std::size_t tenths_shared(const Table& table, const Table& other) {
  if (table.columns.empty()) return 0;
  const auto shared = std::ranges::count_if(table.columns, [&](const Column& column) {
    const auto* found = other.find_column(column.name);
    return found != nullptr && is_alike(column, *found);
  });
  return static_cast<std::size_t>(shared) * 10 /
         std::max(table.columns.size(), other.columns.size());
}

}  // namespace

std::string likely_table(const Table& table, const Schema& local, const Schema& server) {
  constexpr std::size_t kEnough = 6;
  const Table* best = nullptr;
  std::size_t best_share = kEnough - 1;
  for (const auto& candidate : server.tables) {
    if (local.find_table(candidate.name) != nullptr) continue;
    const auto share = tenths_shared(table, candidate);
    if (share <= best_share) continue;
    best = &candidate;
    best_share = share;
  }
  return best == nullptr ? "" : best->name;
}

std::string likely_column(const Column& column, const Table& table, const Table& server) {
  std::vector<std::string_view> candidates;
  for (const auto& other : server.columns) {
    if (table.find_column(other.name) == nullptr && is_alike(column, other)) {
      candidates.push_back(other.name);
    }
  }
  if (candidates.size() == 1) return std::string(candidates.front());
  for (const auto candidate : candidates) {
    if (is_similar(column.name, candidate)) return std::string(candidate);
  }
  return {};
}

}  // namespace convoy::codegen
