#include "schema/suggest.h"

#include <algorithm>

namespace convoy::schema {
namespace {

// Levenshtein's distance. Names are short, so two rows of the table are enough.
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t above = row[j];
      const std::size_t replaced = diagonal + (left[i - 1] == right[j - 1] ? 0U : 1U);
      row[j] = std::min({replaced, above + 1, row[j - 1] + 1});
      diagonal = above;
    }
  }
  return row.back();
}

// Beyond this a name is rubbish rather than a slip, and comparing it would only cost time.
constexpr std::size_t kNameLengthMax = 64;

}  // namespace

std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& known) {
  std::string_view best;
  std::size_t best_distance = name.size() / 2 + 1;
  if (name.size() > kNameLengthMax) return {};
  for (const auto candidate : known) {
    const auto d = distance(name, candidate);
    if (d < best_distance) {
      best = candidate;
      best_distance = d;
    }
  }
  return best.empty() ? std::string() : "Did you mean \"" + std::string(best) + "\"?";
}

Error unknown_table(const Schema& schema, std::string_view name) {
  std::vector<std::string_view> known;
  known.reserve(schema.tables.size());
  for (const auto& table : schema.tables) known.emplace_back(table.name);
  return {.code = ErrorCode::UnknownTable,
          .message = "the schema has no table \"" + std::string(name) + "\"",
          .hint = did_you_mean(name, known)};
}

Error unknown_column(const Table& table, std::string_view name) {
  std::vector<std::string_view> known{"id"};
  for (const auto& column : table.columns) known.emplace_back(column.name);
  return {.code = ErrorCode::UnknownColumn,
          .message = "the table \"" + table.name + "\" has no column \"" + std::string(name) + "\"",
          .hint = did_you_mean(name, known)};
}

}  // namespace convoy::schema
