// run.h: the whole program but its surroundings.
#pragma once

#include <string>
#include <vector>

#include "cli/environment.h"

namespace convoy::cli {

// Does what `arguments` (without the program's name) say. The exit code, see exit_code.h.
int run(const std::vector<std::string>& arguments, Environment& environment);

}  // namespace convoy::cli
