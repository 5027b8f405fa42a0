// executor.h: where callbacks run. Owned by the layer `base`.
#pragma once

#include <functional>

namespace convoy {

// A program's own loop or thread, as far as Convoy needs it. Thread-safety: thread-safe.
// Ownership: borrowed; must outlive whatever was told to use it.
class Executor {
 public:
  virtual ~Executor() = default;
  // Runs `work` later, or before it returns; works posted by one thread run one after another, in
  // their order.
  virtual void post(std::function<void()> work) = 0;
};

}  // namespace convoy
