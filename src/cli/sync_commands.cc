// sync, verify.
#include <algorithm>

#include "base/environment.h"
#include "cli/commands.h"
#include "cli/display_text.h"
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
  line += " (" + byte_count(report.bytes_up) + " up, " + byte_count(report.bytes_down) + " down, " +
          duration(took_ms) + ")\n";
  if (report.conflicts > 0) line += "What became of conflicts: convoy conflicts\n";
  if (report.parked > 0) line += "Why changes were refused: convoy queue\n";
  return line;
}

// Runs `work(on_progress, cancellation)` with its progress shown, until it ends or Ctrl-C is
// pressed.
template <class Work>
auto run_interruptibly(Context& context, base::Cancellation& cancellation, Work&& work) {
  ProgressBar bar(context);
  const InterruptGuard guard(cancellation);
  auto result = work([&bar](const SyncProgress& progress) { bar.show(progress); }, &cancellation);
  bar.clear();
  return result;
}

// What the user called off is no error, but said.
Result<ExitCode> failed(Context& context, const Error& error,
                        const base::Cancellation& cancellation) {
  if (error.code != ErrorCode::Cancelled || !cancellation.is_cancelled()) return error;
  context.report(error);
  return ExitCode::Interrupted;
}

// Programs get the report, people what is said of it.
template <class Report>
void print_report(Context& context, const Report& report, std::int64_t took_ms,
                  const std::string& words) {
  if (context.is_json()) {
    auto json = to_json(report);
    json.set("duration_ms", took_ms);
    context.print_json(json);
  } else if (!context.is_quiet()) {
    context.print(words);
  }
}

Result<ExitCode> sync(Context& context) {
  CONVOY_TRY(Device * device, context.device());
  const auto began = context.now_ms();
  base::Cancellation cancellation;
  const auto result =
      run_interruptibly(context, cancellation, [device](auto on_progress, auto* called_off) {
        return device->sync({.on_progress = on_progress, .cancellation = called_off});
      });
  if (!result.ok()) return failed(context, result.error(), cancellation);
  const auto took = context.now_ms() - began;
  print_report(context, *result, took, summary(*result, took));
  return result->parked > 0 ? ExitCode::Parked : ExitCode::Ok;
}

// --- verify

std::string words_of(const VerificationReport::Difference& difference) {
  std::string text = difference.table + " in " + difference.scope + ": " +
                     count_of(difference.rows_here, "row", "rows") + " here, " +
                     std::to_string(difference.rows_there) + " there; ";
  if (!difference.is_repaired) {
    return text + "still differs: its values can't be kept here as the server has them";
  }
  if (difference.rows_repaired == 0) return text + "fetched again";
  return text + count_of(difference.rows_repaired, "row", "rows") + " repaired";
}

std::string summary(const VerificationReport& report, std::int64_t took_ms) {
  std::string text;
  for (const auto& difference : report.differences) text += printable(words_of(difference)) + "\n";
  for (const auto& table : report.tables_left_out) {
    text += printable(table) + ": not compared, the server does not show it to you\n";
  }
  if (report.scopes_skipped > 0) {
    text += count_of(report.scopes_skipped, "part", "parts") +
            " kept changing and will be compared the next time\n";
  }
  text += report.differences.empty() ? "All the same as on the server" : "Compared with the server";
  return text + ": " + count_of(report.rows, "row", "rows") + " in " +
         count_of(report.scopes, "part", "parts") + " (" + byte_count(report.bytes_up) + " up, " +
         byte_count(report.bytes_down) + " down, " + duration(took_ms) + ")\n";
}

bool is_unrepaired(const VerificationReport::Difference& difference) {
  return !difference.is_repaired;
}

Result<ExitCode> verify(Context& context) {
  CONVOY_TRY(Device * device, context.device());
  const auto began = context.now_ms();
  base::Cancellation cancellation;
  const auto result =
      run_interruptibly(context, cancellation, [device](auto on_progress, auto* called_off) {
        return device->verify({.on_progress = on_progress, .cancellation = called_off});
      });
  if (!result.ok()) return failed(context, result.error(), cancellation);
  const auto took = context.now_ms() - began;
  print_report(context, *result, took, summary(*result, took));
  return std::ranges::any_of(result->differences, is_unrepaired) ? ExitCode::Problems
                                                                 : ExitCode::Ok;
}

}  // namespace

void add_sync_commands(CLI::App& app, Action& action) {
  app.add_subcommand("sync", "Send what waits, fetch what changed")->callback([&action] {
    action = sync;
  });
  app.add_subcommand("verify", "Compare what is here with the server, and repair what differs")
      ->callback([&action] { action = verify; });
}

}  // namespace convoy::cli
