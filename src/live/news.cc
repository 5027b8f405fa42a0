#include "live/news.h"

#include <algorithm>

namespace convoy::live {

const store::TableChange* News::change_of(std::string_view table) const {
  const auto found = std::ranges::find(commit_->tables, table, &store::TableChange::name);
  return found == commit_->tables.end() ? nullptr : &*found;
}

bool News::touches(const std::set<std::string>& tables) const {
  return commit_->is_foreign ||
         std::ranges::any_of(commit_->tables, [&](const store::TableChange& change) {
           return tables.contains(change.name);
         });
}

bool News::is_complete(std::string_view table) const {
  if (commit_->is_foreign) return false;
  const auto* change = change_of(table);
  return change == nullptr || change->is_complete;
}

const std::vector<store::RowChange>& News::rows(std::string_view table) const {
  static const std::vector<store::RowChange> none;
  const auto* change = change_of(table);
  return change == nullptr ? none : change->rows;
}

const store::RowChange* News::find(std::string_view table, std::string_view id) const {
  const auto* change = change_of(table);
  if (change == nullptr) return nullptr;
  auto& places = places_[change];
  if (places.empty()) {
    for (const auto& row : change->rows) places.emplace(row.id, &row);
  }
  const auto found = places.find(id);
  return found == places.end() ? nullptr : found->second;
}

RecordPointer News::after(const store::RowChange& row) const {
  if (!row.after) return nullptr;
  auto& record = records_[&row];
  if (!record) record = std::make_shared<const Record>(*row.after);
  return record;
}

}  // namespace convoy::live
