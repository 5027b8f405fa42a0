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
  const auto traffic_before = remote_->traffic();
  CONVOY_TRY(auto state, replica_->load());
  machine::Machine machine(*schema_, std::move(state));
  std::optional<Error> error;
  auto run = drive(machine, options, error);
  if (error) {
    run.error_code = to_string(error->code);
    run.error_message = error->message;
    run.error_hint = error->hint;
  }
  const auto traffic = remote_->traffic();
  const auto& progress = machine.progress();
  run.rows_received = progress.rows_received;
  run.mutations_sent = progress.mutations_sent;
  run.bytes_up = traffic.bytes_up - traffic_before.bytes_up;
  run.bytes_down = traffic.bytes_down - traffic_before.bytes_down;
  auto recorded = replica_->record_run(run);
  // The first error matters more than a history that could not be written.
  if (error) return *std::move(error);
  CONVOY_CHECK_OK(std::move(recorded));
  return progress;
}

store::SyncRun Engine::drive(machine::Machine& machine, const RunOptions& options,
                             std::optional<Error>& error) {
  store::SyncRun run{.started_at_ms = clock_->now_ms(),
                     .cause = std::string(to_string(options.cause))};
  auto since = run.started_at_ms;
  auto effect = machine.start();
  while (!std::holds_alternative<machine::Finish>(effect)) {
    if (options.on_progress) options.on_progress(machine.progress());
    auto& spent = time_of(machine.progress().phase, run);
    effect = machine.on(carry_out(effect, options));
    const auto now = clock_->now_ms();
    spent += now - since;
    since = now;
  }
  if (options.on_progress) options.on_progress(machine.progress());
  run.finished_at_ms = since;
  error = std::get<machine::Finish>(std::move(effect)).error;
  return run;
}

Event Engine::carry_out(const machine::Effect& effect, const RunOptions& options) {
  if (options.cancellation != nullptr && options.cancellation->is_cancelled()) {
    return machine::Failed{{.code = ErrorCode::Cancelled,
                            .message = "sync was stopped",
                            .hint = "Nothing is lost; the next sync goes on from here."}};
  }
  return std::visit(Overloaded{
                        [&](const machine::PreparePush& prepare) -> Event {
                          auto batch = replica_->prepare_push(prepare.count_max, prepare.bytes_max);
                          if (!batch.ok()) return machine::Failed{std::move(batch).error()};
                          return machine::PushPrepared{*std::move(batch)};
                        },
                        [&](const machine::Call& call) -> Event {
                          return machine::Replied{
                              remote_->call(call.function, call.request, options.cancellation)};
                        },
                        [&](const machine::ApplyOutcomes& apply) {
                          return applied_or_failed(
                              replica_->apply_outcomes(apply.outcomes, apply.server_time_ms));
                        },
                        [&](const machine::ApplyPage& apply) {
                          return applied_or_failed(replica_->apply_page(apply.page));
                        },
                        [&](const machine::Fork&) -> Event {
                          auto client_id = replica_->fork();
                          if (!client_id.ok()) return machine::Failed{std::move(client_id).error()};
                          return machine::Forked{*std::move(client_id)};
                        },
                        [&](const machine::StartOver& over) {
                          return applied_or_failed(replica_->start_over(over.epoch));
                        },
                        [](const machine::Finish&) -> Event { return machine::Applied{}; },
                    },
                    effect);
}

}  // namespace convoy::sync
