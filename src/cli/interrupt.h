// interrupt.h: Ctrl-C as a request to stop instead of a sudden end.
#pragma once

#include <csignal>

#include "base/environment.h"

namespace convoy::cli {

// While this lives, the first SIGINT or SIGTERM cancels `cancellation`; a second one ends the
// program as usual. One at a time. Ownership: `cancellation` is borrowed.
class InterruptGuard {
 public:
  explicit InterruptGuard(base::Cancellation& cancellation);
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

 private:
  struct sigaction before_int_{};
  struct sigaction before_term_{};
};

}  // namespace convoy::cli
