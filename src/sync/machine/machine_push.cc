// The machine's half that sends: batches out, outcomes in.
#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "sync/machine/machine.h"

namespace convoy::sync::machine {

Effect Machine::prepare_push() {
  step_ = Step::PreparingPush;
  progress_.phase = Progress::Phase::Pushing;
  return PreparePush{.count_max = batch_max_, .bytes_max = limits::kPushBytesMax};
}

Effect Machine::call_push(std::vector<schema::OutgoingMutation> batch) {
  step_ = Step::Pushing;
  batch_ = std::move(batch);
  const bool is_of_now = batch_.front().sender.empty();
  if (is_of_now) state_.mid_assigned = std::max(state_.mid_assigned, batch_.back().mid);
  return Call{.function = "convoy_push", .request = push_request(state_, batch_)};
}

Effect Machine::on_push_reply(const base::Json& json) {
  auto parsed = parse_push_reply(json);
  if (!parsed.ok()) return finish(std::move(parsed).error());
  auto reply = *std::move(parsed);
  switch (reply.status) {
    case ReplyStatus::Reset:
      return start_over(std::move(reply));
    case ReplyStatus::Forked:
      // The server may have some of them; asked for one at a time, it says which. The others alone
      // get new numbers: none is applied twice.
      if (batch_.size() > 1) {
        batch_max_ = 1;
        note("smaller_batches", "forked");
        return prepare_push();
      }
      return batch_.front().sender.empty() ? fork("forked") : renumber();
    case ReplyStatus::Gap:
      // Under a former client id these say that the server does not have them; who has the present
      // one is another question.
      return batch_.front().sender.empty() ? fork("gap") : renumber();
    case ReplyStatus::Stale:
    case ReplyStatus::Scopes:
      return broken_protocol("status of a push");
    case ReplyStatus::Ok:
      break;
  }
  // Another log than the one the request named: what it says of these mutations may have been lost
  // with the old one. They are asked for again.
  if (!reply.epoch.empty() && !state_.epoch.empty() && reply.epoch != state_.epoch) {
    reply.reason = "epoch";
    return start_over(std::move(reply));
  }
  // One outcome for each mutation, in order; anything else could leave a write without an answer.
  const bool answers_all = std::ranges::equal(
      batch_, reply.outcomes, {}, &schema::OutgoingMutation::mid, &schema::Outcome::mid);
  if (!answers_all || reply.last_mid < batch_.back().mid)
    return broken_protocol("outcomes of a push");
  for (const auto& outcome : reply.outcomes) {
    // What was merged took both sides in: nobody has to look at it.
    progress_.conflicts += std::ranges::count_if(
        outcome.conflicts, [](const auto& conflict) { return conflict.kept != "merged"; });
    if (outcome.kind == schema::Outcome::Kind::Rejected) ++progress_.parked;
  }
  progress_.mutations_sent += static_cast<std::int64_t>(batch_.size());
  batch_max_ = limits::kPushMutationsMax;
  // From now on this device can be told that the server has lost what it just took.
  if (state_.epoch.empty() && !reply.epoch.empty()) epoch_learnt_ = std::move(reply.epoch);
  step_ = Step::ApplyingOutcomes;
  return ApplyOutcomes{.outcomes = std::move(reply.outcomes),
                       .answer = {.server_time_ms = reply.server_time_ms,
                                  .epoch = epoch_learnt_,
                                  .sender = batch_.front().sender}};
}

Effect Machine::on_push_error(Error error) {
  // The server could not even read the call. One mutation among the batch is to blame: find it by
  // halves, park it alone.
  const bool is_own_code = error.sqlstate.starts_with("CV");
  if (error.code != ErrorCode::Rejected || is_own_code) return finish(std::move(error));
  if (batch_.size() > 1) {
    batch_max_ = batch_.size() / 2;
    note("smaller_batches",
         error.sqlstate.empty() ? std::to_string(error.http_status) : error.sqlstate);
    return prepare_push();
  }
  schema::Outcome outcome{
      .mid = batch_.front().mid,
      .kind = schema::Outcome::Kind::Rejected,
      .code = error.sqlstate.empty() ? std::to_string(error.http_status) : error.sqlstate,
      .message = error.message,
      .is_counted = false};
  ++progress_.parked;
  batch_max_ = limits::kPushMutationsMax;
  const auto& sender = batch_.front().sender;
  // Those behind it take its number, and no gap is left.
  if (sender.empty()) uncounted_ = outcome.mid;
  step_ = Step::ApplyingOutcomes;
  return ApplyOutcomes{
      .outcomes = {std::move(outcome)},
      .answer = {.server_time_ms = std::nullopt, .epoch = std::nullopt, .sender = sender}};
}

void Machine::adopt_outcomes() {
  if (uncounted_) state_.mid_assigned = *uncounted_ - 1;
  uncounted_.reset();
  if (epoch_learnt_) state_.epoch = *epoch_learnt_;
  epoch_learnt_.reset();
}

}  // namespace convoy::sync::machine
