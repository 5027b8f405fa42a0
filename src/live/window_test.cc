// A window against the whole sorted list that it is a part of.
#include "live/window.h"

#include <algorithm>
#include <map>
#include <random>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "base/limits.h"
#include "live/test_support.h"

namespace convoy::live {
namespace {

using ::testing::ElementsAre;
using testing::ids;

const Table& table() {
  static const Table value{.name = "t", .columns = {{.name = "n", .type = ColumnType::Number}}};
  return value;
}

RecordPointer row(int id, int rank) {
  return std::make_shared<const Record>(Record{.table = &table(),
                                               .id = std::to_string(id),
                                               .status = "synced",
                                               .changed = {},
                                               .values = {static_cast<double>(rank)}});
}

// All rows there are, in the window's order.
class Everything {
 public:
  explicit Everything(bool descending)
      : ordering_(**query::Ordering::make(table(),
                                          from("t").order_by(descending ? desc("n") : asc("n")))) {}

  [[nodiscard]] const query::Ordering& ordering() const { return ordering_; }

  [[nodiscard]] Rows first(std::size_t offset, std::size_t limit) const {
    Rows rows;
    for (const auto& [id, record] : rows_) rows.push_back(record);
    std::ranges::sort(rows, [&](const RecordPointer& left, const RecordPointer& right) {
      return ordering_.compare(view_of(*left), view_of(*right)) < 0;
    });
    rows.erase(rows.begin(),
               rows.begin() + static_cast<std::ptrdiff_t>(std::min(offset, rows.size())));
    if (rows.size() > limit) rows.resize(limit);
    return rows;
  }

  RecordPointer put(int id, RecordPointer now) {
    auto& place = rows_[id];
    auto before = std::exchange(place, std::move(now));
    if (place == nullptr) rows_.erase(id);
    return before;
  }

 private:
  const query::Ordering ordering_;
  std::map<int, RecordPointer> rows_;
};

// Loads again when it must, and says whether it had to.
bool refill(Window& window, const Everything& everything) {
  if (!window.is_short()) return false;
  EXPECT_TRUE(window.load(everything.first(0, window.capacity())));
  return true;
}

RC_GTEST_PROP(Window, ShowsWhatASortWouldShow, (std::uint64_t seed, bool descending)) {
  std::mt19937_64 random(seed);
  const auto pick = [&](int below) { return static_cast<int>(random() % below); };
  Everything everything(descending);
  const int ids = 10 + pick(60);
  for (int id = 0; id < ids; ++id) {
    if (pick(2) == 0) everything.put(id, row(id, pick(30)));
  }
  const auto offset = static_cast<std::size_t>(pick(3) * pick(20));
  const auto limit = pick(4) == 0 ? Window::kAll : static_cast<std::size_t>(pick(15));
  Window window(everything.ordering(), offset, limit, static_cast<std::size_t>(pick(5)));
  RC_ASSERT(window.load(everything.first(0, window.capacity())));
  const int bias = pick(4);  // Whether rows rather leave, so that it runs short, or come.
  for (int step = 0; step < 200; ++step) {
    const int id = pick(ids);
    auto now = pick(4) <= bias ? row(id, pick(30)) : nullptr;
    const auto shown = window.shown();
    const auto before = everything.put(id, now);
    if (before == nullptr && now == nullptr) continue;
    const bool has_changed = window.replace(before.get(), now);
    // The same again changes nothing.
    if (pick(5) == 0) static_cast<void>(window.replace(before.get(), now));
    const bool was_refilled = refill(window, everything);
    RC_ASSERT(window.shown() == everything.first(offset, limit));
    RC_ASSERT(has_changed || was_refilled || window.shown() == shown);
    RC_ASSERT(limit == Window::kAll || window.rows().size() <= 2 * window.capacity());
  }
}

TEST(Window, RunsShortOnlyWhenItsReserveIsUsedUp) {
  Everything everything(false);
  constexpr int kRows = 200;
  for (int id = 0; id < kRows; ++id) everything.put(id, row(id, id));
  Window window(everything.ordering(), 0, 10);
  ASSERT_TRUE(window.load(everything.first(0, window.capacity())));
  int refills = 0;
  for (int id = 0; id < kRows; ++id) {
    const auto before = everything.put(id, nullptr);
    window.replace(before.get(), nullptr);
    if (refill(window, everything)) ++refills;
  }
  EXPECT_EQ(refills, (kRows - 10) / (static_cast<int>(limits::kWindowSlackMin) + 1));
}

TEST(Window, SaysWhenItsRowsAreInAnotherOrder) {
  Everything everything(false);
  Window window(everything.ordering(), 0, Window::kAll);
  EXPECT_TRUE(window.load({row(1, 1), row(2, 1), row(0, 2)}));
  EXPECT_FALSE(window.load({row(1, 2), row(2, 1)}));
  EXPECT_FALSE(window.load({row(1, 1), row(1, 1)}));
}

TEST(Window, OfNothingShowsNothing) {
  Everything everything(false);
  Window window(everything.ordering(), 3, 0);
  EXPECT_EQ(window.capacity(), 0U);
  ASSERT_TRUE(window.load({}));
  EXPECT_FALSE(window.replace(nullptr, row(1, 1)));
  EXPECT_FALSE(window.is_short());
  EXPECT_TRUE(window.shown().empty());
}

}  // namespace
}  // namespace convoy::live
