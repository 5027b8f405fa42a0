// {workspace|project|milestone|task} {list|show|create|update|move|delete}
#include <memory>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/display_text.h"
#include "cli/input.h"
#include "cli/list_view.h"
#include "cli/resource_spec.h"
#include "cli/row_json.h"
#include "cli/show_view.h"
#include "cli/task_view.h"
#include "cli/times.h"
#include "memory/context_service.h"

namespace convoy::cli {
namespace {

using memory::Entity;

struct ResourceOptions {
  Entity entity = Entity::Task;
  std::string id;
  std::string parent;
  std::vector<std::pair<const FieldOption*, std::string>> fields;  // In the order given.
  memory::Filter filter;
  std::string sort;
  bool is_descending = false;
  bool lists_all = false;
  bool is_confirmed = false;
};

using SharedOptions = std::shared_ptr<ResourceOptions>;

std::string quoted(Entity entity, const Record& record) {
  const auto& about = memory::info(entity);
  return std::string(about.noun) + " \"" + printable(record.text(about.label)) + "\"";
}

Result<Value> field_value(const Context& context, const FieldOption& option,
                          const std::string& given) {
  if (given.empty() && !option.is_required) return Value(Null{});
  if (option.kind == FieldKind::Time) {
    CONVOY_TRY(const double time, parse_time(given));
    return Value(time);
  }
  if (option.kind != FieldKind::Long && option.kind != FieldKind::Json) return Value(given);
  CONVOY_TRY(std::string text, long_text(context, given));
  return Value(std::move(text));
}

Result<Fields> field_values(const Context& context, const ResourceOptions& options) {
  Fields fields;
  for (const auto& [option, given] : options.fields) {
    CONVOY_TRY(Value value, field_value(context, *option, given));
    fields.emplace_back(option->column, std::move(value));
  }
  return fields;
}

// What people scroll back to. Whoever wants more says so.
constexpr std::int64_t kListedMax = 100;

// "status,-updated_at": a dash means the largest or latest first, --desc the same for all.
std::vector<Order> order_of(const ResourceOptions& options) {
  std::vector<Order> order;
  if (options.sort.empty()) {
    if (options.is_descending) order.push_back(desc("created_at"));
    return order;
  }
  for (auto& column : comma_separated(options.sort)) {
    const bool has_dash = column.starts_with('-');
    if (has_dash) column.erase(0, 1);
    order.push_back({.column = std::move(column), .descending = has_dash != options.is_descending});
  }
  return order;
}

Result<ExitCode> list(Context& context, const ResourceOptions& options) {
  CONVOY_TRY(memory::Bank bank, context.bank());
  auto filter = options.filter;
  filter.order = order_of(options);
  const bool is_page = !context.is_json() && context.streams().out_is_terminal && !filter.limit &&
                       !options.lists_all;
  if (is_page) filter.limit = kListedMax;
  CONVOY_TRY(const auto records, bank.list(options.entity, filter));
  if (context.is_json()) {
    context.print_json(to_json(records));
    return ExitCode::Ok;
  }
  CONVOY_TRY(const auto text, list_view(bank, options.entity, records, page_of(context)));
  context.print(text);
  if (!is_page || records.size() < static_cast<std::size_t>(kListedMax)) return ExitCode::Ok;
  CONVOY_TRY(const auto count, bank.count(options.entity, filter));
  if (count > kListedMax) {
    context.print("… and " + std::to_string(count - kListedMax) + " more: --all or --limit N\n");
  }
  return ExitCode::Ok;
}

Result<ExitCode> show(Context& context, const ResourceOptions& options) {
  CONVOY_TRY(memory::Bank bank, context.bank());
  CONVOY_TRY(const Record record, bank.find(options.entity, options.id, memory::Guess::Likely));
  if (context.is_json()) {
    context.print_json(to_json(record));
    return ExitCode::Ok;
  }
  const auto page = page_of(context);
  CONVOY_TRY(auto text, show_view(bank, options.entity, record, page));
  if (options.entity == Entity::Task) {
    memory::ContextService service(bank.database(), *context.environment().clock, nullptr);
    CONVOY_TRY(const auto surroundings, service.task_context(record.id));
    text += task_sections(surroundings, page);
  }
  context.print(text);
  return ExitCode::Ok;
}

// With --quiet only the id, for scripts.
ExitCode print_written(const Context& context, Entity entity, const Record& record,
                       std::string_view verb) {
  if (context.is_json()) {
    context.print_json(to_json(record));
  } else if (context.is_quiet()) {
    context.print(record.id + "\n");
  } else {
    context.print(std::string(verb) + " " + quoted(entity, record) + " (" +
                  memory::short_id(record.id) + ").\n");
  }
  return ExitCode::Ok;
}

Result<ExitCode> create(Context& context, const ResourceOptions& options) {
  CONVOY_TRY(Fields fields, field_values(context, options));
  CONVOY_TRY(memory::Bank bank, context.bank());
  CONVOY_TRY(const Record record, bank.create(options.entity, std::move(fields)));
  return print_written(context, options.entity, record, "Created");
}

Result<ExitCode> update(Context& context, const ResourceOptions& options) {
  if (options.fields.empty()) {
    const auto noun = std::string(memory::info(options.entity).noun);
    return Error{.code = ErrorCode::InvalidArgument,
                 .message = "there is nothing to change",
                 .hint = "See `convoy " + noun + " update --help`."};
  }
  CONVOY_TRY(Fields fields, field_values(context, options));
  CONVOY_TRY(memory::Bank bank, context.bank());
  CONVOY_TRY(const Record record, bank.update(options.entity, options.id, std::move(fields)));
  return print_written(context, options.entity, record, "Updated");
}

Result<ExitCode> move(Context& context, const ResourceOptions& options) {
  CONVOY_TRY(memory::Bank bank, context.bank());
  CONVOY_TRY(const Record record, bank.move(options.entity, options.id, options.parent));
  return print_written(context, options.entity, record, "Moved");
}

std::string in_words(const memory::Descendants& below) {
  std::string text;
  for (const auto& [count, noun] : {std::pair{below.projects, "project"},
                                    {below.milestones, "milestone"},
                                    {below.tasks, "task"}}) {
    if (count == 0) continue;
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + noun;
    if (count != 1) text += "s";
  }
  return text;
}

// Somebody at a terminal is asked; a script must say so if more than the record itself goes.
Status check_deletion(const Context& context, Entity entity, const Record& record,
                      const memory::Descendants& below) {
  const auto what = quoted(entity, record);
  if (context.can_ask()) {
    const auto with = below.total() > 0 ? " with " + in_words(below) : "";
    CONVOY_TRY(const bool is_yes, confirm(context, "Delete " + what + with + "?"));
    if (is_yes) return ok_status();
    return Error{.code = ErrorCode::Cancelled, .message = "nothing was deleted"};
  }
  if (below.total() == 0) return ok_status();
  return Error{.code = ErrorCode::InvalidArgument,
               .message = "deleting " + what + " would delete " + in_words(below) + " with it",
               .hint = "If that is meant, add --yes."};
}

Result<ExitCode> remove(Context& context, const ResourceOptions& options) {
  CONVOY_TRY(memory::Bank bank, context.bank());
  CONVOY_TRY(const Record record, bank.find(options.entity, options.id));
  if (!options.is_confirmed) {
    CONVOY_TRY(const auto below, bank.descendants(options.entity, record.id));
    CONVOY_CHECK_OK(check_deletion(context, options.entity, record, below));
  }
  CONVOY_TRY(const std::int64_t deleted, bank.remove(options.entity, record.id));
  if (context.is_json()) {
    base::Json json;
    json.set("deleted", deleted);
    context.print_json(json);
  } else if (!context.is_quiet()) {
    const auto more = deleted > 1 ? " and " + std::to_string(deleted - 1) + " rows with it" : "";
    context.print("Deleted " + quoted(options.entity, record) + more + ".\n");
  }
  return ExitCode::Ok;
}

void add_id(CLI::App& command, const SharedOptions& options) {
  command
      .add_option("id", options->id,
                  "Its id, a beginning or end of 4 or more of it, or words of its name")
      ->type_name("ID")
      ->required();
}

void add_fields(CLI::App& command, const SharedOptions& options, bool is_create) {
  for (const auto& field : field_options(options->entity)) {
    std::string help(field.help);
    if (!is_create && !field.is_required) help += "; \"\" clears it";
    auto* option = command.add_option_function<std::string>(
        std::string(field.flag),
        [options, &field](const std::string& given) {
          options->fields.emplace_back(&field, given);
        },
        help);
    option->type_name(std::string(field.type));
    if (is_create && field.is_required) option->required();
  }
}

void add_task_filters(CLI::App& command, const SharedOptions& options) {
  command
      .add_option_function<std::string>(
          "--parent",
          [options](const std::string& id) {
            options->filter.parent_task = id == "none" ? "" : id;
          },
          "Only subtasks of this task; none: only tasks that are no subtasks")
      ->type_name("ID");
  command
      .add_option_function<std::string>(
          "--stage",
          [options](const std::string& stages) {
            options->filter.stages = comma_separated(stages);
          },
          "Only these stages, separated by commas")
      ->type_name("STAGE");
  command.add_flag("--ready", options->filter.is_ready,
                   "Only what is not done and waits for nothing that is not done");
}

void add_filters(CLI::App& command, const SharedOptions& options) {
  const auto& about = memory::info(options->entity);
  for (auto above = about.parent; above; above = memory::info(*above).parent) {
    const auto noun = std::string(memory::info(*above).noun);
    command
        .add_option_function<std::string>(
            "--" + noun,
            [options, above = *above](const std::string& id) {
              options->filter.within.emplace_back(above, id);
            },
            "Only in this " + noun)
        ->type_name("ID");
  }
  if (!about.statuses.empty()) {
    command
        .add_option_function<std::string>(
            "--status",
            [options](const std::string& words) {
              options->filter.statuses = comma_separated(words);
            },
            "Only these statuses, separated by commas")
        ->type_name("STATUS");
  }
  if (options->entity == Entity::Task) add_task_filters(command, options);
  command
      .add_option_function<std::int64_t>(
          "--limit", [options](const std::int64_t& limit) { options->filter.limit = limit; },
          "At most so many")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  command.add_flag("--all", options->lists_all, "All, also at a terminal, which shows 100");
  command.add_option("--search", options->filter.words, "Only with all of these words in it")
      ->type_name("WORDS");
  command
      .add_option("--sort", options->sort,
                  "Order by these columns, separated by commas (default: created_at); -COLUMN: "
                  "largest first")
      ->type_name("COLUMN");
  command.add_flag("--desc", options->is_descending, "Largest or latest first");
}

using Work = Result<ExitCode> (*)(Context&, const ResourceOptions&);

// Adds a command that does `work` with the options it has collected.
std::pair<CLI::App*, SharedOptions> add_command(CLI::App& group, Action& action, Entity entity,
                                                const char* name, const std::string& help,
                                                Work work) {
  auto options = std::make_shared<ResourceOptions>();
  options->entity = entity;
  auto* command = group.add_subcommand(name, help);
  command->callback([&action, options, work] {
    action = [options, work](Context& context) { return work(context, *options); };
  });
  return {command, options};
}

void add_resource(CLI::App& app, Action& action, Entity entity) {
  const auto& about = memory::info(entity);
  const auto noun = std::string(about.noun);
  const auto table = std::string(about.table);
  auto* group = app.add_subcommand(noun, "List, show, create, update and delete " + table);
  group->require_subcommand(1);

  const auto [list_command, listed] =
      add_command(*group, action, entity, "list", "List " + table, list);
  add_filters(*list_command, listed);
  const auto [show_command, shown] =
      add_command(*group, action, entity, "show", "Show one " + noun + " and what it holds", show);
  add_id(*show_command, shown);
  const auto [create_command, created] =
      add_command(*group, action, entity, "create", "Create a " + noun, create);
  add_fields(*create_command, created, true);
  const auto [update_command, updated] =
      add_command(*group, action, entity, "update", "Change a " + noun, update);
  add_id(*update_command, updated);
  add_fields(*update_command, updated, false);
  if (about.parent) {
    const auto above = std::string(memory::info(*about.parent).noun);
    const auto [move_command, moved] =
        add_command(*group, action, entity, "move",
                    "Put a " + noun + ", with all it holds, into another " + above, move);
    add_id(*move_command, moved);
    move_command->add_option("--" + above, moved->parent, "The " + above + " it shall lie in")
        ->type_name("ID")
        ->required();
  }
  const auto [delete_command, deleted] = add_command(
      *group, action, entity, "delete", "Delete a " + noun + " and all it holds", remove);
  add_id(*delete_command, deleted);
  delete_command->add_flag("-y,--yes", deleted->is_confirmed, "Do not ask");
  if (entity == Entity::Task) add_task_commands(*group, action);
}

}  // namespace

void add_resource_commands(CLI::App& app, Action& action) {
  for (const Entity entity : memory::kEntities) add_resource(app, action, entity);
}

}  // namespace convoy::cli
