// watch.
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <ostream>
#include <string>
#include <thread>

#include "base/environment.h"
#include "cli/commands.h"
#include "cli/display_text.h"
#include "cli/interrupt.h"
#include "cli/status_view.h"

namespace convoy::cli {
namespace {

constexpr int kPollMaxS = 86'400;
// How soon Ctrl-C is seen.
constexpr std::chrono::milliseconds kInterruptPoll{50};

// Shows each status that differs, on the thread that it is told on.
class Watch {
 public:
  explicit Watch(const Context& context) : context_(&context) {}

  void show(const Result<SyncStatus>& status) {
    const std::lock_guard lock(mutex_);
    if (!status.ok()) {
      if (!error_) error_ = status.error();
      return;
    }
    if (context_->is_json()) {
      *context_->streams().out << to_json(*status) << "\n" << std::flush;
      return;
    }
    const auto& streams = context_->streams();
    auto line = status_line(
        *status,
        {.columns = streams.columns, .style = context_->out_style(), .now_ms = context_->now_ms()});
    if (line == shown_) return;
    // On a terminal the line replaces itself.
    *streams.out << (streams.out_is_terminal ? "\r" : "") << line
                 << (streams.out_is_terminal ? "\x1b[K" : "\n") << std::flush;
    shown_ = std::move(line);
  }

  void end() {
    const std::lock_guard lock(mutex_);
    if (context_->streams().out_is_terminal && !shown_.empty()) context_->print("\n");
  }

  [[nodiscard]] std::optional<Error> error() {
    const std::lock_guard lock(mutex_);
    return error_;
  }

 private:
  const Context* context_;
  std::mutex mutex_;
  std::string shown_;
  std::optional<Error> error_;
};

struct WatchOptions {
  bool only_looks = false;
  int poll_s = 0;  // 0: as usual.
};

BackgroundOptions background_of(const WatchOptions& options) {
  BackgroundOptions background;
  if (options.poll_s > 0) background.poll_interval = std::chrono::seconds(options.poll_s);
  return background;
}

Result<ExitCode> watch(Context& context, const WatchOptions& options) {
  CONVOY_TRY(Device * device, context.device());
  base::Cancellation cancellation;
  Watch watch(context);
  const InterruptGuard guard(cancellation);
  if (!options.only_looks) CONVOY_CHECK_OK(device->start(background_of(options)));
  {
    const auto subscription =
        device->observe_status([&watch](const Result<SyncStatus>& status) { watch.show(status); });
    while (!cancellation.is_cancelled() && !watch.error()) {
      std::this_thread::sleep_for(kInterruptPoll);
    }
  }
  device->stop();
  watch.end();
  if (auto error = watch.error()) return *std::move(error);
  return ExitCode::Ok;
}

}  // namespace

void add_watch_commands(CLI::App& app, Action& action) {
  auto* command =
      app.add_subcommand("watch", "Sync whenever there is a reason to, and show how things stand");
  const auto options = std::make_shared<WatchOptions>();
  command->add_flag("--no-sync", options->only_looks, "Only show what another process does");
  command
      ->add_option("--poll", options->poll_s,
                   "Without Realtime, ask around every N seconds (default: 60)")
      ->type_name("N")
      ->check(CLI::Range(1, kPollMaxS));
  command->callback([&action, options] {
    action = [options](Context& context) { return watch(context, *options); };
  });
}

}  // namespace convoy::cli
