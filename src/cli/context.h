// context.h: what every command works with.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/json.h"
#include "cli/environment.h"
#include "cli/exit_code.h"
#include "cli/style.h"
#include "memory/bank.h"

namespace convoy::cli {

struct GlobalOptions {
  std::string home;  // Empty: the default.
  bool is_json = false;
  bool is_quiet = false;
  bool has_no_color = false;
};

class Context {
 public:
  // `environment` is borrowed and outlives the context.
  Context(Environment& environment, GlobalOptions options)
      : environment_(&environment), options_(std::move(options)) {}

  [[nodiscard]] bool is_json() const { return options_.is_json; }

  [[nodiscard]] bool is_quiet() const { return options_.is_quiet; }

  [[nodiscard]] const Environment& environment() const { return *environment_; }

  [[nodiscard]] const Streams& streams() const { return environment_->streams; }

  [[nodiscard]] std::int64_t now_ms() const { return environment_->clock->now_ms(); }

  // Whether somebody sits there who can be asked.
  [[nodiscard]] bool can_ask() const { return streams().in_is_terminal && !is_json(); }

  [[nodiscard]] Style out_style() const { return style(streams().out_is_terminal); }

  [[nodiscard]] Style err_style() const { return style(streams().err_is_terminal); }

  // The folder of this device. Errors: InvalidArgument if nothing says where it is.
  [[nodiscard]] Result<std::string> home() const;

  // Opened at the first call. Errors: as `home`, and those of Client::open.
  Result<Device*> device();

  // Errors: as `device`, and those of Client::database.
  Result<memory::Bank> bank();

  // Who uses the program: a person, or the agent that the variable CONVOY_AGENT names.
  [[nodiscard]] memory::Actor actor() const;

  // To standard output, as it is.
  void print(std::string_view text) const;
  void print_json(const base::Json& json) const;
  // A line for people on standard error; not with --quiet or --json.
  void note(std::string_view line) const;
  // What went wrong: to people on standard error, to programs on standard output.
  void report(const Error& error) const;

 private:
  [[nodiscard]] Style style(bool is_terminal) const;

  Environment* environment_;
  GlobalOptions options_;
  std::unique_ptr<Device> device_;
};

}  // namespace convoy::cli
