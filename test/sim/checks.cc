#include "sim/checks.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "sim/model_snapshot.h"
#include "sim/show.h"
#include "store/replica.h"

namespace convoy::sim {
namespace {

using base::Json;
using store::MutationState;

std::string show(const Texts& texts) {
  std::string text;
  for (const auto& value : texts) text += (text.empty() ? "" : " | ") + value;
  return text;
}

MutationState state_of(const OutboxEntry& entry) { return static_cast<MutationState>(entry.state); }

// What the overlay must show of one row.
struct Picture {
  std::optional<Texts> values;
  bool is_deleted = false;

  void apply(int table, const Json& operation) {
    const auto kind = member(operation, "op");
    if (kind == "delete") {
      is_deleted = values.has_value();
      return;
    }
    if (kind == "insert" && !values) {
      values.emplace();
      for (int i = 0; i < static_cast<int>(spec_of(table).columns.size()); ++i) {
        values->push_back(default_text(table, i));
      }
    }
    const auto* given = operation.find("values");
    if (!values || given == nullptr || given->object() == nullptr) return;
    for (const auto& [name, value] : *given->object()) {
      const int column = spec_of(table).find(name);
      (*values)[static_cast<std::size_t>(column)] = text_of(table, column, value);
    }
  }
};

// Whether the one concerns, or refers to, a record that the other would make.
bool rests_on(const OutboxEntry& entry, const OutboxEntry& maker) {
  std::set<std::string> made;
  for (const auto& operation : *maker.ops.array()) {
    if (member(operation, "op") == "insert") made.insert(member(operation, "id"));
  }
  return std::ranges::any_of(*entry.ops.array(), [&](const Json& operation) {
    if (made.contains(member(operation, "id"))) return true;
    const auto* values = operation.find("values");
    if (values == nullptr || values->object() == nullptr) return false;
    return std::ranges::any_of(*values->object(), [&](const Json::Member& value) {
      return value.second.string() != nullptr && made.contains(*value.second.string());
    });
  });
}

}  // namespace

void Checks::fail(const Device& device, std::string invariant, const std::string& what) {
  verdict_->fail(std::move(invariant), device.name() + " (" + device.user() + "): " + what);
}

void Checks::look(Device& device) {
  auto state = read_device(device.database());
  if (!state.ok()) {
    // A disk that fails now may fail for us as well.
    if (state.error().code == ErrorCode::Internal || state.error().code == ErrorCode::Corrupt) {
      fail(device, "I12", "the file can't be read: " + state.error().message);
    }
    return;
  }
  device.note(state->outbox);
  check_overlay(device, *state);
  check_outbox(device, *state);
  check_conflicts(device, *state);
  check_cursors(device, *state);
  check_progress(device, *state);
}

// I8: what is shown is what the server confirmed with this device's mutations on top.
void Checks::check_overlay(const Device& device, const DeviceState& state) {
  std::map<Key, Picture> pictures;
  for (const auto& entry : state.outbox) {
    if (state_of(entry) == MutationState::Parked || entry.ops.array() == nullptr) continue;
    for (const auto& operation : *entry.ops.array()) {
      const auto key = key_of(operation);
      const auto [at, is_new] = pictures.try_emplace(key);
      if (is_new) {
        const auto confirmed = state.confirmed.find(key);
        if (confirmed != state.confirmed.end()) at->second.values = confirmed->second.values;
      }
      at->second.apply(key.first, operation);
    }
  }
  for (const auto& [key, confirmed] : state.confirmed) {
    if (confirmed.scope.empty()) {
      fail(device, "I6", show(key) + " belongs to a scope the device does not have");
    }
    if (!pictures.contains(key)) pictures[key].values = confirmed.values;
  }
  for (const auto& [key, picture] : pictures) {
    const auto shown = state.shown.find(key);
    const bool is_shown = shown != state.shown.end();
    if (is_shown != picture.values.has_value()) {
      fail(device, "I8", show(key) + (is_shown ? " is shown, but should not be" : " is missing"));
    } else if (is_shown && shown->second.values != *picture.values) {
      fail(device, "I8",
           show(key) + " shows " + show(shown->second.values) + ", not " + show(*picture.values));
    } else if (is_shown && (shown->second.status == "deleted") != picture.is_deleted) {
      fail(device, "I8", show(key) + " has the status " + shown->second.status);
    }
  }
  for (const auto& [key, shown] : state.shown) {
    if (!pictures.contains(key)) {
      fail(device, "I8", show(key) + " is neither confirmed nor pending");
    }
  }
}

// I2 to I4, I12: nothing that was written vanishes, and nothing is said to be done that is not.
void Checks::check_outbox(const Device& device, const DeviceState& state) {
  const auto& ledger = server_->ledger();
  for (const auto& entry : state.outbox) {
    const auto known = ledger.find(entry.uid);
    const bool is_applied =
        known != ledger.end() && (known->second.times_applied > 0 || known->second.is_lost);
    if (state_of(entry) == MutationState::Sent && !is_applied) {
      fail(device, "I2", "mutation " + entry.uid + " counts as applied, but is not");
    }
    if (state_of(entry) == MutationState::Sent) check_sent(device, entry);
    if (state_of(entry) == MutationState::Parked) check_parked(device, state, entry);
  }
  for (const auto& [seq, written] : device.history().writes()) {
    // What became part of another write has that one's fate.
    if (written.is_there || written.part_of) continue;
    const auto& uid = written.entry.uid;
    const auto known = ledger.find(uid);
    if (known == ledger.end() || (known->second.times_applied == 0 && !known->second.is_lost)) {
      fail(device, "I4", "mutation " + uid + " has vanished");
      continue;
    }
    check_sent(device, written.entry);
    // It has left the overlay, so its effect must be in what the server confirmed.
    if (known->second.is_lost || device.has_twin()) continue;
    check_confirmed(device, state, uid, known->second);
  }
}

void Checks::check_confirmed(const Device& device, const DeviceState& state, const std::string& uid,
                             const LedgerEntry& applied) {
  for (const auto& [key, revision] : applied.revisions) {
    const auto confirmed = state.confirmed.find(key);
    if (confirmed == state.confirmed.end()) {
      if (must_have(device, applied, key)) {
        fail(device, "I8",
             "mutation " + uid + " has left the overlay, but " + show(key) + " has not come");
      }
      continue;
    }
    const int column = spec_of(key.first).find("revision");
    const auto& has = confirmed->second.values[static_cast<std::size_t>(column)];
    if (std::stoll(has) < revision && is_still(key, revision)) {
      fail(device, "I8",
           "mutation " + uid + " has left the overlay before its effect on " + show(key) + " came");
    }
  }
}

// The server was sent what is in the outbox.
void Checks::check_sent(const Device& device, const OutboxEntry& entry) {
  const auto* text = pushes_.text_of(entry.uid);
  if (text == nullptr || *text == entry.body) return;
  fail(device, "I4",
       "mutation " + entry.uid + " was written as " + entry.body + ", but sent as " + *text);
}

// Each conflict that the device was told of is there to be looked up, as it was last told.
void Checks::check_conflicts(const Device& device, const DeviceState& state) {
  for (const auto& [where, told] : device.told()) {
    const auto& kept = state.conflicts;
    const bool is_kept = std::ranges::any_of(kept, [&](const KeptConflict& conflict) {
      return conflict.where == where && conflict.client == told.client &&
             conflict.server == told.server;
    });
    if (is_kept) continue;
    fail(
        device, "I4",
        "a conflict about " + where + " is not in the book: " + told.client + " on " + told.server);
  }
}

// Only what the server refused is parked, for its reason; and what rests on such a write.
void Checks::check_parked(const Device& device, const DeviceState& state,
                          const OutboxEntry& entry) {
  if (entry.code != "DEPENDS") {
    const auto known = server_->ledger().find(entry.uid);
    if (known != server_->ledger().end() && known->second.refusals.contains(entry.code)) return;
    fail(device, "I4",
         "mutation " + entry.uid + " is parked with " + entry.code + ", which nobody said");
    return;
  }
  const auto needed = std::ranges::find(state.outbox, entry.depends_on, &OutboxEntry::seq);
  if (needed == state.outbox.end() || state_of(*needed) != MutationState::Parked) {
    fail(device, "I4", "mutation " + entry.uid + " is parked because of one that is not");
  } else if (!rests_on(entry, *needed)) {
    fail(device, "I4", "mutation " + entry.uid + " is parked because of one it does not need");
  }
}

// The row lives on from this revision. (A deleted one whose tombstone was collected can begin
// anew.)
bool Checks::is_still(const Key& key, std::int64_t revision) {
  const auto* record = server_->store().read(nullptr, key);
  if (record == nullptr || !record->row) return false;
  const int column = spec_of(key.first).find("revision");
  return (*record->row)[static_cast<std::size_t>(column)].integer().value_or(0) >= revision;
}

// Nothing happened to the row since the mutation that would keep it from the device.
bool Checks::must_have(const Device& device, const LedgerEntry& entry, const Key& key) {
  const auto* record = server_->store().read(nullptr, key);
  if (record == nullptr || record->changed != entry.commit || record->home() == nullptr) {
    return false;
  }
  const auto since = server_->seen_since(device.user(), record->home()->scope);
  return since && *since <= entry.commit && server_->can_see(device.user(), key, *record);
}

// What a cursor claims to have seen is here: each row of its scope that did not change since.
void Checks::check_cursors(const Device& device, const DeviceState& state) {
  if (state.epoch != server_->epoch()) return;
  std::map<std::string, std::uint64_t> seen;  // By scope.
  for (const auto& [id, scope] : state.scopes) {
    if (scope.is_backfilling || scope.base.empty()) continue;
    const auto commits = server_->commits_seen(scope.base);
    if (!commits) {
      fail(device, "I7", "scope " + id + " has a cursor nobody gave: " + scope.base);
      continue;
    }
    const auto since = server_->seen_since(device.user(), id);
    if (since && *since <= *commits) seen[id] = *commits;
  }
  for (const auto& [key, record] : server_->store().committed()) {
    if (spec_of(key.first).kind == TableKind::Unsynced) continue;
    const auto held = state.confirmed.find(key);
    const bool is_held = held != state.confirmed.end();
    const auto* home = record.home();
    if (home != nullptr) {
      const auto cursor = seen.find(home->scope);
      if (cursor != seen.end() && record.changed <= cursor->second) {
        const bool is_visible = server_->can_see(device.user(), key, record);
        if (is_visible && !is_held) {
          fail(device, "I1", show(key) + " is missing though the cursor has passed it");
        } else if (is_visible && held->second.values != texts_of(key.first, *record.row)) {
          fail(device, "I1",
               show(key) + " holds " + show(held->second.values) +
                   " though the cursor has passed " + show(texts_of(key.first, *record.row)));
        } else if (is_visible && held->second.scope != home->scope) {
          fail(device, "I1", show(key) + " is held in scope " + held->second.scope);
        } else if (!is_visible && is_held && held->second.scope == home->scope) {
          fail(device, "I6", show(key) + " is held though this user may not see it");
        }
        continue;
      }
    }
    if (!is_held || (home != nullptr && home->scope == held->second.scope)) continue;
    const auto cursor = seen.find(held->second.scope);
    if (cursor != seen.end() && record.changed <= cursor->second) {
      fail(device, "I5", show(key) + " is held in a scope it left, or after its deletion");
    }
  }
}

// I7: nothing goes backwards.
void Checks::check_progress(Device& device, const DeviceState& state) {
  auto& memory = device.memory;
  const bool is_same_log = memory.epoch == state.epoch;
  std::map<Key, std::int64_t> revisions;
  for (const auto& [key, confirmed] : state.confirmed) {
    const int column = spec_of(key.first).find("revision");
    if (column < 0 || confirmed.values.empty()) continue;
    const auto revision = std::stoll(confirmed.values[static_cast<std::size_t>(column)]);
    const auto before = memory.revisions.find(key);
    if (is_same_log && before != memory.revisions.end() && revision < before->second &&
        is_still(key, before->second)) {
      fail(device, "I7",
           show(key) + " went back from revision " + std::to_string(before->second) + " to " +
               std::to_string(revision));
    }
    revisions[key] = revision;
  }
  for (const auto& [id, scope] : state.scopes) {
    const auto before = memory.scopes.find(id);
    if (!is_same_log || before == memory.scopes.end() ||
        before->second.generation != scope.generation || before->second.base.empty() ||
        scope.base.empty() || before->second.is_backfilling != scope.is_backfilling) {
      continue;
    }
    const auto old_base = Snapshot::parse(before->second.base);
    const auto new_base = Snapshot::parse(scope.base);
    if (!new_base ||
        (old_base && (new_base->xmin < old_base->xmin || new_base->xmax < old_base->xmax))) {
      fail(device, "I7",
           "the cursor of scope " + id + " went back from " + before->second.base + " to " +
               scope.base);
    }
  }
  memory.epoch = state.epoch;
  memory.revisions = std::move(revisions);
  memory.scopes = state.scopes;
}

void Checks::round_done(Device& device) {
  auto state = read_device(device.database());
  if (!state.ok() || !device.round().is_whole) return;
  check_marks(device, *state);
}

// I9: rows that always change in one transaction agree, across tables' scopes.
void Checks::check_marks(const Device& device, const DeviceState& state) {
  std::optional<std::string> value;
  for (const auto& [key, confirmed] : state.confirmed) {
    if (key.first != kMarks || confirmed.values.empty()) continue;
    const auto& n = confirmed.values[kMarkValue];
    if (value && *value != n) {
      fail(device, "I9", "marks show " + n + " and " + *value + ", which were never true at once");
    }
    value = n;
  }
}

// I1: what the device has is what the server shows this user.
void Checks::converged(Device& device) {
  auto state = read_device(device.database());
  if (!state.ok()) {
    fail(device, "I1", "the file can't be read: " + state.error().message);
    return;
  }
  const auto view = server_->view(device.user());
  for (const auto& [key, row] : view) {
    const auto held = state->confirmed.find(key);
    if (held == state->confirmed.end()) {
      fail(device, "I1", show(key) + " is missing in the end");
    } else if (held->second.values != texts_of(key.first, row)) {
      fail(device, "I1",
           show(key) + " is " + show(held->second.values) + " in the end, not " +
               show(texts_of(key.first, row)));
    }
  }
  for (const auto& [key, held] : state->confirmed) {
    if (!view.contains(key))
      fail(device, "I1", show(key) + " is here in the end, not on the server");
  }
  for (const auto& entry : state->outbox) {
    if (state_of(entry) != MutationState::Parked) {
      fail(device, "I1", "mutation " + entry.uid + " is still waiting in the end");
    }
  }
  check_marks(device, *state);
}

// --- What the server says -----------------------------------------------------------------------

void Checks::serving(std::string_view function, const Json& request) {
  if (function == "convoy_push") pushes_.serving(request);
}

void Checks::served(const std::string& user, std::string_view function, const Json& request,
                    const RpcReply& reply) {
  if (reply.status != 200 || member(reply.body, "status") != "ok") return;
  if (function == "convoy_push") {
    pushes_.served(user, request, reply.body);
  } else if (reply.body.find("changes") != nullptr) {
    check_rows(user, reply.body);
  }
}

// I6: no row, and no content, that the user could not have selected at this moment.
void Checks::check_rows(const std::string& user, const Json& reply) {
  // What was committed after the reply's snapshot is not in it.
  const auto commits = server_->commits_seen(member(reply, "next"));
  for (const auto& group : *reply.find("changes")->array()) {
    const auto since = server_->seen_since(user, member(group, "scope"));
    if (commits && since && *since > *commits) continue;
    const int table = find_table(member(group, "table"));
    for (const auto& row : *group.find("rows")->array()) {
      const auto& values = *row.array();
      const Key key(table, *values[0].string());
      const auto* record = server_->store().read(nullptr, key);
      if (record != nullptr && commits && record->changed > *commits) continue;
      const bool is_visible = record != nullptr && server_->can_see(user, key, *record);
      if (!is_visible) {
        verdict_->fail("I6", user + " was sent " + show(key) + ", which it may not see");
      } else if (!std::equal(record->row->begin(), record->row->end(), values.begin() + 1)) {
        verdict_->fail("I6", user + " was sent " + show(key) + " as it is not");
      }
    }
  }
}

}  // namespace convoy::sim
