#include "live/differences.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace convoy::live {
namespace {

constexpr auto kNone = static_cast<std::size_t>(-1);

// The part of both lists that is left between equal ends.
struct Middle {
  std::size_t begin = 0;
  std::size_t before_end = 0;
  std::size_t after_end = 0;
};

bool is_same_row(const RecordPointer& a, const RecordPointer& b) {
  return a == b || a->id == b->id;
}

Middle trim(const Rows& before, const Rows& after) {
  Middle middle{.before_end = before.size(), .after_end = after.size()};
  const auto shorter = std::min(before.size(), after.size());
  while (middle.begin < shorter && is_same_row(before[middle.begin], after[middle.begin])) {
    ++middle.begin;
  }
  while (middle.before_end > middle.begin && middle.after_end > middle.begin &&
         is_same_row(before[middle.before_end - 1], after[middle.after_end - 1])) {
    --middle.before_end;
    --middle.after_end;
  }
  return middle;
}

// Positions in the two lists' middle parts, from their beginning.
using Origins = std::vector<std::size_t>;

// For each row of the later middle where it was in the earlier one. A record that a statement gives
// several times is paired in order.
Origins find_origins(std::span<const RecordPointer> before, std::span<const RecordPointer> after) {
  std::unordered_map<std::string_view, std::size_t> first;
  std::vector<std::size_t> next(before.size(), kNone);
  for (auto i = before.size(); i-- > 0;) {
    const auto [place, is_new] = first.try_emplace(before[i]->id, i);
    if (!is_new) next[i] = std::exchange(place->second, i);
  }
  Origins origins(after.size(), kNone);
  for (std::size_t i = 0; i < after.size(); ++i) {
    const auto found = first.find(after[i]->id);
    if (found == first.end() || found->second == kNone) continue;
    origins[i] = std::exchange(found->second, next[found->second]);
  }
  return origins;
}

// Which rows can stay while the others move around them: a longest increasing subsequence of the
// origins.
std::vector<bool> find_resting(const Origins& origins) {
  std::vector<std::size_t> ends;  // Of the best subsequence of each length: its last row.
  std::vector<std::size_t> previous(origins.size(), kNone);
  for (std::size_t i = 0; i < origins.size(); ++i) {
    if (origins[i] == kNone) continue;
    const auto place = std::ranges::lower_bound(ends, origins[i], {},
                                                [&](std::size_t row) { return origins[row]; });
    if (place != ends.begin()) previous[i] = *(place - 1);
    if (place == ends.end()) {
      ends.push_back(i);
    } else {
      *place = i;
    }
  }
  std::vector<bool> resting(origins.size(), false);
  for (auto i = ends.empty() ? kNone : ends.back(); i != kNone; i = previous[i]) resting[i] = true;
  return resting;
}

// Collects the steps of each kind in their order.
class Steps {
 public:
  void compare(RecordPointer& row, std::size_t to, const RecordPointer& earlier, std::size_t from) {
    if (adopt(row, earlier)) return;
    changed_.push_back({.kind = DifferenceKind::Changed, .from = from, .to = to});
  }

  void add(DifferenceKind kind, std::size_t from, std::size_t to) {
    steps_.push_back({.kind = kind, .from = from, .to = to});
  }

  std::vector<Difference> take() {
    steps_.insert(steps_.end(), changed_.begin(), changed_.end());
    return std::move(steps_);
  }

 private:
  std::vector<Difference> steps_;
  std::vector<Difference> changed_;
};

void compare_middles(std::span<const RecordPointer> before, std::span<RecordPointer> after,
                     std::size_t begin, Steps& steps) {
  if (before.empty() && after.empty()) return;
  const auto origins = find_origins(before, after);
  std::vector<bool> stays(before.size(), false);
  for (const auto origin : origins) {
    if (origin != kNone) stays[origin] = true;
  }
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (!stays[i]) steps.add(DifferenceKind::Removed, begin + i, 0);
  }
  const auto resting = find_resting(origins);
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (origins[i] == kNone) {
      steps.add(DifferenceKind::Inserted, 0, begin + i);
      continue;
    }
    if (!resting[i]) steps.add(DifferenceKind::Moved, begin + origins[i], begin + i);
    steps.compare(after[i], begin + i, before[origins[i]], begin + origins[i]);
  }
}

}  // namespace

bool adopt(RecordPointer& row, const RecordPointer& earlier) {
  if (row == earlier) return true;
  if (*row != *earlier) return false;
  row = earlier;
  return true;
}

std::vector<Difference> differences(const Rows& before, Rows& after) {
  const auto middle = trim(before, after);
  Steps steps;
  for (std::size_t i = 0; i < middle.begin; ++i) steps.compare(after[i], i, before[i], i);
  compare_middles(std::span(before).subspan(middle.begin, middle.before_end - middle.begin),
                  std::span(after).subspan(middle.begin, middle.after_end - middle.begin),
                  middle.begin, steps);
  for (auto i = middle.after_end; i < after.size(); ++i) {
    const auto from = i - middle.after_end + middle.before_end;
    steps.compare(after[i], i, before[from], from);
  }
  return steps.take();
}

}  // namespace convoy::live
