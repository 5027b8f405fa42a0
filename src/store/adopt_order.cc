#include "store/adopt_order.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <set>
#include <unordered_map>
#include <utility>

#include "store/rows.h"

namespace convoy::store {
namespace {

void visit(const TableInfo& info, std::set<const TableInfo*>& seen,
           std::vector<const TableInfo*>& order) {
  if (!seen.insert(&info).second) return;
  for (const auto* parent : info.references) {
    if (parent != nullptr) visit(*parent, seen, order);
  }
  order.push_back(&info);
}

// For each table its place, parents before children.
std::unordered_map<const TableInfo*, std::size_t> places_of(const Tables& tables) {
  std::set<const TableInfo*> seen;
  std::vector<const TableInfo*> order;
  for (const auto& info : tables.all()) visit(info, seen, order);
  std::unordered_map<const TableInfo*, std::size_t> places;
  for (std::size_t i = 0; i < order.size(); ++i) places[order[i]] = i;
  return places;
}

std::string key_of(const TableInfo& info, std::string_view id) {
  return std::to_string(info.number) + ' ' + std::string(id);
}

// A walk along the references, without recursion: a chain may be as long as the table.
class Walk {
 public:
  Walk(sql::Connection& connection, std::vector<Adoptee> records)
      : connection_(connection), records_(std::move(records)) {
    for (std::size_t i = 0; i < records_.size(); ++i) {
      index_.emplace(key_of(*records_[i].info, records_[i].id), i);
    }
  }

  Result<std::vector<Adoptee>> run() {
    is_seen_.assign(records_.size(), false);
    for (std::size_t i = 0; i < records_.size(); ++i) {
      CONVOY_CHECK_OK(enter(i));
      while (!path_.empty()) CONVOY_CHECK_OK(advance());
    }
    std::vector<Adoptee> sorted;
    sorted.reserve(order_.size());
    for (const auto i : order_) sorted.push_back(std::move(records_[i]));
    return sorted;
  }

 private:
  struct Step {
    std::size_t record = 0;
    std::vector<std::size_t> targets;  // Still to be visited.
  };

  Status enter(std::size_t record) {
    if (is_seen_[record]) return ok_status();
    is_seen_[record] = true;
    CONVOY_TRY(auto targets, targets_of(records_[record]));
    path_.push_back({.record = record, .targets = std::move(targets)});
    return ok_status();
  }

  Status advance() {
    auto& step = path_.back();
    if (step.targets.empty()) {
      order_.push_back(step.record);
      path_.pop_back();
      return ok_status();
    }
    const auto next = step.targets.back();
    step.targets.pop_back();
    return enter(next);
  }

  // The records among ours that this one refers to.
  Result<std::vector<std::size_t>> targets_of(const Adoptee& record) {
    std::vector<std::size_t> targets;
    const auto& references = record.info->references;
    if (std::ranges::all_of(references, [](const auto* info) { return info == nullptr; })) {
      return targets;
    }
    CONVOY_TRY(const auto row, read_row(connection_, *record.info, record.id));
    for (std::size_t i = 0; row && i < references.size(); ++i) {
      const auto* id = std::get_if<std::string>(&row->values[i]);
      if (references[i] == nullptr || id == nullptr) continue;
      const auto found = index_.find(key_of(*references[i], *id));
      if (found != index_.end()) targets.push_back(found->second);
    }
    return targets;
  }

  sql::Connection& connection_;
  std::vector<Adoptee> records_;
  std::unordered_map<std::string, std::size_t> index_;
  std::vector<bool> is_seen_;
  std::vector<Step> path_;
  std::vector<std::size_t> order_;
};

}  // namespace

Result<std::vector<Adoptee>> referred_to_first(sql::Connection& connection, const Tables& tables,
                                               std::vector<Adoptee> records) {
  const auto places = places_of(tables);
  std::ranges::stable_sort(records, {},
                           [&](const Adoptee& record) { return places.at(record.info); });
  return Walk(connection, std::move(records)).run();
}

}  // namespace convoy::store
