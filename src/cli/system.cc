#include "cli/system.h"

#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <ostream>
#include <streambuf>

#include "cli/exit_code.h"
#include "platform/posix/posix_clock.h"

namespace convoy::cli {
namespace {

// A file descriptor as a stream that remembers why writing failed.
class DescriptorBuffer final : public std::streambuf {
 public:
  explicit DescriptorBuffer(int descriptor) : descriptor_(descriptor) {}

  [[nodiscard]] int error() const { return error_; }

 protected:
  int_type overflow(int_type c) override {
    if (!traits_type::eq_int_type(c, traits_type::eof())) {
      text_.push_back(traits_type::to_char_type(c));
    }
    return text_.size() < kFlushAt || sync() == 0 ? traits_type::not_eof(c) : traits_type::eof();
  }

  std::streamsize xsputn(const char* text, std::streamsize size) override {
    text_.append(text, static_cast<std::size_t>(size));
    return text_.size() < kFlushAt || sync() == 0 ? size : 0;
  }

  int sync() override {
    std::size_t at = 0;
    while (at < text_.size() && error_ == 0) {
      const auto written = ::write(descriptor_, text_.data() + at, text_.size() - at);
      if (written >= 0) {
        at += static_cast<std::size_t>(written);
      } else if (errno != EINTR) {
        error_ = errno;
      }
    }
    text_.clear();
    return error_ == 0 ? 0 : -1;
  }

 private:
  static constexpr std::size_t kFlushAt = std::size_t{64} << 10U;
  int descriptor_;
  int error_ = 0;
  std::string text_;
};

volatile std::sig_atomic_t interrupted = 0;

void on_interrupt(int number) { interrupted = number; }

// Hides what is typed. Ctrl-C in between gives the terminal back before it ends the program.
class HiddenInput {
 public:
  HiddenInput() {
    interrupted = 0;
    struct sigaction action{};  // Without SA_RESTART: read() returns.
    action.sa_handler = on_interrupt;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, &before_int_);
    sigaction(SIGTERM, &action, &before_term_);
    if (tcgetattr(STDIN_FILENO, &before_) == 0) {
      termios hidden = before_;
      hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
      is_hidden_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
    }
  }

  ~HiddenInput() {
    if (is_hidden_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    sigaction(SIGINT, &before_int_, nullptr);
    sigaction(SIGTERM, &before_term_, nullptr);
  }

  HiddenInput(const HiddenInput&) = delete;
  HiddenInput& operator=(const HiddenInput&) = delete;

  [[nodiscard]] bool is_hidden() const { return is_hidden_; }

 private:
  termios before_{};
  struct sigaction before_int_{};
  struct sigaction before_term_{};
  bool is_hidden_ = false;
};

Result<std::string> read_secret(std::ostream& err, std::string_view prompt) {
  std::string line;
  int signal_number = 0;
  {
    const HiddenInput hidden;
    if (!hidden.is_hidden()) {
      return Error{.code = ErrorCode::Io,
                   .message = "the terminal can't hide what is typed",
                   .hint = "Pipe the password in with --password-stdin."};
    }
    err << prompt << std::flush;
    char c = 0;
    while (interrupted == 0 && ::read(STDIN_FILENO, &c, 1) == 1 && c != '\n') line.push_back(c);
    signal_number = interrupted;
  }
  err << '\n' << std::flush;
  if (signal_number != 0) std::raise(signal_number);
  return line;
}

// COLUMNS wins, so that a width can be asked for where there is no terminal.
std::size_t columns_of(const Environment& environment) {
  const auto asked = environment.variable("COLUMNS");
  const auto columns = std::strtoul(asked.c_str(), nullptr, 10);
  constexpr unsigned long kColumnsMin = 20;
  constexpr unsigned long kColumnsMax = 10'000;
  if (columns >= kColumnsMin && columns <= kColumnsMax) return columns;
  if (!environment.streams.out_is_terminal) return 0;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

}  // namespace

struct System::Parts {
  DescriptorBuffer out_buffer{STDOUT_FILENO};
  DescriptorBuffer err_buffer{STDERR_FILENO};
  std::ostream out{&out_buffer};
  std::ostream err{&err_buffer};
  platform::PosixClock clock;
};

System::System() : parts_(std::make_unique<Parts>()) {
  std::signal(SIGPIPE, SIG_IGN);  // A reader that is gone is noticed when writing.
  parts_->err << std::unitbuf;
}

System::~System() = default;

Environment System::environment() {
  Environment environment{.streams = {},
                          .variables = {},
                          .clock = &parts_->clock,
                          .open_device = [](const std::string& home) { return open_device(home); }};
  for (const char* name : {"CONVOY_HOME", "XDG_DATA_HOME", "HOME", "CONVOY_PASSWORD",
                           "CONVOY_AGENT", "CONVOY_SECRET_KEY", "NO_COLOR", "TERM", "COLUMNS"}) {
    if (const char* value = std::getenv(name); value != nullptr) {
      environment.variables.emplace(name, value);
    }
  }
  environment.streams = {.in = &std::cin,
                         .out = &parts_->out,
                         .err = &parts_->err,
                         .in_is_terminal = isatty(STDIN_FILENO) == 1,
                         .out_is_terminal = isatty(STDOUT_FILENO) == 1,
                         .err_is_terminal = isatty(STDERR_FILENO) == 1,
                         .read_secret = [err = &parts_->err](std::string_view prompt) {
                           return read_secret(*err, prompt);
                         }};
  environment.streams.columns = columns_of(environment);
  return environment;
}

int System::finish(int code) {
  parts_->out.flush();
  const int error = parts_->out_buffer.error();
  if (error == 0 || error == EPIPE) return code;
  parts_->err << "convoy: standard output can't be written: " << std::strerror(error) << '\n';
  return code == 0 ? static_cast<int>(ExitCode::Local) : code;
}

}  // namespace convoy::cli
