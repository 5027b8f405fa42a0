#include "sim/push_checks.h"

#include <algorithm>
#include <utility>

#include "sim/merge_checks.h"
#include "sim/show.h"

namespace convoy::sim {
namespace {

using base::Json;

// Whether the operation gives a column a value of which `is_so`.
template <class Predicate>
bool gives(const Json& operation, Predicate is_so) {
  const auto* values = operation.find("values");
  if (values == nullptr || values->object() == nullptr) return false;
  const auto& spec = spec_of(key_of(operation).first);
  return std::ranges::any_of(*values->object(), [&](const Json::Member& given) {
    const int column = spec.find(given.first);
    return column >= 0 && is_so(spec.columns[static_cast<std::size_t>(column)], given.second);
  });
}

const Json* conflict_of(const Json& outcome, std::string_view column) {
  const auto* conflicts = outcome.find("conflicts");
  if (conflicts == nullptr || conflicts->array() == nullptr) return nullptr;
  const auto found = std::ranges::find_if(*conflicts->array(), [&](const Json& conflict) {
    return member(conflict, "column") == column;
  });
  return found == conflicts->array()->end() ? nullptr : &*found;
}

}  // namespace

// I2, I3, I10: applied at most once; what is said to be applied is, and really is in the rows.
void PushChecks::served(const std::string& user, const Json& request, const Json& reply) {
  const auto& mutations = *request.find("mutations")->array();
  const auto& outcomes = *reply.find("outcomes")->array();
  const auto& ledger = server_->ledger();
  for (std::size_t i = 0; i < mutations.size() && i < outcomes.size(); ++i) {
    const auto uid = member(mutations[i], "uid");
    const auto status = member(outcomes[i], "status");
    if (!excused_.contains(uid)) check_text(mutations[i]);
    const auto known = ledger.find(uid);
    const int times = known == ledger.end() ? 0 : known->second.times_applied;
    const bool is_excused = excused_.contains(uid);
    if (status == "rejected") {
      if (times > 0 && !is_excused) {
        verdict_->fail("I2", "mutation " + uid + " is refused, but was applied");
      }
      check_unchanged();
      if (is_new_.contains(uid)) check_refusal(user, mutations[i], outcomes[i]);
      continue;
    }
    if (times == 0 && (known == ledger.end() || !known->second.is_lost)) {
      verdict_->fail("I2", "mutation " + uid + " is answered with " + status + ", but never ran");
    }
    if (times > 1 && !is_excused) {
      verdict_->fail("I10", "mutation " + uid + " was applied again");
    }
  }
  check_deletions();
  if (!std::ranges::any_of(mutations, [&](const Json& mutation) {
        return excused_.contains(member(mutation, "uid"));
      })) {
    check_applied(request, reply);
  } else {
    for (const auto& [key, before] : before_) book_.forget(key);
  }
  // Of what was applied last nothing can have been overwritten yet.
  if (mutations.empty() || outcomes.size() != mutations.size()) return;
  if (member(outcomes.back(), "status") == "rejected") return;
  if (!is_new_.contains(member(mutations.back(), "uid"))) return;
  check_effect(mutations.back(), outcomes.back());
}

// I4: the reason fits the write, and, where the push was this write alone, the rows as it met them.
void PushChecks::check_refusal(const std::string& user, const Json& mutation, const Json& outcome) {
  const auto code = member(outcome, "code");
  const auto body = base::parse_json(member(mutation, "body"));
  const auto* ops = body.ok() ? body->find("ops") : nullptr;
  if (ops == nullptr || ops->array() == nullptr) return;
  const bool is_alone = mutations_before_ == 1 && ops->array()->size() == 1;
  const bool fits = std::ranges::any_of(*ops->array(), [&](const Json& operation) {
    return can_be_refused(user, operation, code, is_alone);
  });
  if (fits) return;
  verdict_->fail("I4", "mutation " + member(mutation, "uid") + " is refused with " + code +
                           " for no reason: " + body->dump());
}

bool PushChecks::can_be_refused(const std::string& user, const Json& operation,
                                const std::string& code, bool is_alone) const {
  const auto key = key_of(operation);
  const auto kind = member(operation, "op");
  const auto& spec = spec_of(key.first);
  const auto found = before_.find(key);
  const auto row = found == before_.end() ? std::nullopt : found->second.row;
  const bool is_dead = found != before_.end() && found->second.is_dead;
  const bool is_mine = row && server_->can_see(user, key, Record{.row = row}) &&
                       server_->can_change(user, key, *row);
  if (code == "CV003")
    return gives(operation, [](const ColumnSpec& c, const Json&) { return c.is_readonly; });
  if (code == "CV004") return kind == "update" && (!is_alone || !is_mine);
  // An edit of what is gone takes it back, where it may.
  const bool revives = spec.resurrects && operation.find("revive") != nullptr;
  if (code == "CV005") return kind == "insert" && !revives && (!is_alone || is_dead);
  if (code == "CV006") return spec.kind == TableKind::ReadOnly;
  if (code == "CV007")
    return spec.kind == TableKind::AppendOnly && (kind != "insert" || !is_alone || row);
  if (code == "42501") return kind != "delete" || !is_alone || (row && !is_mine);
  if (code == "23505") return kind == "insert" && (!is_alone || (row && !is_mine));
  if (code == "23514") {
    return gives(operation, [](const ColumnSpec& c, const Json& value) {
      return c.is_checked && value.integer().value_or(0) < 0;
    });
  }
  if (code == "23503") {
    return gives(operation, [&](const ColumnSpec& c, const Json& value) {
      return c.references >= 0 && value.string() != nullptr &&
             (!is_alone || !is_there({c.references, *value.string()}));
    });
  }
  return false;
}

bool PushChecks::is_there(const Key& key) const {
  const auto* record = server_->store().read(nullptr, key);
  return record != nullptr && record->row.has_value();
}

const std::string* PushChecks::text_of(const std::string& uid) const {
  const auto found = texts_.find(server_->epoch() + uid);
  return found == texts_.end() ? nullptr : &found->second;
}

// I3: what is sent again is what was sent before; or the answer would be another's.
void PushChecks::check_text(const Json& mutation) {
  const auto uid = member(mutation, "uid");
  const auto text = member(mutation, "body");
  const auto [known, is_new] = texts_.try_emplace(server_->epoch() + uid, text);
  if (is_new || known->second == text) return;
  verdict_->fail("I3", "mutation " + uid + " was " + known->second + ", and is now " + text);
}

// I5: what was deleted is back only where an edit may take it back.
void PushChecks::check_deletions() {
  for (const auto& [key, before] : before_) {
    const auto* record = server_->store().read(nullptr, key);
    const bool is_back = before.is_dead && record != nullptr && record->row;
    if (is_back && !(before.is_revived && spec_of(key.first).resurrects)) {
      verdict_->fail("I5", show(key) + " was deleted, and is back");
    }
  }
}

void PushChecks::check_applied(const Json& request, const Json& reply) {
  const auto& mutations = *request.find("mutations")->array();
  const auto& outcomes = *reply.find("outcomes")->array();
  std::vector<Json> bodies;
  bodies.reserve(mutations.size());
  std::vector<Applied> applied;
  std::vector<const Json*> operations;
  for (std::size_t i = 0; i < mutations.size() && i < outcomes.size(); ++i) {
    const bool is_run = is_new_.contains(member(mutations[i], "uid"));
    if (!is_run || member(outcomes[i], "status") == "rejected") continue;
    auto body = base::parse_json(member(mutations[i], "body"));
    if (!body.ok() || body->find("ops") == nullptr) continue;
    bodies.push_back(*std::move(body));
    for (const auto& operation : *bodies.back().find("ops")->array()) {
      applied.push_back({.mutation = &mutations[i], .operation = &operation});
      operations.push_back(&operation);
    }
  }
  check_counters(operations);
  check_clocks(request, applied);
}

// I2: what counts as applied is in the rows, and what others changed meanwhile is not lost.
void PushChecks::check_effect(const Json& mutation, const Json& outcome) {
  const auto body = base::parse_json(member(mutation, "body"));
  const auto* ops = body.ok() ? body->find("ops") : nullptr;
  if (ops == nullptr || ops->array() == nullptr || ops->array()->size() != 1) return;
  const auto& operation = ops->array()->front();
  const auto key = key_of(operation);
  const auto* record = server_->store().read(nullptr, key);
  const bool is_there = record != nullptr && record->row.has_value();
  const auto kind = member(operation, "op");
  if (is_there != (kind != "delete")) {
    verdict_->fail("I2", kind + " of " + show(key) + " counts as applied, but has no effect");
    return;
  }
  if (kind == "delete") return;
  for (const auto& [name, value] : *operation.find("values")->object()) {
    check_column(operation, spec_of(key.first).find(name), value, (*record->row), outcome);
  }
}

void PushChecks::check_column(const Json& operation, int column, const Json& value,
                              const Row& after, const Json& outcome) {
  const auto key = key_of(operation);
  const auto& spec = spec_of(key.first, column);
  const auto wanted = normalised(spec.type, value);
  if (spec.rule == Rule::Latest || !wanted) return;
  const auto& now = after[static_cast<std::size_t>(column)];
  const auto* told = conflict_of(outcome, spec.name);
  const auto before = before_.find(key);
  const bool was_there = before != before_.end() && before->second.row.has_value();
  if (mutations_before_ != 1 || !was_there) {
    if (told == nullptr && now != *wanted) {
      verdict_->fail("I2",
                     show(key) + "." + spec.name + " counts as applied, but is " + now.dump());
    }
    return;
  }
  ColumnCase merge{.column = &spec,
                   .base = std::nullopt,
                   .client = *wanted,
                   .before = (*before->second.row)[static_cast<std::size_t>(column)],
                   .after = now,
                   .told = told};
  const auto* bases = operation.find("base");
  const bool has_bases = member(operation, "op") == "update" || operation.find("revive") != nullptr;
  if (const auto* base = bases == nullptr || !has_bases ? nullptr : bases->find(spec.name)) {
    merge.base = normalised(spec.type, *base);
  }
  if (const auto problem = check_merge(merge)) {
    verdict_->fail("I2", show(key) + "." + spec.name + ": " + *problem);
  }
}

// What the applied ones add up to, however many there were.
void PushChecks::check_counters(const std::vector<const Json*>& applied) {
  std::map<std::pair<Key, int>, std::optional<std::int64_t>> steps;  // Nothing: not only steps.
  for (const auto* operation : applied) {
    const auto key = key_of(*operation);
    const auto& columns = spec_of(key.first).columns;
    for (int i = 0; i < static_cast<int>(columns.size()); ++i) {
      if (spec_of(key.first, i).rule != Rule::Counter) continue;
      auto& step = steps.try_emplace({key, i}, 0).first->second;
      const auto& name = columns[static_cast<std::size_t>(i)].name;
      const auto* values = operation->find("values");
      const auto* bases = operation->find("base");
      const auto* value = values == nullptr ? nullptr : values->find(name);
      const auto* base = bases == nullptr ? nullptr : bases->find(name);
      if (member(*operation, "op") != "update" || (value != nullptr && base == nullptr)) {
        step.reset();
      } else if (step && value != nullptr) {
        *step += value->integer().value_or(0) - base->integer().value_or(0);
      }
    }
  }
  for (const auto& [where, step] : steps) {
    const auto& [key, column] = where;
    const auto before = before_.find(key);
    const auto* record = server_->store().read(nullptr, key);
    if (!step || before == before_.end() || !before->second.row || record == nullptr ||
        !record->row) {
      continue;
    }
    const auto at = static_cast<std::size_t>(column);
    const auto wanted = (*before->second.row)[at].integer().value_or(0) + *step;
    if ((*record->row)[at].integer() != wanted) {
      verdict_->fail("I2", show(key) + "." + spec_of(key.first, column).name + " is " +
                               (*record->row)[at].dump() + ", not the sum of all steps, " +
                               std::to_string(wanted));
    }
  }
}

// Of two writes the later one stands, whichever came first.
void PushChecks::check_clocks(const Json& request, const std::vector<Applied>& applied) {
  book_.begin(server_->epoch());
  const auto latest = (static_cast<std::uint64_t>(server_->now_ms() + kMinute) << 16U) | 0xffffU;
  for (const auto& [mutation, operation] : applied) {
    const auto hlc = member(*mutation, "hlc");
    const Stamp stamp{.hlc = std::min<std::uint64_t>(latest, hlc.empty() ? 0 : std::stoull(hlc)),
                      .client = member(request, "client")};
    book_.apply(*operation, stamp, before_[key_of(*operation)].row);
  }
  for (const auto& [key, before] : before_) {
    const auto* record = server_->store().read(nullptr, key);
    const auto problem = book_.end(key, record == nullptr ? std::nullopt : record->row);
    if (problem) verdict_->fail("I2", *problem);
  }
}

// A refused mutation leaves nothing behind.
void PushChecks::check_unchanged() {
  if (mutations_before_ != 1) return;
  for (const auto& [key, before] : before_) {
    const auto* record = server_->store().read(nullptr, key);
    const bool is_there = record != nullptr && record->row.has_value();
    if (is_there != before.row.has_value() || (is_there && *record->row != *before.row)) {
      verdict_->fail("I2", show(key) + " was changed by a mutation that was refused");
    }
  }
}

void PushChecks::serving(const Json& request) {
  before_.clear();
  is_new_.clear();
  const auto* mutations = request.find("mutations");
  if (mutations == nullptr || mutations->array() == nullptr) return;
  mutations_before_ = mutations->array()->size();
  for (const auto& mutation : *mutations->array()) {
    const auto uid = member(mutation, "uid");
    const auto known = server_->ledger().find(uid);
    if (known == server_->ledger().end() || !known->second.is_known) is_new_.insert(uid);
    const auto body = base::parse_json(member(mutation, "body"));
    const auto* ops = body.ok() ? body->find("ops") : nullptr;
    if (ops == nullptr || ops->array() == nullptr) continue;
    for (const auto& operation : *ops->array()) {
      const auto key = key_of(operation);
      const auto* record = server_->store().read(nullptr, key);
      auto& before = before_[key];
      if (operation.find("revive") != nullptr) before.is_revived = true;
      if (record == nullptr) continue;
      before.row = record->row;
      before.is_dead = !record->row && !record->log.empty();
    }
  }
}

}  // namespace convoy::sim
