// matcher.h: a query's conditions on rows in memory. Pure.
#pragma once

#include <memory>
#include <optional>

#include "convoy/query.h"
#include "convoy/result.h"
#include "convoy/schema.h"
#include "query/row_view.h"

namespace convoy::query {

// Says of a row what SQLite would say, deleted rows included: they never match. Order and limit do
// not matter here.
//
// Thread-safety: immutable, thread-safe. Ownership: borrows neither table nor query.
class Matcher {
 public:
  // Nothing, if only SQLite can say: `on`, `search`, SQL, and patterns on columns that are not
  // text. Errors: as compile().
  static Result<std::optional<Matcher>> make(const Table& table, const Query& query);

  [[nodiscard]] bool matches(const RowView& row) const;

 private:
  struct Node;

  explicit Matcher(std::shared_ptr<const Node> root) : root_(std::move(root)) {}

  std::shared_ptr<const Node> root_;
};

}  // namespace convoy::query
