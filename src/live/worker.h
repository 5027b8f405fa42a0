// worker.h: where live queries are worked out: a thread of their own, or a program's executor.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <thread>

#include "base/condition.h"
#include "base/mutex.h"
#include "convoy/executor.h"

namespace convoy::live {

// Thread-safety: thread-safe.
class Worker {
 public:
  Worker() = default;
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  virtual ~Worker() = default;

  // A round begins after this, sooner or later; several calls may share one. Rounds never overlap.
  virtual void wake() = 0;
  // No round begins afterwards. Waits for one that is under way, unless this is called from it.
  virtual void close() = 0;
};

// Without threads on this platform: null. As long as rounds answer true, `poll` is called whenever
// there was no round for a while.
std::unique_ptr<Worker> make_thread_worker(std::function<bool()> round, std::function<void()> poll,
                                           std::chrono::milliseconds poll_interval);

// Posts one piece of work for each round; the executor must outlive the worker.
std::unique_ptr<Worker> make_executor_worker(Executor& executor, std::function<bool()> round);

}  // namespace convoy::live
