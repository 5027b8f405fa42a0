#include "live/window.h"

#include <algorithm>
#include <utility>

namespace convoy::live {
namespace {

std::size_t sum(std::size_t left, std::size_t right) {
  return left > Window::kAll - right ? Window::kAll : left + right;
}

std::ptrdiff_t signed_of(std::size_t place) { return static_cast<std::ptrdiff_t>(place); }

}  // namespace

query::RowView view_of(const Record& record) {
  return {
      .id = record.id, .status = record.status, .changed = record.changed, .values = record.values};
}

Window::Window(query::Ordering ordering, std::size_t offset, std::size_t limit, std::size_t slack)
    : ordering_(std::move(ordering)),
      offset_(offset),
      end_(limit == 0 ? 0 : sum(offset, limit)),
      slack_(std::max(slack, end_ / 4)),
      capacity_(end_ == 0 ? 0 : sum(end_, slack_)) {}

Rows Window::shown() const {
  const auto begin = std::min(offset_, rows_.size());
  const auto end = std::max(begin, std::min(end_, rows_.size()));
  return {rows_.begin() + signed_of(begin), rows_.begin() + signed_of(end)};
}

bool Window::load(Rows rows) {
  is_everything_ = capacity_ == kAll || rows.size() < capacity_;
  rows_ = std::move(rows);
  return std::ranges::adjacent_find(rows_,
                                    [&](const RecordPointer& left, const RecordPointer& right) {
                                      return !is_before(*left, *right);
                                    }) == rows_.end();
}

bool Window::is_before(const Record& left, const Record& right) const {
  return ordering_.compare(view_of(left), view_of(right)) < 0;
}

std::size_t Window::place_of(const Record& record) const {
  const auto view = view_of(record);
  const auto place = std::ranges::partition_point(
      rows_, [&](const RecordPointer& row) { return ordering_.compare(view_of(*row), view) < 0; });
  return static_cast<std::size_t>(place - rows_.begin());
}

// Nothing lies between it and its neighbours; of what lies behind the last row nothing is known.
bool Window::can_stay(std::size_t place, const Record& now) const {
  if (place > 0 && !is_before(*rows_[place - 1], now)) return false;
  if (place + 1 < rows_.size()) return is_before(now, *rows_[place + 1]);
  return is_everything_ || !is_before(*rows_[place], now);
}

std::size_t Window::insert(RecordPointer row) {
  const auto place = place_of(*row);
  const bool is_there = place < rows_.size() && rows_[place]->id == row->id;
  if (is_there) {
    rows_[place] = std::move(row);
    return place;
  }
  if (place == rows_.size() && !is_everything_) return place;
  rows_.insert(rows_.begin() + signed_of(place), std::move(row));
  if (rows_.size() > sum(capacity_, slack_)) {
    rows_.resize(capacity_);
    is_everything_ = false;
  }
  return place;
}

bool Window::replace(const Record* before, RecordPointer after) {
  auto first = kAll;  // Place that was touched.
  if (before != nullptr) {
    const auto place = place_of(*before);
    if (place < rows_.size() && rows_[place]->id == before->id) {
      first = place;
      if (after != nullptr && can_stay(place, *after)) {
        rows_[place] = std::move(after);
        return first < end_;
      }
      rows_.erase(rows_.begin() + signed_of(place));
    }
  }
  if (after != nullptr) first = std::min(first, insert(std::move(after)));
  return first < end_;
}

bool Window::is_short() const { return !is_everything_ && rows_.size() < end_; }

}  // namespace convoy::live
