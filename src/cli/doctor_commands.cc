// doctor.
#include <istream>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/display_text.h"
#include "cli/doctor.h"

#ifndef CONVOY_VERSION
#error "CONVOY_VERSION comes from CMakeLists.txt"
#endif

namespace convoy::cli {
namespace {

using base::Json;

struct DoctorOptions {
  bool has_key_on_stdin = false;
};

Json to_json(const std::vector<Finding>& findings) {
  Json::Array list;
  for (const auto& one : findings) {
    Json json;
    json.set("check", one.check);
    json.set("severity", to_string(one.severity));
    json.set("subject", one.subject.empty() ? Json() : Json(one.subject));
    json.set("message", one.message);
    json.set("fix", one.fix.empty() ? Json() : Json(one.fix));
    list.push_back(std::move(json));
  }
  Json json;
  json.set("worst", to_string(worst(findings)));
  json.set("findings", std::move(list));
  return json;
}

Ink ink_of(Severity severity) {
  switch (severity) {
    case Severity::Ok:
      return Ink::Green;
    case Severity::Note:
      return Ink::Cyan;
    case Severity::Warning:
      return Ink::Yellow;
    case Severity::Error:
      break;
  }
  return Ink::Red;
}

std::string view(const std::vector<Finding>& findings, const Style& style) {
  constexpr std::size_t kSeverityWidth = 9;
  std::size_t check_width = 0;
  for (const auto& one : findings) check_width = std::max(check_width, one.check.size());
  std::string text;
  for (const auto& one : findings) {
    std::string severity(to_string(one.severity));
    severity.resize(kSeverityWidth, ' ');
    std::string check = one.check;
    check.resize(check_width + 2, ' ');
    text += style(ink_of(one.severity), severity) + style(Ink::Bold, check);
    if (!one.subject.empty()) text += printable(one.subject) + ": ";
    text += printable(one.message) + "\n";
    if (one.fix.empty()) continue;
    text.append(kSeverityWidth + check_width + 2, ' ');
    text += style(Ink::Dim, "→ ") + printable(one.fix) + "\n";
  }
  return text;
}

// One line of standard input, or the variable; never an argument, which other programs could read.
Result<std::string> secret_key(const Context& context, const DoctorOptions& options) {
  if (!options.has_key_on_stdin) return context.environment().variable("CONVOY_SECRET_KEY");
  std::string key;
  std::getline(*context.streams().in, key);
  while (key.ends_with('\r') || key.ends_with(' ')) key.pop_back();
  if (!key.empty()) return key;
  return Error{.code = ErrorCode::InvalidArgument,
               .message = "standard input holds no secret key",
               .hint = "Pipe it in as a line."};
}

Result<ExitCode> doctor(Context& context, const DoctorOptions& options) {
  Examination examination{.now_ms = context.now_ms(), .version = CONVOY_VERSION, .secret_key = {}};
  CONVOY_TRY(examination.secret_key, secret_key(context, options));
  CONVOY_TRY(Device * device, context.device());
  const auto findings = examine(*device, examination);
  if (context.is_json()) {
    context.print_json(to_json(findings));
  } else {
    std::vector<Finding> shown;
    for (const auto& one : findings) {
      if (!context.is_quiet() || one.severity != Severity::Ok) shown.push_back(one);
    }
    context.print(view(shown, context.out_style()));
  }
  switch (worst(findings)) {
    case Severity::Ok:
    case Severity::Note:
      return ExitCode::Ok;
    case Severity::Warning:
      return ExitCode::Warnings;
    case Severity::Error:
      break;
  }
  return ExitCode::Problems;
}

}  // namespace

void add_doctor_commands(CLI::App& app, Action& action) {
  auto* command =
      app.add_subcommand("doctor", "What keeps this device from syncing, or will, and what to do");
  auto options = std::make_shared<DoctorOptions>();
  command->add_flag("--secret-key-stdin", options->has_key_on_stdin,
                    "For the project's owner: read a secret key from standard input and ask the "
                    "server's own doctor too; else $CONVOY_SECRET_KEY is used, if it is set");
  command->callback([&action, options] {
    action = [options](Context& context) { return doctor(context, *options); };
  });
}

}  // namespace convoy::cli
