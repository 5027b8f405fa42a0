// status, log, queue, conflicts.
#include <memory>

#include "cli/commands.h"
#include "cli/row_json.h"
#include "cli/status_view.h"

namespace convoy::cli {
namespace {

constexpr std::size_t kLogCount = 20;

Page page_of(const Context& context) {
  return {.columns = context.streams().columns,
          .style = context.out_style(),
          .now_ms = context.now_ms()};
}

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

template <class Entry>
Result<ExitCode> print_all(Context& context, const Result<std::vector<Entry>>& entries) {
  if (!entries.ok()) return entries.error();
  if (!context.is_json()) {
    context.print(view(*entries, page_of(context)));
    return ExitCode::Ok;
  }
  base::Json::Array all;
  for (const auto& entry : *entries) all.push_back(to_json(entry));
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
    action = [count](Context& context) -> Result<ExitCode> {
      CONVOY_TRY(Device * device, context.device());
      return print_all(context, device->log(*count));
    };
  });
  app.add_subcommand("queue", "Changes that the server has not got, or has refused")
      ->callback([&action] {
        action = [](Context& context) -> Result<ExitCode> {
          CONVOY_TRY(Device * device, context.device());
          return print_all(context, device->queue());
        };
      });
  app.add_subcommand("conflicts", "Values on which this device and others disagreed")
      ->callback([&action] {
        action = [](Context& context) -> Result<ExitCode> {
          CONVOY_TRY(Device * device, context.device());
          return print_all(context, device->conflicts());
        };
      });
}

}  // namespace convoy::cli
