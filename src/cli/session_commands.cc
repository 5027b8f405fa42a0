// init, login, logout.
#include <memory>

#include "cli/commands.h"
#include "cli/display_text.h"
#include "cli/input.h"

namespace convoy::cli {
namespace {

struct LoginOptions {
  std::string email;
  bool is_from_stdin = false;
  bool is_sign_up = false;
};

struct LogoutOptions {
  bool discards = false;
  bool keeps = false;
};

Result<ExitCode> init(Context& context, const ProjectInfo& project) {
  CONVOY_TRY(Device * device, context.device());
  CONVOY_CHECK_OK(device->configure(project));
  CONVOY_TRY(const SyncStatus status, device->status());
  CONVOY_TRY(const std::string home, context.home());
  const auto url = status.project_url.value_or(project.url);
  if (context.is_json()) {
    base::Json json;
    json.set("url", url);
    json.set("home", home);
    context.print_json(json);
  } else if (!context.is_quiet()) {
    context.print("This device belongs to " + printable(url) + " now; its data is kept in " +
                  printable(home) + ".\nNext: convoy login\n");
  }
  return ExitCode::Ok;
}

Result<ExitCode> login(Context& context, const LoginOptions& options) {
  CONVOY_TRY(Device * device, context.device());
  std::string email = options.email;
  if (email.empty()) {
    if (!context.can_ask() || options.is_from_stdin) {
      return Error{.code = ErrorCode::InvalidArgument,
                   .message = "there is no e-mail address and nobody to ask for it",
                   .hint = "Give it with --email."};
    }
    CONVOY_TRY(email, ask(context, "E-mail: "));
  }
  CONVOY_TRY(const std::string secret,
             password(context, options.is_from_stdin, options.is_sign_up));
  CONVOY_TRY(const UserInfo user,
             options.is_sign_up ? device->sign_up(email, secret) : device->sign_in(email, secret));
  if (context.is_json()) {
    base::Json person;
    person.set("id", user.id);
    person.set("email", user.email);
    base::Json json;
    json.set("user", std::move(person));
    context.print_json(json);
  } else if (!context.is_quiet()) {
    context.print("Signed in as " + printable(user.email) + ".\nNext: convoy sync\n");
  }
  return ExitCode::Ok;
}

Result<ExitCode> logout(Context& context, const LogoutOptions& options) {
  CONVOY_TRY(Device * device, context.device());
  CONVOY_TRY(const SyncStatus before, device->status());
  const auto pending = options.discards ? PendingWork::Discard
                       : options.keeps  ? PendingWork::Keep
                                        : PendingWork::Refuse;
  const auto status = device->sign_out(pending);
  bool is_server_told = true;
  if (!status.ok()) {
    // A server that can't be reached keeps nobody signed in.
    CONVOY_TRY(const SyncStatus after, device->status());
    const auto code = exit_code(status.error().code);
    const bool is_local = code != ExitCode::Offline && code != ExitCode::Server;
    if (is_local || !before.is_signed_in || after.is_signed_in) return status.error();
    is_server_told = false;
    context.note("The server could not be told: " + printable(status.error().message));
  }
  if (context.is_json()) {
    base::Json json;
    json.set("signed_out", true);
    json.set("server_told", is_server_told);
    context.print_json(json);
  } else if (!context.is_quiet()) {
    context.print("Signed out.\n");
  }
  return ExitCode::Ok;
}

}  // namespace

void add_session_commands(CLI::App& app, Action& action) {
  auto* init_command = app.add_subcommand("init", "Say which Supabase project this device uses");
  auto project = std::make_shared<ProjectInfo>();
  init_command->add_option("--url", project->url, "https://<ref>.supabase.co")
      ->type_name("URL")
      ->required();
  init_command->add_option("--key", project->api_key, "The project's publishable or anon key")
      ->type_name("KEY")
      ->required();
  init_command->callback([&action, project] {
    action = [project](Context& context) { return init(context, *project); };
  });

  auto* login_command = app.add_subcommand("login", "Sign in, or sign up");
  auto who = std::make_shared<LoginOptions>();
  login_command->add_option("--email", who->email, "E-mail address")->type_name("EMAIL");
  login_command->add_flag("--password-stdin", who->is_from_stdin,
                          "Read the password from standard input; else $CONVOY_PASSWORD is used, "
                          "or it is asked for");
  login_command->add_flag("--sign-up", who->is_sign_up, "Make a new account");
  login_command->callback(
      [&action, who] { action = [who](Context& context) { return login(context, *who); }; });

  auto* logout_command = app.add_subcommand("logout", "Sign out of this device");
  auto leaving = std::make_shared<LogoutOptions>();
  auto* discards = logout_command->add_flag("--discard-pending", leaving->discards,
                                            "Delete this device's data, unsent changes too");
  logout_command
      ->add_flag("--keep-data", leaving->keeps, "Keep this device's data for the next sign-in")
      ->excludes(discards);
  logout_command->callback([&action, leaving] {
    action = [leaving](Context& context) { return logout(context, *leaving); };
  });
}

}  // namespace convoy::cli
