// sync.
#include "base/environment.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/row_json.h"
#include "cli/times.h"

namespace convoy::cli {
namespace {

std::string count_of(std::int64_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

std::string summary(const SyncReport& report, std::int64_t took_ms) {
  std::string line;
  if (report.mutations_sent > 0) {
    line = "Sent " + count_of(report.mutations_sent, "change", "changes");
  }
  if (report.rows_received > 0) {
    line += (line.empty() ? "Received " : ", received ") +
            count_of(report.rows_received, "row", "rows");
  }
  if (line.empty()) line = "Up to date";
  if (report.conflicts > 0) line += ", " + count_of(report.conflicts, "conflict", "conflicts");
  if (report.parked > 0) line += ", " + count_of(report.parked, "change", "changes") + " refused";
  return line + " (" + byte_count(report.bytes_up) + " up, " + byte_count(report.bytes_down) +
         " down, " + duration(took_ms) + ")";
}

Result<ExitCode> sync(Context& context) {
  CONVOY_TRY(Device * device, context.device());
  base::Cancellation cancellation;
  ProgressBar bar(context);
  const auto began = context.now_ms();
  auto result = [&] {
    const InterruptGuard guard(cancellation);
    return device->sync({.on_progress = [&](const SyncProgress& progress) { bar.show(progress); },
                         .cancellation = &cancellation});
  }();
  bar.clear();
  if (!result.ok()) {
    if (result.error().code == ErrorCode::Cancelled && cancellation.is_cancelled()) {
      context.report(result.error());
      return ExitCode::Interrupted;
    }
    return result.error();
  }
  const auto took = context.now_ms() - began;
  if (context.is_json()) {
    auto json = to_json(*result);
    json.set("duration_ms", took);
    context.print_json(json);
  } else if (!context.is_quiet()) {
    context.print(summary(*result, took) + "\n");
    if (result->conflicts > 0) context.print("What became of conflicts: convoy conflicts\n");
    if (result->parked > 0) context.print("Why changes were refused: convoy queue\n");
  }
  return result->parked > 0 ? ExitCode::Parked : ExitCode::Ok;
}

}  // namespace

void add_sync_commands(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("sync", "Send what waits, fetch what changed");
  command->callback([&action] { action = sync; });
}

}  // namespace convoy::cli
