#include "sim/model_store.h"

#include <algorithm>
#include <utility>

namespace convoy::sim {

const LogEntry* Record::home() const {
  for (const auto& entry : log) {
    if (!entry.is_dead) return &entry;
  }
  return nullptr;
}

Transaction& ModelStore::begin(std::int64_t now, std::string user) {
  const auto xid = take_xid();
  auto& transaction = open_[xid];
  transaction.xid = xid;
  transaction.began_at = now;
  transaction.user = std::move(user);
  return transaction;
}

Transaction* ModelStore::find(Xid xid) {
  const auto found = open_.find(xid);
  return found == open_.end() ? nullptr : &found->second;
}

void ModelStore::commit(Xid xid) {
  auto node = open_.extract(xid);
  ++commits_;
  for (auto& [key, record] : node.mapped().writes) {
    record.changed = commits_;
    committed_.insert_or_assign(key, std::move(record));
  }
}

void ModelStore::roll_back(Xid xid) { open_.erase(xid); }

Snapshot ModelStore::snapshot() const {
  Snapshot snapshot{.xmin = next_xid_, .xmax = next_xid_, .xip = {}};
  for (const auto& [xid, transaction] : open_) snapshot.xip.push_back(xid);
  if (!snapshot.xip.empty()) snapshot.xmin = snapshot.xip.front();
  return snapshot;
}

const Record* ModelStore::read(const Transaction* transaction, const Key& key) const {
  if (transaction != nullptr) {
    const auto mine = transaction->writes.find(key);
    if (mine != transaction->writes.end()) return &mine->second;
  }
  const auto found = committed_.find(key);
  return found == committed_.end() ? nullptr : &found->second;
}

void ModelStore::each(const Transaction* transaction, int table,
                      const std::function<void(const Key&, const Record&)>& visit) const {
  const Key first(table, "");
  const Key last(table + 1, "");
  for (auto at = committed_.lower_bound(first); at != committed_.end() && at->first < last; ++at) {
    const auto* record = &at->second;
    if (transaction != nullptr) {
      const auto mine = transaction->writes.find(at->first);
      if (mine != transaction->writes.end()) record = &mine->second;
    }
    if (record->row) visit(at->first, *record);
  }
  if (transaction == nullptr) return;
  for (auto at = transaction->writes.lower_bound(first);
       at != transaction->writes.end() && at->first < last; ++at) {
    if (at->second.row && !committed_.contains(at->first)) visit(at->first, at->second);
  }
}

bool ModelStore::is_locked(const Key& key) const {
  return std::ranges::any_of(open_, [&](const auto& entry) {
    return entry.second.writes.contains(key) || entry.second.shared.contains(key);
  });
}

Record* ModelStore::lock(Transaction& transaction, const Key& key, bool leaves) {
  for (const auto& [xid, other] : open_) {
    if (xid == transaction.xid) continue;
    if (other.writes.contains(key) || (leaves && other.shared.contains(key))) return nullptr;
  }
  const auto mine = transaction.writes.find(key);
  if (mine != transaction.writes.end()) return &mine->second;
  const auto found = committed_.find(key);
  return &transaction.writes.emplace(key, found == committed_.end() ? Record{} : found->second)
              .first->second;
}

bool ModelStore::share(Transaction& transaction, const Key& key) {
  for (const auto& [xid, other] : open_) {
    if (xid == transaction.xid) continue;
    const auto theirs = other.writes.find(key);
    if (theirs == other.writes.end()) continue;
    const auto* now = read(nullptr, key);
    const auto* here = now == nullptr ? nullptr : now->home();
    const auto* there = theirs->second.home();
    const bool stays = here != nullptr && there != nullptr && here->scope == there->scope;
    if (!stays) return false;
  }
  transaction.shared.insert(key);
  return true;
}

}  // namespace convoy::sim
