// ordering.h: a query's order on rows in memory. Pure.
#pragma once

#include <compare>
#include <optional>
#include <vector>

#include "convoy/query.h"
#include "convoy/result.h"
#include "convoy/schema.h"
#include "query/row_view.h"

namespace convoy::query {

// The order in which SQLite gives rows, ties broken by id. A query without an order has that of the
// ids here, although SQLite may give its rows in any: whoever keeps such rows in this order asks
// for them with asc("id").
//
// Thread-safety: immutable, thread-safe. Ownership: borrows neither table nor query.
class Ordering {
 public:
  // Nothing, if only SQLite can say: best_first() and whole statements. Errors: as compile().
  static Result<std::optional<Ordering>> make(const Table& table, const Query& query);

  // Equivalent only for the same id.
  [[nodiscard]] std::weak_ordering compare(const RowView& left, const RowView& right) const;

 private:
  struct Term {
    Field field;
    bool descending = false;
  };

  explicit Ordering(std::vector<Term> terms) : terms_(std::move(terms)) {}

  std::vector<Term> terms_;
};

}  // namespace convoy::query
