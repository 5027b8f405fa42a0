#include "sync/engine.h"

#include <utility>
#include <variant>

namespace convoy::sync {
namespace {

using machine::Event;

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

std::int64_t& time_of(machine::Progress::Phase phase, store::SyncRun& run) {
  if (phase == machine::Progress::Phase::Pushing) return run.push_ms;
  if (phase == machine::Progress::Phase::BackFilling) return run.back_fill_ms;
  return run.pull_ms;
}

Event applied_or_failed(Status status) {
  if (!status.ok()) return machine::Failed{std::move(status).error()};
  return machine::Applied{};
}

}  // namespace

Result<machine::Progress> Engine::run(const RunOptions& options) {
  CONVOY_CHECK_OK(start(options.cause));
  while (is_at_work()) {
    if (options.on_progress) options.on_progress(progress());
    step(options.cancellation);
  }
  if (options.on_progress) options.on_progress(progress());
  return finish();
}

Status Engine::start(machine::Cause cause) {
  run_ = {.started_at_ms = clock_->now_ms(), .cause = std::string(to_string(cause))};
  run_.finished_at_ms = run_.started_at_ms;
  traffic_before_ = remote_->traffic();
  CONVOY_TRY(auto state, replica_->load());
  machine_.emplace(*schema_, std::move(state));
  next_ = machine_->start();
  return ok_status();
}

void Engine::step(base::Cancellation* cancellation) {
  auto& spent = time_of(machine_->progress().phase, run_);
  auto event = carry_out(next_, cancellation);
  next_ = machine_->on(std::move(event));
  const auto now = clock_->now_ms();
  spent += now - run_.finished_at_ms;
  run_.finished_at_ms = now;
}

bool Engine::is_at_work() const { return !std::holds_alternative<machine::Finish>(next_); }

Result<machine::Progress> Engine::finish() {
  auto error = std::get<machine::Finish>(std::move(next_)).error;
  next_ = machine::Finish{};
  if (error) {
    run_.error_code = to_string(error->code);
    run_.error_message = error->message;
    run_.error_hint = error->hint;
  }
  const auto traffic = remote_->traffic();
  const auto& progress = machine_->progress();
  run_.rows_received = progress.rows_received;
  run_.mutations_sent = progress.mutations_sent;
  run_.recoveries = progress.recoveries;
  run_.bytes_up = traffic.bytes_up - traffic_before_.bytes_up;
  run_.bytes_down = traffic.bytes_down - traffic_before_.bytes_down;
  auto recorded = replica_->record_run(run_);
  // The first error matters more than a history that could not be written.
  if (error) return *std::move(error);
  CONVOY_CHECK_OK(std::move(recorded));
  return progress;
}

Event Engine::carry_out(const machine::Effect& effect, base::Cancellation* cancellation) {
  if (cancellation != nullptr && cancellation->is_cancelled()) {
    return machine::Failed{{.code = ErrorCode::Cancelled,
                            .message = "sync was stopped",
                            .hint = "Nothing is lost; the next sync goes on from here."}};
  }
  return std::visit(
      Overloaded{
          [&](const machine::PreparePush& prepare) -> Event {
            auto batch = replica_->prepare_push(prepare.count_max, prepare.bytes_max);
            if (!batch.ok()) return machine::Failed{std::move(batch).error()};
            return machine::PushPrepared{*std::move(batch)};
          },
          [&](const machine::Call& call) -> Event {
            return machine::Replied{remote_->call(call.function, call.request, cancellation)};
          },
          [&](const machine::ApplyOutcomes& apply) {
            return applied_or_failed(replica_->apply_outcomes(apply.outcomes, apply.answer));
          },
          [&](const machine::ApplyPage& apply) {
            return applied_or_failed(replica_->apply_page(apply.page));
          },
          [&](const machine::Fork&) -> Event {
            auto client_id = replica_->fork();
            if (!client_id.ok()) return machine::Failed{std::move(client_id).error()};
            return machine::Forked{*std::move(client_id)};
          },
          [&](const machine::Renumber& renumber) {
            return applied_or_failed(replica_->renumber(renumber.sender, renumber.mids));
          },
          [&](const machine::StartOver& over) {
            return applied_or_failed(replica_->start_over(over.epoch));
          },
          [](const machine::Finish&) -> Event { return machine::Applied{}; },
      },
      effect);
}

}  // namespace convoy::sync
