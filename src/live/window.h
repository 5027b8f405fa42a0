// window.h: the first rows of a sorted result, kept in order row by row. Pure.
#pragma once

#include <cstddef>
#include <limits>

#include "base/limits.h"
#include "live/differences.h"
#include "query/ordering.h"

namespace convoy::live {

query::RowView view_of(const Record& record);

// Holds the rows up to the last one that is shown and some more, so that rows can leave without
// others having to be read; or all there are. Thread-safety: thread-compatible.
class Window {
 public:
  static constexpr auto kAll = std::numeric_limits<std::size_t>::max();

  // Shows `limit` rows from `offset` on, with at least `slack` more behind them in reserve.
  Window(query::Ordering ordering, std::size_t offset, std::size_t limit,
         std::size_t slack = limits::kWindowSlackMin);

  // How many rows load() wants, from the first on. kAll: all.
  [[nodiscard]] std::size_t capacity() const { return capacity_; }

  // All rows that it holds, shown or not.
  [[nodiscard]] const Rows& rows() const { return rows_; }

  [[nodiscard]] Rows shown() const;

  // False: the rows are not in this order, and replace() must not be called.
  [[nodiscard]] bool load(Rows rows);

  // A row of the result becomes another one; null where it is not part of it. True: what is shown
  // may have changed. REQUIRES: both have the same id.
  bool replace(const Record* before, RecordPointer after);

  // Too few rows are left to show; load() is needed.
  [[nodiscard]] bool is_short() const;

 private:
  // The first row that does not come before the record.
  [[nodiscard]] std::size_t place_of(const Record& record) const;
  [[nodiscard]] bool is_before(const Record& left, const Record& right) const;
  [[nodiscard]] bool can_stay(std::size_t place, const Record& now) const;
  // Where it was put; rows().size() if it lies beyond what is known.
  std::size_t insert(RecordPointer row);

  const query::Ordering ordering_;
  const std::size_t offset_;
  const std::size_t end_;  // Of what is shown.
  const std::size_t slack_;
  const std::size_t capacity_;
  Rows rows_;
  bool is_everything_ = true;
};

}  // namespace convoy::live
