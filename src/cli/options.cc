#include "cli/options.h"

#include <algorithm>

#include "base/text.h"
#include "cli/commands.h"
#include "schema/suggest.h"

#ifndef CONVOY_VERSION
#error "CONVOY_VERSION comes from CMakeLists.txt"
#endif

namespace convoy::cli {
namespace {

constexpr const char* kAbout =
    "Convoy: plans and tasks on your device, in step with a Supabase project.\n"
    "Everything but init, login, logout, sync, watch, devices, doctor and schema works without a "
    "network.";
constexpr const char* kFooter =
    "Begin with `convoy init --url URL --key KEY`, `convoy login` and `convoy sync`.\n"
    "`convoy COMMAND --help` explains a command; docs/reference/cli.md has them all, with exit "
    "codes.";

void build(CLI::App& app, GlobalOptions& options, Action& action) {
  app.description(kAbout);
  app.fallthrough();  // Inherited: global options may stand behind the command.
  app.require_subcommand(1);
  app.set_help_flag("-h,--help", "Explain the program or a command");
  app.set_version_flag("--version", "convoy " CONVOY_VERSION, "Show the version");
  app.add_option_function<std::string>(
         "--home", [&options](const std::string& home) { options.home = home; },
         "Folder of this device (default: $CONVOY_HOME, else $XDG_DATA_HOME/convoy, else "
         "~/.local/share/convoy)")
      ->type_name("DIR");
  app.add_flag("--json", options.is_json, "Print JSON for programs, errors too");
  app.add_flag("-q,--quiet", options.is_quiet, "Print results and errors only");
  app.add_flag("--no-color", options.has_no_color, "No colour; so does the variable NO_COLOR");
  add_session_commands(app, action);
  add_sync_commands(app, action);
  add_watch_commands(app, action);
  add_status_commands(app, action);
  add_queue_commands(app, action);
  add_conflict_commands(app, action);
  add_resource_commands(app, action);
  add_context_commands(app, action);
  add_schema_commands(app, action);
  add_device_commands(app, action);
  add_doctor_commands(app, action);
  app.footer(kFooter);  // Last: commands inherit what is there when they are added.
}

// "--title=" means an empty title; the parser would take the next argument instead.
std::vector<std::string> with_empty_values(const std::vector<std::string>& arguments) {
  std::vector<std::string> result;
  for (const auto& argument : arguments) {
    const auto equals = argument.find('=');
    if (argument.starts_with("--") && equals != std::string::npos &&
        equals + 1 == argument.size()) {
      result.push_back(argument.substr(0, equals));
      result.emplace_back();
    } else {
      result.push_back(argument);
    }
  }
  return result;
}

// The path of the command that was understood: "convoy task create".
std::string path_of(const CLI::App& app) {
  std::string path = "convoy";
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) {
    at = at->get_subcommands().back();
    path += " " + at->get_name();
  }
  return path;
}

// A word where a command should stand.
Error unknown_command(const CLI::App& app, const std::string& word) {
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().back();
  std::vector<std::string_view> known;
  const auto commands = at->get_subcommands([](const CLI::App*) { return true; });
  for (const auto* command : commands) known.emplace_back(command->get_name());
  const auto guess = schema::did_you_mean(word, known);
  return {.code = ErrorCode::InvalidArgument,
          .message = "`" + path_of(app) + "` has no command \"" + word + "\"",
          .hint = (guess.empty() ? "" : guess + " ") + "See `" + path_of(app) + " --help`."};
}

Error usage_error(const CLI::App& app, const CLI::ParseError& error) {
  std::string message = error.what();
  while (message.ends_with('\n') || message.ends_with('.')) message.pop_back();
  if (error.get_name() == "RequiredError" && message.starts_with("A subcommand")) {
    for (const auto& word : app.remaining(true)) {
      if (!word.starts_with('-')) return unknown_command(app, word);
    }
    message = "`" + path_of(app) + "` needs a command";
  }
  return {.code = ErrorCode::InvalidArgument,
          .message = std::move(message),
          .hint = "See `" + path_of(app) + " --help`."};
}

Result<Invocation> parse_with(const std::vector<std::string>& arguments, GlobalOptions& options) {
  for (const auto& argument : arguments) {
    CONVOY_CHECK_OK(base::check_text(argument, "an argument"));
  }
  Invocation invocation;
  CLI::App app("", "convoy");
  build(app, options, invocation.action);
  auto reversed = with_empty_values(arguments);
  std::reverse(reversed.begin(), reversed.end());  // As CLI11 wants them.
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    invocation.action = nullptr;
    invocation.text = app.help();
  } catch (const CLI::CallForVersion& version) {
    invocation.action = nullptr;
    invocation.text = std::string(version.what()) + "\n";
  } catch (const CLI::ParseError& error) {
    return usage_error(app, error);
  }
  invocation.options = options;
  return invocation;
}

void collect(const CLI::App& app, const std::string& path, std::vector<std::string>& names) {
  const auto below = app.get_subcommands([](const CLI::App*) { return true; });
  for (const auto* command : below) {
    collect(*command, path.empty() ? command->get_name() : path + " " + command->get_name(), names);
  }
  if (below.empty()) names.push_back(path);
}

}  // namespace

Parsed parse(const std::vector<std::string>& arguments) {
  GlobalOptions options;
  auto invocation = parse_with(arguments, options);
  // A command line that was not understood is still answered in the form it asks for.
  if (!invocation.ok()) {
    options.is_json = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
  }
  return {.options = std::move(options), .invocation = std::move(invocation)};
}

std::vector<std::string> command_names() {
  GlobalOptions options;
  Action action;
  CLI::App app("", "convoy");
  build(app, options, action);
  std::vector<std::string> names;
  collect(app, "", names);
  return names;
}

}  // namespace convoy::cli
