#include "live/backlog.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"

namespace convoy::live {

void Backlog::add(std::shared_ptr<const store::Commit> commit) {
  // A commit costs memory even if its rows are few.
  ++rows_;
  for (const auto& change : commit->tables) rows_ += change.rows.size();
  commits_.push_back(std::move(commit));
  if (rows_ > limits::kBacklogRowsMax) forget_rows();
}

Backlog::Commits Backlog::take() {
  rows_ = 0;
  return std::exchange(commits_, {});
}

void Backlog::forget_rows() {
  auto merged = std::make_shared<store::Commit>();
  for (const auto& commit : commits_) {
    merged->number = commit->number;
    merged->is_foreign = merged->is_foreign || commit->is_foreign;
    for (const auto& change : commit->tables) {
      if (std::ranges::find(merged->tables, change.name, &store::TableChange::name) !=
          merged->tables.end()) {
        continue;
      }
      merged->tables.push_back(
          {.name = change.name, .table = change.table, .rows = {}, .is_complete = false});
    }
  }
  commits_.clear();
  commits_.push_back(std::move(merged));
  rows_ = 1;
}

}  // namespace convoy::live
