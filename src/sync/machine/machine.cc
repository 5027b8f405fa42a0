#include "sync/machine/machine.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"

namespace convoy::sync::machine {
namespace {

constexpr int kRetriesMax = 3;
constexpr int kForksMax = 3;
// More would say nothing new.
constexpr std::size_t kRecoveriesMax = 20;

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

}  // namespace

Machine::Machine(const Schema& local, schema::ReplicaState state)
    : local_(&local),
      state_(std::move(state)),
      stopped_(state_.stopped),
      batch_max_(limits::kPushMutationsMax),
      page_rows_(limits::kPageRowsDefault) {}

Effect Machine::start() { return prepare_push(); }

Effect Machine::on(Event event) {
  return std::visit(Overloaded{
                        [this](PushPrepared& prepared) {
                          return prepared.batch.empty() ? begin_window()
                                                        : call_push(std::move(prepared.batch));
                        },
                        [this](Replied& replied) {
                          if (!replied.reply.ok())
                            return on_call_error(std::move(replied.reply).error());
                          retries_ = 0;
                          if (step_ == Step::Pushing) return on_push_reply(*replied.reply);
                          if (step_ == Step::Pulling) return on_pull_reply(*replied.reply);
                          return on_backfill_reply(*replied.reply);
                        },
                        [this](Applied&) {
                          switch (step_) {
                            case Step::ApplyingOutcomes:
                              adopt_outcomes();
                              return prepare_push();
                            case Step::Renumbering:
                            case Step::StartingOver:
                              return prepare_push();
                            case Step::ApplyingPull:
                              adopt(std::exchange(applying_, {}));
                              return after_pull_page();
                            default:
                              adopt(std::exchange(applying_, {}));
                              return next_backfill();
                          }
                        },
                        [this](Forked& forked) {
                          state_.client_id = std::move(forked.client_id);
                          state_.mid_assigned = 0;
                          state_.mid_seen = 0;
                          return prepare_push();
                        },
                        [this](Failed& failed) { return finish(std::move(failed.error)); },
                    },
                    event);
}

// --- Repair and the end
// ----------------------------------------------------------------------------------------------

Effect Machine::on_call_error(Error error) {
  // A page that was too much for the server or for us may do in halves.
  const bool too_much = error.code == ErrorCode::ReplyTooLarge || error.sqlstate == "57014";
  if (too_much && step_ != Step::Pushing && page_rows_ > limits::kPageRowsMin) {
    page_rows_ = std::max(page_rows_ / 2, limits::kPageRowsMin);
    note("smaller_pages", error.sqlstate.empty() ? to_string(error.code) : error.sqlstate);
    return repeat_call();
  }
  // Serialization failures and deadlocks have already cleared when they are reported.
  if (error.sqlstate.starts_with("40") && retries_ < kRetriesMax) {
    ++retries_;
    note("repeat", error.sqlstate);
    return repeat_call();
  }
  if (step_ == Step::Pushing) return on_push_error(std::move(error));
  return finish(std::move(error));
}

Effect Machine::repeat_call() {
  if (step_ == Step::Pushing) return call_push(std::move(batch_));
  return step_ == Step::Pulling ? call_pull() : call_backfill();
}

Effect Machine::fork(std::string_view cause) {
  if (++forks_ > kForksMax) return broken_protocol("forked again and again");
  note("new_client_id", cause);
  step_ = Step::Forking;
  return Fork{};
}

// Under the present client id nobody has them.
Effect Machine::renumber() {
  note("renumber", "former_client_id");
  step_ = Step::Renumbering;
  batch_max_ = limits::kPushMutationsMax;
  Renumber effect{.sender = batch_.front().sender, .mids = {}};
  for (const auto& mutation : batch_) effect.mids.push_back(mutation.mid);
  return effect;
}

Effect Machine::start_over(ReplyHead head) {
  if (++rounds_ > limits::kRoundsMax) return broken_protocol("reset again and again");
  note("start_over", head.reason);
  step_ = Step::StartingOver;
  // As the store does: the rows stay, each scope is back-filled into a new generation.
  state_.epoch = head.epoch;
  for (auto& [id, scope] : state_.scopes) {
    scope.base.clear();
    scope.backfill_after.reset();
    scope.is_backfilling = true;
    ++scope.generation;
  }
  window_ = {};
  return StartOver{std::move(head.epoch)};
}

void Machine::note(std::string_view step, std::string_view cause) {
  schema::Recovery recovery{.step = std::string(step), .cause = std::string(cause)};
  auto& all = progress_.recoveries;
  if (all.size() >= kRecoveriesMax || (!all.empty() && all.back() == recovery)) return;
  all.push_back(std::move(recovery));
}

Effect Machine::apply(Step step, schema::PageCommit page) {
  step_ = step;
  auto changes = std::exchange(
      page.changes, {});  // Rows are the host's business; the machine keeps the bookkeeping.
  applying_ = page;
  page.changes = std::move(changes);
  return ApplyPage{std::move(page)};
}

void Machine::adopt(const schema::PageCommit& page) {
  for (const auto& scope : page.scopes_removed) state_.scopes.erase(scope);
  for (const auto& scope : page.scopes_saved) state_.scopes[scope.id] = scope;
  if (page.acknowledged) state_.mid_seen = std::max(state_.mid_seen, *page.acknowledged);
  if (page.epoch) state_.epoch = *page.epoch;
  if (page.server_schema) {
    state_.fingerprint = page.server_schema->fingerprint;
    state_.stopped = page.stopped;
  }
}

Effect Machine::finish(std::optional<Error> error) {
  step_ = Step::Done;
  if (!error) progress_.phase = Progress::Phase::Done;
  return Finish{std::move(error)};
}

Effect Machine::broken_protocol(std::string_view what) {
  return finish(Error{
      .code = ErrorCode::BadReply,
      .message = "the server breaks the sync protocol: " + std::string(what),
      .hint = "Check that the project's Convoy SQL and this program are of the same version."});
}

}  // namespace convoy::sync::machine
