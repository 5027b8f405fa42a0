#include "query/following.h"

#include <utility>

#include "base/limits.h"

namespace convoy::query {

Result<std::optional<Following>> Following::make(const Table& table, const Query& query) {
  CONVOY_TRY(auto matcher, Matcher::make(table, query));
  CONVOY_TRY(auto ordering, Ordering::make(table, query));
  const auto offset = static_cast<std::size_t>(query.offset.value_or(0));
  std::optional<Following> following;
  if (!matcher || !ordering || offset > limits::kWindowOffsetMax) return following;
  following = Following{.matcher = *std::move(matcher),
                        .ordering = *std::move(ordering),
                        .offset = offset,
                        .limit = std::nullopt};
  if (query.limit) following->limit = static_cast<std::size_t>(*query.limit);
  return following;
}

}  // namespace convoy::query
