// news.h: a commit on its way to the views.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "convoy/live.h"
#include "store/commit.h"

namespace convoy::live {

// Thread-safety: thread-compatible; only the worker has one.
class News {
 public:
  explicit News(std::shared_ptr<const store::Commit> commit) : commit_(std::move(commit)) {}

  [[nodiscard]] std::uint64_t number() const { return commit_->number; }

  [[nodiscard]] bool touches(const std::set<std::string>& tables) const;

  // Whether each change to the table is told. Of a table that was not touched it is.
  [[nodiscard]] bool is_complete(std::string_view table) const;
  // Empty if there are none.
  [[nodiscard]] const std::vector<store::RowChange>& rows(std::string_view table) const;
  // Null if the row was not changed.
  [[nodiscard]] const store::RowChange* find(std::string_view table, std::string_view id) const;

  // What the row is now, as one object for all views. Null if it is gone.
  RecordPointer after(const store::RowChange& row) const;

 private:
  [[nodiscard]] const store::TableChange* change_of(std::string_view table) const;

  using Places = std::unordered_map<std::string_view, const store::RowChange*>;  // By id.

  std::shared_ptr<const store::Commit> commit_;
  mutable std::unordered_map<const store::TableChange*, Places> places_;
  mutable std::unordered_map<const store::RowChange*, RecordPointer> records_;
};

}  // namespace convoy::live
