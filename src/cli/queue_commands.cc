// queue {list|show|retry|edit|discard|undo|export}
#include <memory>
#include <utility>
#include <vector>

#include "base/json.h"
#include "cli/change_view.h"
#include "cli/commands.h"
#include "cli/display_text.h"
#include "cli/files.h"
#include "cli/input.h"
#include "cli/row_json.h"
#include "cli/typed_text.h"
#include "schema/suggest.h"

namespace convoy::cli {
namespace {

using Numbers = std::vector<std::int64_t>;

struct QueueOptions {
  std::int64_t number = 0;
  bool has_number = false;
  bool is_confirmed = false;
  bool is_dry_run = false;
  std::string record;
  std::vector<std::string> assignments;
  std::vector<std::string> nulls;
  std::string output;
};

using SharedOptions = std::shared_ptr<QueueOptions>;

Result<Outbox> open_outbox(Context& context) {
  CONVOY_TRY(Device * device, context.device());
  CONVOY_TRY(Database * database, device->database());
  return Outbox(*database);
}

Result<ExitCode> list(Context& context) {
  CONVOY_TRY(auto outbox, open_outbox(context));
  CONVOY_TRY(const auto entries, outbox.list());
  if (!context.is_json()) {
    context.print(view(entries, page_of(context)));
    return ExitCode::Ok;
  }
  base::Json::Array all;
  for (const auto& entry : entries) all.push_back(embedded(to_json(entry)));
  context.print_json(base::Json(std::move(all)));
  return ExitCode::Ok;
}

Result<ExitCode> show(Context& context, const QueueOptions& options) {
  CONVOY_TRY(auto outbox, open_outbox(context));
  CONVOY_TRY(const auto entry, outbox.find(options.number));
  if (context.is_json()) {
    context.print_json(embedded(to_json(entry)));
  } else {
    context.print(details_view(entry, page_of(context)));
  }
  return ExitCode::Ok;
}

std::string in_words(const Numbers& numbers) {
  std::string text;
  for (const auto number : numbers) text += (text.empty() ? "" : ", ") + std::to_string(number);
  return (numbers.size() == 1 ? "change " : "changes ") + text;
}

// {"<what>": [numbers]}, or a line: "Retried change 3."
void report(Context& context, const char* what, const std::string& verb, const Numbers& numbers) {
  if (context.is_json()) {
    base::Json::Array list;
    for (const auto number : numbers) list.emplace_back(number);
    base::Json json;
    json.set(what, std::move(list));
    context.print_json(json);
  } else if (!context.is_quiet()) {
    context.print(verb + " " + in_words(numbers) + ".\n");
  }
}

Result<ExitCode> retry(Context& context, const QueueOptions& options) {
  CONVOY_TRY(auto outbox, open_outbox(context));
  CONVOY_TRY(const auto numbers, outbox.retry(options.number));
  report(context, "retried", "To be sent again:", numbers);
  return ExitCode::Ok;
}

// The only record whose values the change sets. Errors: Ambiguous, NotFound.
Result<std::pair<std::string, std::string>> record_of(const QueueEntry& entry,
                                                      const std::string& given) {
  std::vector<std::pair<std::string, std::string>> fitting;
  const auto operations = embedded(entry.operations);
  for (const auto& operation :
       operations.array() == nullptr ? base::Json::Array() : *operations.array()) {
    const auto* table = operation.find("table");
    const auto* id = operation.find("id");
    if (operation.find("values") == nullptr || table == nullptr || id == nullptr) continue;
    if (table->string() == nullptr || id->string() == nullptr) continue;
    if (!given.empty() && !id->string()->ends_with(given) && !id->string()->starts_with(given)) {
      continue;
    }
    std::pair record(*table->string(), *id->string());
    if (fitting.empty() || fitting.back() != record) fitting.push_back(std::move(record));
  }
  if (fitting.size() == 1) return fitting.front();
  const auto name = "change " + std::to_string(entry.number);
  if (fitting.empty()) {
    return Error{.code = ErrorCode::NotFound,
                 .message = name + " sets no values" + (given.empty() ? "" : " of " + given),
                 .hint = "See convoy queue show " + std::to_string(entry.number) + "."};
  }
  return Error{.code = ErrorCode::Ambiguous,
               .message = name + " sets values of several records",
               .hint = "Say which with --record ID."};
}

Result<Fields> fields_of(const Table& table, const QueueOptions& options) {
  Fields fields;
  for (const auto& assignment : options.assignments) {
    const auto equals = assignment.find('=');
    if (equals == std::string::npos) {
      return Error{.code = ErrorCode::InvalidArgument,
                   .message = "--set wants COLUMN=VALUE, not \"" + assignment + "\"",
                   .hint = ""};
    }
    const auto name = assignment.substr(0, equals);
    const auto* column = table.find_column(name);
    if (column == nullptr) return schema::unknown_column(table, name);
    CONVOY_TRY(auto value, typed_value(*column, assignment.substr(equals + 1)));
    fields.emplace_back(name, std::move(value));
  }
  for (const auto& name : options.nulls) fields.emplace_back(name, Null{});
  if (!fields.empty()) return fields;
  return Error{.code = ErrorCode::InvalidArgument,
               .message = "there is nothing to change",
               .hint = "Say what with --set COLUMN=VALUE or --null COLUMN."};
}

Result<ExitCode> edit(Context& context, const QueueOptions& options) {
  CONVOY_TRY(Device * device, context.device());
  CONVOY_TRY(Database * database, device->database());
  Outbox outbox(*database);
  CONVOY_TRY(const auto entry, outbox.find(options.number));
  CONVOY_TRY(const auto record, record_of(entry, options.record));
  const auto* table = database->schema().find_table(record.first);
  if (table == nullptr) return schema::unknown_table(database->schema(), record.first);
  CONVOY_TRY(auto fields, fields_of(*table, options));
  CONVOY_TRY(const auto numbers,
             outbox.edit(options.number, record.first, record.second, std::move(fields)));
  report(context, "retried", "To be sent again:", numbers);
  return ExitCode::Ok;
}

// Whether what goes along may go. Asks on a terminal. Errors: InvalidArgument, Cancelled.
Status confirm_dependents(Context& context, const QueueOptions& options,
                          const Numbers& dependents) {
  if (dependents.empty() || options.is_confirmed) return ok_status();
  const auto what = in_words(dependents) + (dependents.size() == 1 ? " rests" : " rest") + " on it";
  if (!context.can_ask()) {
    return Error{.code = ErrorCode::InvalidArgument,
                 .message = what + " and would go with it",
                 .hint = "Say --yes to give them up too, or --dry-run to look first."};
  }
  CONVOY_TRY(const bool yes, confirm(context, what + " and will go with it. Go on? [y/N] "));
  if (yes) return ok_status();
  return Error{.code = ErrorCode::Cancelled, .message = "nothing was changed"};
}

Result<ExitCode> discard(Context& context, const QueueOptions& options) {
  CONVOY_TRY(auto outbox, open_outbox(context));
  CONVOY_TRY(auto dependents, outbox.dependents(options.number));
  if (options.is_dry_run) {
    dependents.insert(dependents.begin(), options.number);
    report(context, "would_discard", "Would give up", dependents);
    return ExitCode::Ok;
  }
  CONVOY_CHECK_OK(confirm_dependents(context, options, dependents));
  CONVOY_TRY(const auto numbers, outbox.discard(options.number));
  report(context, "discarded", "Gave up", numbers);
  return ExitCode::Ok;
}

Result<ExitCode> undo(Context& context, const QueueOptions& options) {
  CONVOY_TRY(auto outbox, open_outbox(context));
  if (options.has_number) {
    CONVOY_TRY(const auto dependents, outbox.dependents(options.number));
    CONVOY_CHECK_OK(confirm_dependents(context, options, dependents));
  }
  const auto numbers = options.has_number ? outbox.undo(options.number) : outbox.undo_last();
  if (!numbers.ok()) return numbers.error();
  report(context, "undone", "Undid", *numbers);
  return ExitCode::Ok;
}

// The same with and without --json: its lines are JSON.
Result<ExitCode> export_lines(Context& context, const QueueOptions& options) {
  CONVOY_TRY(auto outbox, open_outbox(context));
  std::string text;
  CONVOY_CHECK_OK(outbox.export_lines([&](std::string_view line) -> Status {
    text.append(line).append("\n");
    return ok_status();
  }));
  if (options.output.empty()) {
    context.print(text);
    return ExitCode::Ok;
  }
  CONVOY_CHECK_OK(replace_file(options.output, text));
  context.note("Written to " + printable(options.output) + ".");
  return ExitCode::Ok;
}

CLI::App* add(CLI::App& group, Action& action, const char* name, const char* about,
              Result<ExitCode> (*run)(Context&, const QueueOptions&),
              const SharedOptions& options) {
  auto* command = group.add_subcommand(name, about);
  command->callback([&action, run, options] {
    action = [run, options](Context& context) { return run(context, *options); };
  });
  return command;
}

void add_number(CLI::App& command, const SharedOptions& options) {
  command.add_option("number", options->number, "Its number, as `convoy queue list` shows it")
      ->type_name("N")
      ->required();
}

}  // namespace

void add_queue_commands(CLI::App& app, Action& action) {
  auto* group = app.add_subcommand("queue", "Changes that the server has not got, or has refused");
  group->require_subcommand(0, 1);
  group->callback([&action, group] {
    if (group->get_subcommands().empty()) action = list;
  });
  group->add_subcommand("list", "All of them")->callback([&action] { action = list; });
  const auto options = std::make_shared<QueueOptions>();
  add_number(
      *add(*group, action, "show", "One with its values, and why it was refused", show, options),
      options);
  add_number(*add(*group, action, "retry", "Send a refused one again, with those that need it",
                  retry, options),
             options);
  auto* edit_command = add(*group, action, "edit",
                           "Change values of a refused one and send it again", edit, options);
  add_number(*edit_command, options);
  edit_command->add_option("--set", options->assignments, "A column's value; may be repeated")
      ->type_name("COLUMN=VALUE");
  edit_command->add_option("--null", options->nulls, "A column without a value; may be repeated")
      ->type_name("COLUMN");
  edit_command->add_option("--record", options->record, "Which record, if it changes several")
      ->type_name("ID");
  auto* discard_command =
      add(*group, action, "discard", "Give one up, with those that rest on it", discard, options);
  add_number(*discard_command, options);
  discard_command->add_flag("-y,--yes", options->is_confirmed, "Do not ask");
  discard_command->add_flag("--dry-run", options->is_dry_run, "Only say which would go");
  auto* undo_command =
      add(*group, action, "undo", "Take back the newest change that has not been sent, or this one",
          undo, options);
  undo_command
      ->add_option_function<std::int64_t>(
          "number",
          [options](const std::int64_t& number) {
            options->number = number;
            options->has_number = true;
          },
          "Its number")
      ->type_name("N");
  undo_command->add_flag("-y,--yes", options->is_confirmed, "Do not ask");
  auto* export_command =
      add(*group, action, "export", "All of them as lines of JSON", export_lines, options);
  export_command->add_option("-o,--output", options->output, "A file; else standard output")
      ->type_name("FILE");
}

}  // namespace convoy::cli
