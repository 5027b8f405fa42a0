#include "cli/progress.h"

#include <algorithm>
#include <ostream>

#include "cli/display_text.h"

namespace convoy::cli {
namespace {

constexpr std::int64_t kRedrawMs = 80;
constexpr std::size_t kBarWidth = 24;
constexpr std::size_t kColumnsDefault = 80;
// To the start of the line, and erase what the new line does not cover.
constexpr std::string_view kLineStart = "\r";
constexpr std::string_view kEraseRest = "\x1b[K";

std::string phase_name(SyncPhase phase) {
  switch (phase) {
    case SyncPhase::SigningIn:
      return "Signing in";
    case SyncPhase::Pushing:
      return "Sending";
    case SyncPhase::Pulling:
    case SyncPhase::BackFilling:
      return "Receiving";
    case SyncPhase::Verifying:
      return "Comparing";
    case SyncPhase::Done:
      return "Done";
  }
  return "";
}

std::string bar(std::int64_t done, std::int64_t all) {
  const auto filled =
      static_cast<std::size_t>(static_cast<std::int64_t>(kBarWidth) * std::min(done, all) / all);
  std::string text;
  for (std::size_t i = 0; i < kBarWidth; ++i) text += i < filled ? "█" : "░";
  return text;
}

}  // namespace

std::string progress_line(const SyncProgress& progress, std::size_t columns) {
  const bool is_sending = progress.phase == SyncPhase::Pushing;
  const auto done = is_sending ? progress.mutations_sent : progress.rows_received;
  const auto all = is_sending ? progress.mutations_expected : progress.rows_expected;
  const std::string unit = is_sending ? " changes" : " rows";
  std::string line = phase_name(progress.phase);
  if (progress.phase == SyncPhase::SigningIn || progress.phase == SyncPhase::Done) return line;
  line.resize(std::max(line.size(), std::size_t{10}), ' ');
  if (all <= 0) {
    line += done > 0 ? " " + std::to_string(done) + unit : "";
    return shorten(line, columns);
  }
  const auto shown = std::min(done, all);
  const auto numbers = std::to_string(shown * 100 / all) + "%  " + std::to_string(shown) + "/" +
                       std::to_string(all) + unit;
  const auto with_bar = line + " " + bar(done, all) + "  " + numbers;
  return display_width(with_bar) <= columns ? with_bar : shorten(line + " " + numbers, columns);
}

void ProgressBar::show(const SyncProgress& progress) {
  if (context_->is_json() || context_->is_quiet()) return;
  const bool sends_nothing =
      progress.phase == SyncPhase::Pushing && progress.mutations_expected == 0;
  if (sends_nothing) return;
  const auto& streams = context_->streams();
  const auto phase = phase_name(progress.phase);
  if (!streams.err_is_terminal) {
    if (phase != phase_ && progress.phase != SyncPhase::Done) context_->note(phase + " …");
    phase_ = phase;
    return;
  }
  const auto now = context_->now_ms();
  const bool is_new_phase = phase != phase_;
  if (!is_new_phase && now - drawn_at_ms_ < kRedrawMs) return;
  // One column stays free: terminals wrap when the last one is written.
  const auto columns = streams.columns > 0 ? streams.columns : kColumnsDefault;
  const auto line = progress_line(progress, columns - 1);
  if (line == drawn_) return;
  *streams.err << kLineStart << line << kEraseRest << std::flush;
  drawn_ = line;
  drawn_at_ms_ = now;
  phase_ = phase;
}

void ProgressBar::clear() {
  if (drawn_.empty()) return;
  *context_->streams().err << kLineStart << kEraseRest << std::flush;
  drawn_.clear();
}

}  // namespace convoy::cli
