#include "cli/interrupt.h"

#include <atomic>

namespace convoy::cli {
namespace {

std::atomic<base::Cancellation*> current{nullptr};

void on_signal(int /*number*/) {
  if (auto* cancellation = current.load(); cancellation != nullptr) cancellation->cancel();
}

}  // namespace

InterruptGuard::InterruptGuard(base::Cancellation& cancellation) {
  current.store(&cancellation);
  struct sigaction action{};
  action.sa_handler = on_signal;
  // No bare `SA_RESETHAND`: the flag's macro is an int on some systems, unsigned on others.
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, &before_int_);
  sigaction(SIGTERM, &action, &before_term_);
}

InterruptGuard::~InterruptGuard() {
  sigaction(SIGINT, &before_int_, nullptr);
  sigaction(SIGTERM, &before_term_, nullptr);
  current.store(nullptr);
}

}  // namespace convoy::cli
