// conflicts {list|show|resolve}
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/json.h"
#include "cli/change_view.h"
#include "cli/commands.h"
#include "cli/input.h"
#include "cli/row_json.h"
#include "cli/typed_text.h"
#include "schema/suggest.h"

namespace convoy::cli {
namespace {

struct ConflictOptions {
  std::int64_t number = 0;
  bool is_open_only = false;
  bool is_mine = false;
  bool is_theirs = false;
  std::optional<std::string> value;
};

using SharedOptions = std::shared_ptr<ConflictOptions>;

Result<ExitCode> list(Context& context, const ConflictOptions& options) {
  CONVOY_TRY(Device * device, context.device());
  CONVOY_TRY(Database * database, device->database());
  ConflictFilter filter;
  if (options.is_open_only) filter.state = ConflictState::Open;
  CONVOY_TRY(const auto conflicts, ConflictLog(*database).list(filter));
  if (!context.is_json()) {
    context.print(view(conflicts, page_of(context)));
    return ExitCode::Ok;
  }
  base::Json::Array all;
  for (const auto& conflict : conflicts) all.push_back(embedded(to_json(conflict)));
  context.print_json(base::Json(std::move(all)));
  return ExitCode::Ok;
}

void print(Context& context, const ConflictInfo& conflict) {
  if (context.is_json()) {
    context.print_json(embedded(to_json(conflict)));
  } else {
    context.print(details_view(conflict, page_of(context)));
  }
}

Result<ExitCode> show(Context& context, const ConflictOptions& options) {
  CONVOY_TRY(Device * device, context.device());
  CONVOY_TRY(Database * database, device->database());
  CONVOY_TRY(const auto conflict, ConflictLog(*database).find(options.number));
  print(context, conflict);
  return ExitCode::Ok;
}

Status resolve_with(Context& context, Database& database, const ConflictOptions& options) {
  ConflictLog log(database);
  if (!options.value) {
    return log.resolve(options.number, options.is_mine ? Resolution::Mine : Resolution::Theirs);
  }
  CONVOY_TRY(const auto conflict, log.find(options.number));
  const auto* table = database.schema().find_table(conflict.table);
  if (table == nullptr) return schema::unknown_table(database.schema(), conflict.table);
  const auto* column = table->find_column(conflict.column);
  if (column == nullptr) return schema::unknown_column(*table, conflict.column);
  CONVOY_TRY(const auto text, long_text(context, *options.value));
  CONVOY_TRY(auto value, typed_value(*column, text));
  return log.resolve(options.number, std::move(value));
}

Result<ExitCode> resolve(Context& context, const ConflictOptions& options) {
  if (int{options.is_mine} + int{options.is_theirs} + int{options.value.has_value()} != 1) {
    return Error{.code = ErrorCode::InvalidArgument,
                 .message = "a conflict is resolved in one way",
                 .hint = "Say --mine, --theirs or --value VALUE."};
  }
  CONVOY_TRY(Device * device, context.device());
  CONVOY_TRY(Database * database, device->database());
  CONVOY_CHECK_OK(resolve_with(context, *database, options));
  if (context.is_json()) {
    CONVOY_TRY(const auto conflict, ConflictLog(*database).find(options.number));
    print(context, conflict);
  } else if (!context.is_quiet()) {
    context.print("Conflict " + std::to_string(options.number) + " is resolved.\n");
  }
  return ExitCode::Ok;
}

CLI::App* add(CLI::App& group, Action& action, const char* name, const char* about,
              Result<ExitCode> (*run)(Context&, const ConflictOptions&),
              const SharedOptions& options) {
  auto* command = group.add_subcommand(name, about);
  command->callback([&action, run, options] {
    action = [run, options](Context& context) { return run(context, *options); };
  });
  return command;
}

void add_number(CLI::App& command, const SharedOptions& options) {
  command.add_option("number", options->number, "Its number, as `convoy conflicts list` shows it")
      ->type_name("N")
      ->required();
}

}  // namespace

void add_conflict_commands(CLI::App& app, Action& action) {
  const auto options = std::make_shared<ConflictOptions>();
  auto* group = app.add_subcommand("conflicts", "Values on which this device and others disagreed");
  group->require_subcommand(0, 1);
  group->add_flag("--open", options->is_open_only, "Only those that wait for somebody to decide");
  group->callback([&action, group, options] {
    if (!group->get_subcommands().empty()) return;
    action = [options](Context& context) { return list(context, *options); };
  });
  add(*group, action, "list", "All of them", list, options)
      ->add_flag("--open", options->is_open_only, "Only those that wait for somebody to decide");
  add_number(*add(*group, action, "show", "Both values side by side", show, options), options);
  auto* resolve_command =
      add(*group, action, "resolve", "Decide one that is open", resolve, options);
  add_number(*resolve_command, options);
  resolve_command->add_flag("--mine", options->is_mine, "This device's value");
  resolve_command->add_flag("--theirs", options->is_theirs, "The server's value");
  resolve_command
      ->add_option("--value", options->value, "Another value; @FILE and - as for long text")
      ->type_name("VALUE");
}

}  // namespace convoy::cli
