#include "query/ordering.h"

#include <algorithm>
#include <utility>

#include "query/compile.h"

namespace convoy::query {

Result<std::optional<Ordering>> Ordering::make(const Table& table, const Query& query) {
  // The conditions do not matter, and may need a schema.
  Query ordered = from(query.table);
  ordered.order = query.order;
  if (query.statement || std::ranges::any_of(query.order, &Order::by_rank)) {
    return std::optional<Ordering>();
  }
  CONVOY_CHECK_OK(compile(Schema(), table, ordered, Select::Rows));
  std::vector<Term> terms;
  for (const auto& by : query.order) {
    terms.push_back({.field = Field(table, by.column), .descending = by.descending});
  }
  terms.push_back({.field = Field(table, "id")});
  return std::optional(Ordering(std::move(terms)));
}

std::weak_ordering Ordering::compare(const RowView& left, const RowView& right) const {
  for (const auto& [field, descending] : terms_) {
    const auto order = query::compare(field.of(left), field.of(right));
    if (order != 0) return descending ? 0 <=> order : order;
  }
  return std::weak_ordering::equivalent;
}

}  // namespace convoy::query
