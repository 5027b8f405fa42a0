// status, log.
#include <memory>

#include "cli/commands.h"
#include "cli/row_json.h"
#include "cli/status_view.h"

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
  auto* log = app.add_subcommand("log", "What became of the latest syncs");
  const auto count = std::make_shared<std::size_t>(kLogCount);
  log->add_option("--limit", *count, "At most so many")->type_name("N")->check(CLI::PositiveNumber);
  log->callback([&action, count] {
    action = [count](Context& context) { return print_log(context, *count); };
  });
}

}  // namespace convoy::cli
