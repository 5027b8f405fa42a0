#include "sim/lww_book.h"

#include <utility>

#include "sim/show.h"

namespace convoy::sim {
namespace {

using base::Json;

std::vector<int> clocked_columns(int table) {
  std::vector<int> columns;
  for (int i = 0; i < static_cast<int>(spec_of(table).columns.size()); ++i) {
    if (spec_of(table, i).rule == Rule::LastWriteWins) columns.push_back(i);
  }
  return columns;
}

}  // namespace

void LwwBook::begin(const std::string& epoch) {
  touched_.clear();
  if (epoch == epoch_) return;
  epoch_ = epoch;
  known_.clear();
}

LwwBook::Touched& LwwBook::touch(const Key& key, const std::optional<Row>& before) {
  const auto [at, is_new] = touched_.try_emplace(key);
  auto& touched = at->second;
  if (!is_new) return touched;
  touched.is_there = before.has_value();
  for (const int column : clocked_columns(key.first)) {
    auto& entry = touched.columns[column];
    if (!before) continue;
    entry.value = (*before)[static_cast<std::size_t>(column)];
    // Writers give each value once: who finds the same value finds the same write.
    const auto known = known_.find({key, column});
    if (known != known_.end() && known->second.value == entry.value) entry = known->second;
  }
  return touched;
}

void LwwBook::write(Entry& entry, const Json& client, const Json* base, const Stamp& stamp) {
  if (base != nullptr && *base == client) return;
  const bool is_made_on_it = base != nullptr && entry.value && *base == *entry.value;
  if (!entry.stamp) {
    if (!is_made_on_it) entry.value.reset();
    if (is_made_on_it) entry.value = client;
    return;
  }
  const bool is_later = stamp.client == entry.stamp->client || stamp > *entry.stamp;
  if (!is_made_on_it && !is_later) return;
  entry.value = client;
  // What replaces a value is later than it, whatever the clocks said.
  entry.stamp =
      stamp > *entry.stamp ? stamp : Stamp{.hlc = entry.stamp->hlc + 1, .client = stamp.client};
}

void LwwBook::apply(const Json& operation, const Stamp& stamp, const std::optional<Row>& before) {
  const auto key = key_of(operation);
  if (clocked_columns(key.first).empty()) return;
  auto& touched = touch(key, before);
  const auto kind = member(operation, "op");
  if (kind == "delete") {
    touched.is_there = false;
    for (auto& [column, entry] : touched.columns) entry = {};
    return;
  }
  const auto* values = operation.find("values");
  const auto* bases = operation.find("base");
  const bool is_new = !std::exchange(touched.is_there, true);
  for (auto& [column, entry] : touched.columns) {
    const auto& name = spec_of(key.first, column).name;
    const auto* client = values == nullptr ? nullptr : values->find(name);
    if (is_new) {
      entry = {.value = client == nullptr ? Json("") : *client, .stamp = stamp};
    } else if (client != nullptr) {
      // An insert that found the row there has no bases, unless it is a revival.
      const bool has_bases = bases != nullptr && (kind == "update" || operation.find("revive"));
      write(entry, *client, has_bases ? bases->find(name) : nullptr, stamp);
    }
  }
}

void LwwBook::forget(const Key& key) {
  for (const int column : clocked_columns(key.first)) known_.erase({key, column});
  touched_.erase(key);
}

std::optional<std::string> LwwBook::end(const Key& key, const std::optional<Row>& after) {
  const auto touched = touched_.find(key);
  if (touched == touched_.end()) return std::nullopt;
  std::optional<std::string> problem;
  for (auto& [column, entry] : touched->second.columns) {
    if (!after) {
      known_.erase({key, column});
      continue;
    }
    const auto& now = (*after)[static_cast<std::size_t>(column)];
    if (entry.value && *entry.value != now) {
      problem = show(key) + "." + spec_of(key.first, column).name + " is " + now.dump() +
                ", but the last write was " + entry.value->dump();
    }
    // Of a value that was not foreseen nobody knows whose it is.
    known_[{key, column}] = {.value = now,
                             .stamp = entry.value ? entry.stamp : std::optional<Stamp>()};
  }
  touched_.erase(touched);
  return problem;
}

}  // namespace convoy::sim
