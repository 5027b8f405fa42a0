// system.h: the real surroundings of the program.
#pragma once

#include <memory>

#include "cli/environment.h"

namespace convoy::cli {

// Standard streams, variables, clock and terminal of this process. One per process.
class System {
 public:
  System();
  ~System();
  System(const System&) = delete;
  System& operator=(const System&) = delete;

  [[nodiscard]] Environment environment();

  // Writes what is left to standard output. `code` if that works or nobody reads any more, else the
  // exit code that says so.
  int finish(int code);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace convoy::cli
