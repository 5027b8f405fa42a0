// options.h: from arguments to what is to be done.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/context.h"
#include "cli/exit_code.h"

namespace convoy::cli {

using Action = std::function<Result<ExitCode>(Context&)>;

struct Invocation {
  GlobalOptions options;
  Action action;     // Empty if there is only text to be shown.
  std::string text;  // Help or version.
};

struct Parsed {
  GlobalOptions options;  // As far as they were understood.
  Result<Invocation> invocation;
};

// `arguments` without the program's name. Errors: InvalidArgument, InvalidText.
Parsed parse(const std::vector<std::string>& arguments);

// The paths of all commands, e.g. "task create".
std::vector<std::string> command_names();

}  // namespace convoy::cli
