// environment.h: everything the program meets outside itself, so that tests can stand in for it.
#pragma once

#include <functional>
#include <iosfwd>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/environment.h"
#include "cli/device.h"
#include "convoy/result.h"

namespace convoy::cli {

// All borrowed.
struct Streams {
  std::istream* in = nullptr;
  std::ostream* out = nullptr;
  std::ostream* err = nullptr;
  bool in_is_terminal = false;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::size_t columns = 0;  // Of the terminal; 0: lines may be as long as they get.
  // Shows the prompt and reads a line that is not shown. Only where `in` is a terminal.
  std::function<Result<std::string>(std::string_view prompt)> read_secret;
};

struct Environment {
  Streams streams;
  std::map<std::string, std::string, std::less<>> variables;
  base::Clock* clock = nullptr;  // Borrowed.
  std::function<Result<std::unique_ptr<Device>>(const std::string& home)> open_device;

  // The variable's value; "" if it is not set.
  [[nodiscard]] std::string variable(std::string_view name) const {
    const auto at = variables.find(name);
    return at == variables.end() ? std::string() : at->second;
  }
};

}  // namespace convoy::cli
