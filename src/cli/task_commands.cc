// task {stage|depend|undepend|comment}
#include <memory>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/display_text.h"
#include "cli/input.h"
#include "cli/row_json.h"

namespace convoy::cli {
namespace {

using memory::Entity;

struct TaskOptions {
  std::string task;
  std::string stage;
  std::string note;
  std::string text;
  std::vector<std::string> others;
  bool is_approved = false;
};

using Work = Result<ExitCode> (*)(Context&, const TaskOptions&);

std::string titled(const Record& task) {
  return "\"" + printable(task.text("title")) + "\" (" + memory::short_id(task.id) + ")";
}

// Somebody who sits there is asked instead of being told to say it again.
Result<memory::Approval> approval_of(Context& context, memory::Bank& bank, const Record& task,
                                     const TaskOptions& options) {
  if (options.is_approved) return memory::Approval::Given;
  const bool is_person = context.actor().kind == memory::ActorKind::Person;
  if (!is_person || !context.can_ask()) return memory::Approval::NotGiven;
  CONVOY_TRY(const bool is_needed, bank.needs_approval(task.id, options.stage));
  if (!is_needed) return memory::Approval::NotGiven;
  CONVOY_TRY(const bool is_yes, confirm(context, "Task " + titled(task) + " is at the checkpoint " +
                                                     printable(task.text("current_stage")) +
                                                     ". Do you approve that it goes on?"));
  return is_yes ? memory::Approval::Given : memory::Approval::NotGiven;
}

Result<ExitCode> stage(Context& context, const TaskOptions& options) {
  CONVOY_TRY(memory::Bank bank, context.bank());
  CONVOY_TRY(const Record before, bank.find(Entity::Task, options.task));
  CONVOY_TRY(const auto approval, approval_of(context, bank, before, options));
  CONVOY_TRY(const Record moved,
             bank.set_stage(before.id,
                            {.stage = options.stage, .approval = approval, .note = options.note}));
  if (context.is_json()) {
    context.print_json(to_json(moved));
  } else if (context.is_quiet()) {
    context.print(moved.id + "\n");
  } else {
    context.print("Task " + titled(moved) + ": " + printable(before.text("current_stage")) + " → " +
                  printable(moved.text("current_stage")) + ".\n");
  }
  return ExitCode::Ok;
}

Result<ExitCode> depend(Context& context, const TaskOptions& options) {
  CONVOY_TRY(memory::Bank bank, context.bank());
  CONVOY_TRY(const Record task, bank.find(Entity::Task, options.task));
  std::vector<Record> links;
  for (const auto& other : options.others) {
    CONVOY_TRY(auto link, bank.depend(task.id, other));
    links.push_back(std::move(link));
  }
  if (context.is_json()) {
    context.print_json(to_json(links));
    return ExitCode::Ok;
  }
  if (context.is_quiet()) return ExitCode::Ok;
  for (const auto& link : links) {
    CONVOY_TRY(const Record other, bank.find(Entity::Task, link.text("depends_on_task_id")));
    context.print("Task " + titled(task) + " waits for " + titled(other) + ".\n");
  }
  return ExitCode::Ok;
}

Result<ExitCode> undepend(Context& context, const TaskOptions& options) {
  CONVOY_TRY(memory::Bank bank, context.bank());
  CONVOY_TRY(const Record task, bank.find(Entity::Task, options.task));
  for (const auto& other : options.others) {
    CONVOY_CHECK_OK(bank.undepend(task.id, other));
  }
  const auto count = static_cast<std::int64_t>(options.others.size());
  if (context.is_json()) {
    base::Json json;
    json.set("removed", count);
    context.print_json(json);
  } else if (!context.is_quiet()) {
    context.print("Task " + titled(task) + " does not wait for " + (count == 1 ? "it" : "them") +
                  " any more.\n");
  }
  return ExitCode::Ok;
}

Result<ExitCode> comment(Context& context, const TaskOptions& options) {
  CONVOY_TRY(const std::string text, long_text(context, options.text));
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
    return Error{.code = ErrorCode::InvalidArgument,
                 .message = "the comment is empty",
                 .hint = "Give its text, @FILE, or - for standard input."};
  }
  CONVOY_TRY(memory::Bank bank, context.bank());
  base::Json details;
  details.set("text", text);
  CONVOY_TRY(const Record added, bank.add_activity(options.task, "COMMENT", details));
  if (context.is_json()) {
    context.print_json(to_json(added));
  } else if (context.is_quiet()) {
    context.print(added.id + "\n");
  } else {
    CONVOY_TRY(const Record task, bank.find(Entity::Task, added.text("task_id")));
    context.print("Commented on task " + titled(task) + ".\n");
  }
  return ExitCode::Ok;
}

std::pair<CLI::App*, std::shared_ptr<TaskOptions>> add_command(CLI::App& group, Action& action,
                                                               const char* name, const char* help,
                                                               Work work) {
  auto options = std::make_shared<TaskOptions>();
  auto* command = group.add_subcommand(name, help);
  command
      ->add_option("task", options->task,
                   "The task: its id, a beginning or end of 4 or more of it, or words of its title")
      ->type_name("TASK")
      ->required();
  command->callback([&action, options, work] {
    action = [options, work](Context& context) { return work(context, *options); };
  });
  return {command, options};
}

void add_others(CLI::App& command, std::vector<std::string>& others, const char* help) {
  command.add_option("others", others, help)->type_name("OTHER")->required();
}

}  // namespace

void add_task_commands(CLI::App& task, Action& action) {
  const auto [stage_command, staged] =
      add_command(task, action, "stage", "Take a task to another stage of its workflow", stage);
  stage_command->add_option("stage", staged->stage, "Its name, or: next, previous")
      ->type_name("STAGE")
      ->required();
  stage_command->add_flag("--approve", staged->is_approved,
                          "A person approves it: needed to go on from a checkpoint");
  stage_command->add_option("--note", staged->note, "Kept with the change")->type_name("TEXT");

  const auto [depend_command, depending] =
      add_command(task, action, "depend", "Say that a task waits for others", depend);
  add_others(*depend_command, depending->others, "The tasks to be done first");
  const auto [undepend_command, undepending] =
      add_command(task, action, "undepend", "Say that a task waits for others no more", undepend);
  add_others(*undepend_command, undepending->others, "The tasks it need not wait for");
  const auto [comment_command, commented] =
      add_command(task, action, "comment", "Write something into a task's feed", comment);
  comment_command
      ->add_option("text", commented->text, "The text; @FILE reads a file, - standard input")
      ->type_name("TEXT")
      ->required();
}

}  // namespace convoy::cli
