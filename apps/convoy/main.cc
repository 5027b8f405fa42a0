#include <string>
#include <vector>

#include "cli/run.h"
#include "cli/system.h"

int main(int argc, char** argv) {
  convoy::cli::System system;
  auto environment = system.environment();
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  return system.finish(convoy::cli::run(arguments, environment));
}
