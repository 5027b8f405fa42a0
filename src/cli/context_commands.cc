// context, search
#include <memory>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/input.h"
#include "cli/search_view.h"
#include "memory/context_json.h"
#include "memory/context_service.h"
#include "memory/render_markdown.h"

namespace convoy::cli {
namespace {

// The server, through this device.
class DeviceRows final : public memory::ServerRows {
 public:
  explicit DeviceRows(Device& device) : device_(&device) {}

  Result<base::Json> read(const std::string& table,
                          const memory::RowParameters& parameters) override {
    CONVOY_TRY(const auto text, device_->read_rows(table, parameters));
    return base::parse_json(text);
  }

 private:
  Device* device_;
};

struct ContextOptions {
  std::string task;
  std::string format = "md";
  std::string budget = "8k";
  bool is_local = false;
};

Result<ExitCode> show_context(Context& context, const ContextOptions& options) {
  CONVOY_TRY(const auto budget, memory::parse_budget(options.budget));
  CONVOY_TRY(Device * device, context.device());
  CONVOY_TRY(Database * database, device->database());
  DeviceRows server(*device);
  memory::ContextService service(*database, *context.environment().clock,
                                 options.is_local ? nullptr : &server);
  CONVOY_TRY(const auto found, service.task_context(options.task));
  if (context.is_json() || options.format == "json") {
    context.print_json(memory::to_json(found));
  } else {
    context.print(memory::to_markdown(found, {.budget = budget, .now_ms = context.now_ms()}));
  }
  return ExitCode::Ok;
}

struct SearchOptions {
  std::vector<std::string> words;
  std::vector<std::string> kinds;
  memory::SearchRequest request;
};

Result<ExitCode> search(Context& context, const SearchOptions& options) {
  auto request = options.request;
  for (const auto& word : options.words) {
    request.words += (request.words.empty() ? "" : " ") + word;
  }
  for (const auto& word : options.kinds) {
    CONVOY_TRY(const auto kind, memory::kind_of(word));
    request.kinds.push_back(kind);
  }
  CONVOY_TRY(memory::Bank bank, context.bank());
  CONVOY_TRY(const auto result, bank.search(std::move(request)));
  if (context.is_json()) {
    context.print_json(memory::to_json(result));
  } else {
    context.print(search_view(result, page_of(context)));
  }
  return ExitCode::Ok;
}

void add_context_command(CLI::App& app, Action& action) {
  auto options = std::make_shared<ContextOptions>();
  auto* command = app.add_subcommand(
      "context", "All that is worth knowing about a task, for a model or a program");
  command
      ->add_option("task", options->task,
                   "The task: its id, a beginning or end of 4 or more of it, or words of its title")
      ->type_name("TASK")
      ->required();
  command->add_option("--format", options->format, "md (default) or json, which --json means too")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"md", "json"}));
  command
      ->add_option("--budget", options->budget,
                   "How much Markdown at most: 8k (default) are about 8000 tokens, 32kb bytes")
      ->type_name("SIZE");
  command->add_flag("--local", options->is_local, "Never ask the server");
  command->callback([&action, options] {
    action = [options](Context& context) { return show_context(context, *options); };
  });
}

void add_search_command(CLI::App& app, Action& action) {
  auto options = std::make_shared<SearchOptions>();
  auto* command = app.add_subcommand("search", "Search the whole memory bank on this device");
  command
      ->add_option("words", options->words, "All of these; the last may be the beginning of a word")
      ->type_name("WORDS")
      ->required();
  command
      ->add_option_function<std::string>(
          "--kind",
          [options](const std::string& kinds) { options->kinds = comma_separated(kinds); },
          "Only these kinds, separated by commas: workspace, project, milestone, task, activity, "
          "workflow, pattern, best-practice")
      ->type_name("KIND");
  command
      ->add_option_function<std::string>(
          "--project",
          [options](const std::string& project) { options->request.project = project; },
          "Only in this project")
      ->type_name("ID");
  command
      ->add_option_function<std::string>(
          "--status",
          [options](const std::string& words) {
            options->request.statuses = comma_separated(words);
          },
          "Only these statuses, separated by commas")
      ->type_name("STATUS");
  command->add_option("--limit", options->request.limit, "At most so many (default: 20)")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  command->callback([&action, options] {
    action = [options](Context& context) { return search(context, *options); };
  });
}

}  // namespace

void add_context_commands(CLI::App& app, Action& action) {
  add_context_command(app, action);
  add_search_command(app, action);
}

}  // namespace convoy::cli
