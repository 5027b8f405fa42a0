// following.h: queries whose results can be kept current from the rows that commits change, without
// asking SQLite again. Pure.
#pragma once

#include <cstddef>
#include <optional>

#include "convoy/query.h"
#include "convoy/result.h"
#include "convoy/schema.h"
#include "query/matcher.h"
#include "query/ordering.h"

namespace convoy::query {

// What it takes to follow one: which rows are in the result, in which order, and which of them the
// query shows.
struct Following {
  Matcher matcher;
  Ordering ordering;
  std::size_t offset = 0;
  std::optional<std::size_t> limit;

  // Nothing, if only SQLite can say, or more than limits::kWindowOffsetMax rows lie before those
  // that are shown: they would have to be kept. Errors: as compile().
  static Result<std::optional<Following>> make(const Table& table, const Query& query);
};

}  // namespace convoy::query
