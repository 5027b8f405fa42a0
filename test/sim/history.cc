#include "sim/history.h"

#include <algorithm>
#include <utility>

#include "store/replica.h"

namespace convoy::sim {
namespace {

using base::Json;
using store::MutationState;

MutationState state_of(const OutboxEntry& entry) { return static_cast<MutationState>(entry.state); }

std::string name_of(const OutboxEntry& entry) {
  return "mutation " + std::to_string(entry.seq) + " (" + entry.uid + ")";
}

// What one operation says of a record, as sets of columns.
struct Say {
  std::string kind;
  std::string table;
  std::string id;
  std::map<std::string, Json> values;
  std::map<std::string, Json> base;
  bool has_base = false;
  bool is_revival = false;

  bool operator==(const Say&) const = default;
};

std::string text(const Json& json, std::string_view name) {
  const auto* found = json.find(name);
  return found != nullptr && found->string() != nullptr ? *found->string() : std::string();
}

std::map<std::string, Json> members(const Json* json) {
  if (json == nullptr || json->object() == nullptr) return {};
  return {json->object()->begin(), json->object()->end()};
}

Say say_of(const Json& operation) {
  return {.kind = text(operation, "op"),
          .table = text(operation, "table"),
          .id = text(operation, "id"),
          .values = members(operation.find("values")),
          .base = members(operation.find("base")),
          .has_base = operation.find("base") != nullptr,
          .is_revival = operation.find("revive") != nullptr};
}

std::vector<Say> says_of(const Json& ops) {
  std::vector<Say> says;
  if (ops.array() == nullptr) return says;
  for (const auto& operation : *ops.array()) says.push_back(say_of(operation));
  return says;
}

// A revival has all values of the record, those that were written among them.
bool is_same_or_revival(const Say& wanted, const Say& now) {
  if (now == wanted) return true;
  if (!now.is_revival || now.table != wanted.table || now.id != wanted.id ||
      (wanted.kind != "update" && !wanted.is_revival)) {
    return false;
  }
  return std::ranges::all_of(wanted.values, [&](const auto& member) {
    const auto found = now.values.find(member.first);
    return found != now.values.end() && found->second == member.second;
  });
}

// What both say one after the other; nothing if they can't be said at once.
std::optional<Say> both(const Say& earlier, const Say& later) {
  if (earlier.kind == "delete" || later.kind != "update" || later.table != earlier.table ||
      later.id != earlier.id) {
    return std::nullopt;
  }
  auto result = earlier;
  for (const auto& [column, value] : later.values) result.values[column] = value;
  for (const auto& [column, value] : later.base) {
    const auto left = earlier.values.find(column);
    // It was made on something that came from the server in between: the server has to judge it by
    // itself.
    if (left != earlier.values.end() && left->second != value) return std::nullopt;
    if (left == earlier.values.end() && earlier.kind == "update") result.base[column] = value;
  }
  return result;
}

bool was_never_sent(const OutboxEntry& entry) {
  return state_of(entry) == MutationState::Pending && entry.attempts == 0;
}

}  // namespace

std::optional<std::string> History::note(const std::vector<OutboxEntry>& outbox) {
  std::map<std::int64_t, Absorbed> absorbed;
  if (auto problem = leave(outbox, absorbed)) return problem;
  for (const auto& entry : outbox) {
    const auto of_entry = absorbed.find(entry.seq);
    if (auto problem =
            check_text(entry, of_entry == absorbed.end() ? Absorbed{} : of_entry->second)) {
      return problem;
    }
  }
  for (const auto& entry : outbox) writes_[entry.seq].entry = entry;
  return std::nullopt;
}

// What is not there any more. One that was never sent can only be part of the one before it.
std::optional<std::string> History::leave(const std::vector<OutboxEntry>& outbox,
                                          std::map<std::int64_t, Absorbed>& absorbed) {
  std::map<std::int64_t, const OutboxEntry*> now;
  for (const auto& entry : outbox) now[entry.seq] = &entry;
  for (auto& [seq, written] : writes_) {
    if (!written.is_there || now.contains(seq)) continue;
    written.is_there = false;
    if (state_of(written.entry) == MutationState::Parked) {
      return name_of(written.entry) + ", which was parked, has vanished";
    }
    if (!was_never_sent(written.entry)) continue;
    auto before = now.lower_bound(seq);
    const auto is_parked = [&] {
      return state_of(*std::prev(before)->second) == MutationState::Parked;
    };
    while (before != now.begin() && is_parked()) --before;
    if (before == now.begin()) return name_of(written.entry) + " has vanished before it was sent";
    const auto into = std::prev(before)->first;
    written.part_of = into;
    absorbed[into].push_back(&written);
  }
  return std::nullopt;
}

// A text stays what it is, except that it takes in others or becomes the revival of a record.
std::optional<std::string> History::check_text(const OutboxEntry& now,
                                               const Absorbed& absorbed) const {
  const auto known = writes_.find(now.seq);
  if (known == writes_.end()) {
    if (absorbed.empty()) return std::nullopt;
    return name_of(now) + " took in others before anybody saw it";
  }
  const auto& before = known->second.entry;
  if (!known->second.is_there) return name_of(now) + " is back in the outbox";
  if (absorbed.empty() && now.ops == before.ops) return std::nullopt;
  auto wanted = says_of(before.ops);
  for (const auto* part : absorbed) {
    if (!was_never_sent(before)) return name_of(now) + " took in others after it was sent";
    const auto more = says_of(part->entry.ops);
    const auto all =
        wanted.size() == 1 && more.size() == 1 ? both(wanted.front(), more.front()) : std::nullopt;
    if (!all) return name_of(part->entry) + " has vanished: it can't be part of " + name_of(now);
    wanted.front() = *all;
  }
  if (std::ranges::equal(wanted, says_of(now.ops), is_same_or_revival)) return std::nullopt;
  return name_of(now) + " is sent as " + now.ops.dump() +
         ", which is not what was written: " + before.ops.dump();
}

}  // namespace convoy::sim
