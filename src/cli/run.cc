#include "cli/run.h"

#include <exception>
#include <utility>

#include "cli/context.h"
#include "cli/options.h"

namespace convoy::cli {
namespace {

ExitCode carry_out(const std::vector<std::string>& arguments, Environment& environment) {
  auto [options, invocation] = parse(arguments);
  Context context(environment, options);
  if (!invocation.ok()) {
    context.report(invocation.error());
    return exit_code(invocation.error().code);
  }
  if (!invocation->action) {
    context.print(invocation->text);
    return ExitCode::Ok;
  }
  auto result = invocation->action(context);
  if (result.ok()) return *result;
  context.report(result.error());
  return exit_code(result.error().code);
}

}  // namespace

int run(const std::vector<std::string>& arguments, Environment& environment) {
  try {
    return static_cast<int>(carry_out(arguments, environment));
  } catch (const std::exception& exception) {
    // Only the argument parser and the standard library throw; neither should here.
    Context(environment, {})
        .report({.code = ErrorCode::Internal, .message = exception.what(), .hint = ""});
    return static_cast<int>(ExitCode::Internal);
  }
}

}  // namespace convoy::cli
