#include "sim/mutant_engine.h"

#include <algorithm>
#include <utility>

#include "base/uuid.h"
#include "store/database_impl.h"

namespace convoy::sim {
namespace {

using base::Json;
using sync::machine::ApplyOutcomes;
using sync::machine::ApplyPage;
using sync::machine::Call;
using sync::machine::Event;
using sync::machine::Fork;
using sync::machine::PreparePush;
using sync::machine::Replied;

void make_new_uids(Json& request, Random& random) {
  auto mutations = *request.find("mutations")->array();
  for (auto& mutation : mutations) mutation.set("uid", base::uuid_v4(random));
  request.set("mutations", std::move(mutations));
}

// Of two updates of one record that follow each other, the later one.
constexpr const char* kLoseLater =
    "delete from convoy_mutation where seq = (select b.seq from convoy_mutation a join "
    "convoy_mutation b on b.seq = a.seq + 1 where a.state = 0 and b.state = 0 and a.attempts = 0 "
    "and b.attempts = 0 and a.replay is null and b.replay is null and json_array_length(a.body, "
    "'$.ops') = 1 and json_array_length(b.body, '$.ops') = 1 and json_extract(a.body, "
    "'$.ops[0].id') = json_extract(b.body, '$.ops[0].id') and json_extract(b.body, '$.ops[0].op') "
    "= 'update' limit 1)";

// Of an update of several columns, the last one.
void leave_values_out(Json& request) {
  auto mutations = *request.find("mutations")->array();
  for (auto& mutation : mutations) {
    auto body = base::parse_json(*mutation.find("body")->string());
    if (!body.ok()) continue;
    auto ops = *body->find("ops")->array();
    const auto* values = ops.empty() ? nullptr : ops.front().find("values");
    if (values == nullptr || values->object()->size() < 2) continue;
    auto fewer = *values->object();
    fewer.pop_back();
    ops.front().set("values", std::move(fewer));
    body->set("ops", std::move(ops));
    mutation.set("body", body->dump());
  }
  request.set("mutations", std::move(mutations));
}

// As if the server had said that all is well.
Json all_applied(const Json& request) {
  Json::Array outcomes;
  std::int64_t last = 0;
  for (const auto& mutation : *request.find("mutations")->array()) {
    last = *mutation.find("mid")->integer();
    Json outcome;
    outcome.set("mid", last);
    outcome.set("status", "applied");
    outcomes.push_back(std::move(outcome));
  }
  Json reply;
  reply.set("status", "ok");
  reply.set("last_mid", last);
  reply.set("outcomes", std::move(outcomes));
  return reply;
}

}  // namespace

Event MutantEngine::carry_out(const sync::machine::Effect& effect,
                              base::Cancellation* cancellation) {
  if (const auto* of_push = std::get_if<PreparePush>(&effect)) {
    return prepare(*of_push, cancellation);
  }
  if (const auto* outcomes = std::get_if<ApplyOutcomes>(&effect)) {
    return apply_outcomes(*outcomes, cancellation);
  }
  if (mutant_ == Mutant::None) return Engine::carry_out(effect, cancellation);
  if (const auto* of_fork = std::get_if<Fork>(&effect)) return fork(*of_fork, cancellation);
  if (const auto* of_call = std::get_if<Call>(&effect)) return call(*of_call, cancellation);
  if (const auto* page = std::get_if<ApplyPage>(&effect)) return apply_page(*page, cancellation);
  return Engine::carry_out(effect, cancellation);
}

Event MutantEngine::prepare(const PreparePush& prepare, base::Cancellation* cancellation) {
  if (mutant_ == Mutant::MergeLosesWrite) spoil(kLoseLater);
  auto event = Engine::carry_out(prepare, cancellation);
  notes_.prepared();
  return event;
}

Event MutantEngine::fork(const Fork& fork, base::Cancellation* cancellation) {
  auto event = Engine::carry_out(fork, cancellation);
  if (mutant_ == Mutant::ForkForgetsNumbers) {
    spoil("update convoy_mutation set mid = 0, sender = '' where sender <> ''");
  }
  return event;
}

void MutantEngine::spoil(const char* sql) {
  static_cast<void>(database_->impl().write(
      [&](sql::Connection& connection) { return connection.execute(sql); }));
}

Event MutantEngine::call(Call call, base::Cancellation* cancellation) {
  const bool is_push = call.function == "convoy_push";
  if (is_push && mutant_ == Mutant::TextChanges) leave_values_out(call.request);
  if (is_push && mutant_ == Mutant::NewUidOnRetry) make_new_uids(call.request, *random_);
  if (call.function == "convoy_pull" && mutant_ == Mutant::BackfillBaseLate) {
    auto groups = *call.request.find("scopes")->array();
    for (auto& group : groups) {
      const auto late = backfill_next_.find(*group.find("base")->string());
      if (late != backfill_next_.end()) group.set("base", late->second);
    }
    call.request.set("scopes", std::move(groups));
  }
  auto event = Engine::carry_out(call, cancellation);
  auto* replied = std::get_if<Replied>(&event);
  if (replied == nullptr) return event;
  if (replied->reply.ok()) {
    const auto* next = replied->reply->find("next");
    if (next != nullptr && next->string() != nullptr) last_next_ = *next->string();
    const auto* last_mid = replied->reply->find("last_mid");
    if (call.function == "convoy_backfill") {
      if (call.request.find("after") == nullptr) first_next_ = last_next_;
      backfill_next_[first_next_] = last_next_;
    }
    if (last_mid != nullptr) last_mid_ = last_mid->integer().value_or(0);
  } else if (is_push && mutant_ == Mutant::DoneWithoutOutcomes &&
             replied->reply.error().code == ErrorCode::BadReply) {
    return Replied{all_applied(call.request)};
  }
  return event;
}

Event MutantEngine::apply_page(ApplyPage apply, base::Cancellation* cancellation) {
  auto& page = apply.page;
  switch (mutant_) {
    case Mutant::BaseEachPage:
      // Every scope gets the cursor of the page, whether or not the window ends with it.
      for (const auto& group : page.changes) {
        const auto saved =
            std::ranges::find(page.scopes_saved, group.scope, &schema::ScopeState::id);
        if (saved != page.scopes_saved.end() || last_next_.empty()) continue;
        const auto known = state().scopes.find(group.scope);
        if (known == state().scopes.end() || known->second.is_backfilling) continue;
        page.scopes_saved.push_back(known->second);
        page.scopes_saved.back().base = last_next_;
      }
      break;
    case Mutant::NextOfLastPage:
      for (auto& scope : page.scopes_saved) {
        if (!scope.is_backfilling && page.backfills_finished.empty()) scope.base = last_next_;
      }
      break;
    case Mutant::UnconditionalRemove: {
      const auto groups = page.changes;
      for (const auto& group : groups) {
        if (group.gone.empty()) continue;
        for (const auto& [id, scope] : state().scopes) {
          if (id == group.scope) continue;
          page.changes.push_back({.table = group.table,
                                  .scope = id,
                                  .columns = group.columns,
                                  .ids = {},
                                  .rows = {},
                                  .gone = group.gone});
        }
      }
      break;
    }
    case Mutant::RevokeKeepsRows:
      page.scopes_removed.clear();
      break;
    case Mutant::BackfillKeepsRest:
      page.backfills_finished.clear();
      break;
    case Mutant::AcknowledgedInBackfill:
      if (last_mid_ > 0 && !page.acknowledged) page.acknowledged = last_mid_;
      break;
    case Mutant::CursorFirst: {
      ApplyPage cursor;
      cursor.page.scopes_saved = page.scopes_saved;
      auto event = Engine::carry_out(cursor, cancellation);
      if (std::holds_alternative<sync::machine::Failed>(event)) return event;
      break;
    }
    default:
      break;
  }
  return Engine::carry_out(apply, cancellation);
}

Event MutantEngine::apply_outcomes(ApplyOutcomes apply, base::Cancellation* cancellation) {
  if (mutant_ == Mutant::RejectedStays) {
    std::erase_if(apply.outcomes, [](const schema::Outcome& outcome) {
      return outcome.kind == schema::Outcome::Kind::Rejected;
    });
  }
  std::vector<schema::Conflict> told;
  for (auto& outcome : apply.outcomes) {
    told.insert(told.end(), outcome.conflicts.begin(), outcome.conflicts.end());
    if (mutant_ == Mutant::ConflictForgotten) outcome.conflicts.clear();
  }
  if (mutant_ == Mutant::EpochUnlearnt) apply.answer.epoch.reset();
  auto event = Engine::carry_out(apply, cancellation);
  if (std::holds_alternative<sync::machine::Applied>(event)) notes_.told(told);
  if (mutant_ == Mutant::AcknowledgedEarly && !apply.outcomes.empty()) {
    ApplyPage done;
    done.page.acknowledged = apply.outcomes.back().mid;
    return Engine::carry_out(done, cancellation);
  }
  return event;
}

}  // namespace convoy::sim
