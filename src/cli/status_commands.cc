// status, log.
#include <memory>

#include "cli/change_view.h"
#include "cli/commands.h"
#include "cli/row_json.h"
#include "cli/status_view.h"
#include "convoy/outbox.h"

namespace convoy::cli {
namespace {

constexpr std::size_t kLogCount = 20;

Result<ExitCode> status(Context& context) {
  CONVOY_TRY(Device * device, context.device());
  CONVOY_TRY(const SyncStatus status, device->status());
  if (!context.is_json()) {
    context.print(view(status, page_of(context)));
    return ExitCode::Ok;
  }
  CONVOY_TRY(const std::string home, context.home());
  auto json = embedded(to_json(status));
  json.set("home", home);
  context.print_json(json);
  return ExitCode::Ok;
}

struct LogOptions {
  std::size_t count = kLogCount;
  std::int64_t write = 0;  // Its number; 0: the syncs.
};

Result<ExitCode> print_story(Context& context, std::int64_t number) {
  CONVOY_TRY(Device * device, context.device());
  CONVOY_TRY(auto* database, device->database());
  CONVOY_TRY(const auto story, Outbox(*database).story(number));
  if (context.is_json()) {
    context.print_json(embedded(to_json(story)));
  } else {
    context.print(view(story, page_of(context)));
  }
  return ExitCode::Ok;
}

Result<ExitCode> print_log(Context& context, std::size_t count) {
  CONVOY_TRY(Device * device, context.device());
  CONVOY_TRY(const auto log, device->log(count));
  if (!context.is_json()) {
    context.print(view(log, page_of(context)));
    return ExitCode::Ok;
  }
  base::Json::Array all;
  for (const auto& entry : log) all.push_back(to_json(entry));
  context.print_json(base::Json(std::move(all)));
  return ExitCode::Ok;
}

}  // namespace

void add_status_commands(CLI::App& app, Action& action) {
  app.add_subcommand("status", "How things stand on this device")->callback([&action] {
    action = status;
  });
  auto* log = app.add_subcommand("log", "What became of the latest syncs, or of one change");
  const auto options = std::make_shared<LogOptions>();
  log->add_option("--limit", options->count, "At most so many")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  log->add_option("--write", options->write, "The life of this change, by its number in the queue")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  log->callback([&action, options] {
    action = [options](Context& context) {
      return options->write > 0 ? print_story(context, options->write)
                                : print_log(context, options->count);
    };
  });
}

}  // namespace convoy::cli
