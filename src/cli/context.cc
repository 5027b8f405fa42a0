#include "cli/context.h"

#include <ostream>
#include <utility>

#include "cli/display_text.h"
#include "cli/row_json.h"

namespace convoy::cli {

Style Context::style(bool is_terminal) const {
  return Style(is_terminal && !options_.has_no_color &&
               environment_->variable("NO_COLOR").empty() &&
               environment_->variable("TERM") != "dumb");
}

Result<std::string> Context::home() const {
  if (!options_.home.empty()) return options_.home;
  if (auto home = environment_->variable("CONVOY_HOME"); !home.empty()) return home;
  if (auto data = environment_->variable("XDG_DATA_HOME"); !data.empty()) return data + "/convoy";
  if (auto user = environment_->variable("HOME"); !user.empty()) {
    return user + "/.local/share/convoy";
  }
  return Error{.code = ErrorCode::InvalidArgument,
               .message = "there is no home directory to keep data in",
               .hint = "Say where with --home DIR or the variable CONVOY_HOME."};
}

Result<Device*> Context::device() {
  if (device_ == nullptr) {
    CONVOY_TRY(const std::string folder, home());
    CONVOY_TRY(device_, environment_->open_device(folder));
  }
  return device_.get();
}

Result<memory::Bank> Context::bank() {
  CONVOY_TRY(Device * opened, device());
  CONVOY_TRY(Database * database, opened->database());
  return memory::Bank(*database, *environment_->clock, actor());
}

memory::Actor Context::actor() const {
  auto agent = environment_->variable("CONVOY_AGENT");
  if (agent.empty()) return {};
  return {.kind = memory::ActorKind::Agent, .name = std::move(agent)};
}

void Context::print(std::string_view text) const { *streams().out << text; }

// One line for programs, many for people who look at it.
void Context::print_json(const base::Json& json) const {
  *streams().out << (streams().out_is_terminal ? json.dump_pretty() : json.dump()) << '\n';
}

void Context::note(std::string_view line) const {
  if (is_quiet() || is_json()) return;
  *streams().err << line << '\n';
}

void Context::report(const Error& error) const {
  if (is_json()) {
    print_json(to_json(error));
    return;
  }
  const Style style = err_style();
  *streams().err << style(Ink::Red, "convoy:") << ' ' << printable(error.message) << '\n';
  if (!error.hint.empty()) *streams().err << "  " << printable(error.hint) << '\n';
}

}  // namespace convoy::cli
