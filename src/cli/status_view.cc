#include "cli/status_view.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "base/limits.h"
#include "cli/display_text.h"
#include "cli/progress.h"
#include "cli/row_json.h"
#include "cli/table_writer.h"
#include "cli/times.h"

namespace convoy::cli {
namespace {

constexpr std::size_t kNameWidth = 12;
constexpr std::size_t kLineWidth = 80;

std::string line(const Page& page, std::string_view name, const std::string& text) {
  std::string padded(name);
  padded.resize(kNameWidth, ' ');
  return page.style(Ink::Dim, padded) + text + "\n";
}

std::string count_of(std::int64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string when(std::int64_t time_ms, const Page& page) {
  const auto ago = age(time_ms, page.now_ms);
  return (ago == "now" ? "just now" : ago + " ago") + " (" +
         local_time(static_cast<double>(time_ms)) + ")";
}

std::string last_sync(const SyncStatus& status, const Page& page) {
  if (!status.last_sync) return "never";
  const auto& last = *status.last_sync;
  if (last.error_code.empty()) return when(last.finished_at_ms, page);
  std::string text = page.style(Ink::Red, "failed") + " " + when(last.finished_at_ms, page) + ": " +
                     printable(last.error_message);
  if (status.last_success_ms) {
    std::string indent(kNameWidth, ' ');
    text += "\n" + indent + "last went well " + when(*status.last_success_ms, page);
  }
  return text;
}

std::string who(const SyncStatus& status, const Page& page) {
  if (!status.user) return "nobody";
  auto email = printable(status.user->email);
  if (status.is_signed_in) return email;
  return page.style(Ink::Yellow, "signed out") + "; " + email + "'s data is here";
}

std::string waiting(const SyncStatus& status, const Page& page) {
  if (status.pending == 0) return "nothing";
  std::string text = page.style(Ink::Yellow, count_of(status.pending, "change"));
  if (status.oldest_pending_ms) {
    text += ", oldest " + when(*status.oldest_pending_ms, page);
  }
  return text;
}

std::int64_t count_backfilling(const SyncStatus& status) {
  return std::count_if(status.scopes.begin(), status.scopes.end(),
                       [](const ScopeStatus& scope) { return scope.is_backfilling; });
}

// Somebody syncs without being told to.
bool is_in_background(const SyncStatus& status) {
  return status.connection == Connection::Online || status.connection == Connection::Offline ||
         status.connection == Connection::Connecting;
}

Ink ink_of(Connection connection) {
  switch (connection) {
    case Connection::Online:
      return Ink::Green;
    case Connection::NeedsSignIn:
    case Connection::Blocked:
      return Ink::Red;
    case Connection::Offline:
    case Connection::Paused:
    case Connection::Connecting:
      return Ink::Yellow;
    case Connection::Off:
      break;
  }
  return Ink::Dim;
}

std::string words_of(Connection connection) {
  if (connection == Connection::NeedsSignIn) return "needs sign-in";
  if (connection == Connection::Off) return "not in the background";
  return std::string(to_string(connection));
}

std::string connection_of(const SyncStatus& status, const Page& page) {
  auto text = page.style(ink_of(status.connection), words_of(status.connection));
  if (status.realtime == Realtime::On) text += ", with Realtime";
  if (status.is_metered) text += ", metered";
  if (status.next_attempt_ms && *status.next_attempt_ms > page.now_ms) {
    text += ", next sync in " + duration(*status.next_attempt_ms - page.now_ms);
  }
  return text;
}

bool is_clock_wrong(const SyncStatus& status) {
  return std::chrono::milliseconds(std::abs(status.clock_offset_ms)) > limits::kClockOffsetMax;
}

std::string clock_warning(const SyncStatus& status) {
  return "this device's is " + duration(std::abs(status.clock_offset_ms)) +
         (status.clock_offset_ms > 0 ? " slow" : " fast") +
         "; which write is the last may be judged wrongly";
}

// What to do next, if there is something.
std::string next_step(const SyncStatus& status) {
  if (!status.project_url) return "convoy init --url URL --key KEY";
  if (!status.is_signed_in) return "convoy login";
  if (status.last_sync && !status.last_sync->error_hint.empty()) {
    return printable(status.last_sync->error_hint);
  }
  const bool is_done = status.last_sync && status.last_sync->error_code.empty() &&
                       status.pending == 0 && count_backfilling(status) == 0;
  return is_done || is_in_background(status) ? "" : "convoy sync";
}

// "ok; start over (horizon)".
std::string result_of(const SyncLogEntry& entry) {
  std::string text =
      entry.error_code.empty() ? "ok" : entry.error_code + ": " + entry.error_message;
  for (const auto& [step, cause] : entry.recoveries) {
    auto words = step;
    std::ranges::replace(words, '_', ' ');
    text += "; " + words;
    if (!cause.empty()) text += " (" + cause + ")";
  }
  return printable(text);
}

}  // namespace

std::string view(const SyncStatus& status, const Page& page) {
  std::string text =
      line(page, "Project", status.project_url ? printable(*status.project_url) : "not set up");
  text += line(page, "User", who(status, page));
  if (status.user) {
    text += line(page, "Syncing", connection_of(status, page));
    text += line(page, "Last sync", last_sync(status, page));
    text += line(page, "To send", waiting(status, page));
    std::string here = count_of(status.rows, "row");
    if (const auto missing = count_backfilling(status); missing > 0) {
      here += ", " + std::to_string(missing) + " of " +
              count_of(static_cast<std::int64_t>(status.scopes.size()), "part") +
              " still to be fetched";
    }
    text += line(page, "Here", here);
  }
  if (status.parked > 0) {
    text += line(page, "Refused",
                 page.style(Ink::Red, count_of(status.parked, "change")) + ", see convoy queue");
  }
  if (status.conflicts_open > 0) {
    text += line(page, "Undecided",
                 page.style(Ink::Yellow, count_of(status.conflicts_open, "value")) +
                     ", see convoy conflicts --open");
  }
  if (const auto settled = status.conflicts - status.conflicts_open; settled > 0) {
    text += line(page, "Conflicts", count_of(settled, "value") + " settled, see convoy conflicts");
  }
  for (const auto& table : status.stopped) {
    text += line(page, "Stopped",
                 page.style(Ink::Red, printable(table.name)) + ": " + printable(table.problem));
  }
  if (is_clock_wrong(status)) {
    text += line(page, "Clock", page.style(Ink::Yellow, clock_warning(status)));
  }
  if (status.verification) {
    const auto& found = *status.verification;
    text +=
        line(page, "Verified",
             when(found.finished_at_ms, page) +
                 (found.repaired > 0 ? ", " + count_of(found.repaired, "row") + " repaired" : "") +
                 (found.unrepaired > 0
                      ? ", " + page.style(Ink::Red, count_of(found.unrepaired, "table") +
                                                        " can't be kept as it is")
                      : ""));
  }
  if (const auto next = next_step(status); !next.empty()) text += line(page, "Next", next);
  return text;
}

std::string status_line(const SyncStatus& status, const Page& page) {
  auto text = page.style(ink_of(status.connection), words_of(status.connection));
  if (status.activity) {
    const auto columns = page.columns > 0 ? page.columns : kLineWidth;
    text += "  " + progress_line(status.activity->progress, columns / 2);
    if (status.activity->eta_ms) text += ", " + duration(*status.activity->eta_ms) + " left";
  } else if (status.last_sync && !status.last_sync->error_code.empty()) {
    text += "  " + printable(status.last_sync->error_message);
  } else if (status.last_success_ms) {
    text += "  synced at " + local_time(static_cast<double>(*status.last_success_ms));
  }
  if (status.pending > 0) text += "  " + std::to_string(status.pending) + " to send";
  if (status.parked > 0) text += "  " + std::to_string(status.parked) + " refused";
  if (status.realtime == Realtime::On) text += "  ⚡";
  return text;
}

std::string view(const std::vector<SyncLogEntry>& log, const Page& page) {
  if (log.empty()) return "Never synced.\n";
  std::vector<std::vector<Cell>> rows;
  rows.reserve(log.size());
  for (const auto& entry : log) {
    const bool is_good = entry.error_code.empty();
    rows.push_back({{local_time(static_cast<double>(entry.started_at_ms))},
                    {entry.cause},
                    {duration(entry.finished_at_ms - entry.started_at_ms)},
                    {std::to_string(entry.mutations_sent)},
                    {std::to_string(entry.rows_received)},
                    {byte_count(entry.bytes_up) + " / " + byte_count(entry.bytes_down), Ink::Dim},
                    {result_of(entry), is_good ? Ink::Green : Ink::Red}});
  }
  return write_table({{.title = "WHEN"},
                      {.title = "CAUSE"},
                      {.title = "TOOK", .is_right_aligned = true},
                      {.title = "SENT", .is_right_aligned = true},
                      {.title = "RECEIVED", .is_right_aligned = true},
                      {.title = "UP / DOWN", .is_dispensable = true},
                      {.title = "RESULT", .is_flexible = true}},
                     rows, page.columns, page.style);
}

}  // namespace convoy::cli
