#include "live/worker.h"

#include <utility>

namespace convoy::live {
namespace {

#if !defined(__wasm__)
class ThreadWorker final : public Worker {
 public:
  ThreadWorker(std::function<bool()> round, std::function<void()> poll,
               std::chrono::milliseconds poll_interval)
      : round_(std::move(round)),
        poll_(std::move(poll)),
        poll_interval_(poll_interval),
        thread_([this] { run(); }) {}

  ~ThreadWorker() override { close(); }

  void wake() override {
    base::MutexLock lock(mutex_);
    is_awake_ = true;
    has_work_.notify_all();
  }

  void close() override {
    {
      base::MutexLock lock(mutex_);
      is_closed_ = true;
      has_work_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
  }

 private:
  enum class Next { Round, Poll, End };

  Next wait() {
    base::MutexLock lock(mutex_);
    while (!is_awake_ && !is_closed_ && !is_polling_) has_work_.wait(mutex_);
    if (!is_awake_ && !is_closed_) has_work_.wait_for(mutex_, poll_interval_);
    if (is_closed_) return Next::End;
    return std::exchange(is_awake_, false) ? Next::Round : Next::Poll;
  }

  void run() {
    for (;;) {
      switch (wait()) {
        case Next::Round:
          is_polling_ = round_();
          break;
        case Next::Poll:
          poll_();
          break;
        case Next::End:
          return;
      }
    }
  }

  const std::function<bool()> round_;
  const std::function<void()> poll_;
  const std::chrono::milliseconds poll_interval_;

  bool is_polling_ = false;  // The thread's own.

  base::Mutex mutex_;
  base::Condition has_work_;
  bool is_awake_ CONVOY_GUARDED_BY(mutex_) = false;
  bool is_closed_ CONVOY_GUARDED_BY(mutex_) = false;

  std::thread thread_;  // Last: it uses the others.
};
#endif

// What the worker and the works in the executor's queue share.
class Rounds : public std::enable_shared_from_this<Rounds> {
 public:
  Rounds(Executor& executor, std::function<bool()> round)
      : executor_(executor), round_(std::move(round)) {}

  void wake() {
    {
      base::MutexLock lock(mutex_);
      is_awake_ = true;
      if (is_closed_ || is_posted_) return;
      is_posted_ = true;
    }
    post();
  }

  void close() {
    base::MutexLock lock(mutex_);
    is_closed_ = true;
    while (running_on_ && running_on_ != std::this_thread::get_id()) has_ended_.wait(mutex_);
  }

 private:
  void post() {
    executor_.post([self = shared_from_this()] { self->run(); });
  }

  void run() {
    {
      base::MutexLock lock(mutex_);
      if (is_closed_) return;
      is_awake_ = false;
      running_on_ = std::this_thread::get_id();
    }
    round_();
    {
      base::MutexLock lock(mutex_);
      running_on_.reset();
      has_ended_.notify_all();
      is_posted_ = is_awake_ && !is_closed_;
      if (!is_posted_) return;
    }
    post();
  }

  Executor& executor_;
  const std::function<bool()> round_;

  base::Mutex mutex_;
  base::Condition has_ended_;
  bool is_awake_ CONVOY_GUARDED_BY(mutex_) = false;
  bool is_posted_ CONVOY_GUARDED_BY(mutex_) = false;
  bool is_closed_ CONVOY_GUARDED_BY(mutex_) = false;
  std::optional<std::thread::id> running_on_ CONVOY_GUARDED_BY(mutex_);
};

class ExecutorWorker final : public Worker {
 public:
  ExecutorWorker(Executor& executor, std::function<bool()> round)
      : rounds_(std::make_shared<Rounds>(executor, std::move(round))) {}

  ~ExecutorWorker() override { rounds_->close(); }

  void wake() override { rounds_->wake(); }

  void close() override { rounds_->close(); }

 private:
  std::shared_ptr<Rounds> rounds_;
};

}  // namespace

std::unique_ptr<Worker> make_thread_worker(std::function<bool()> round, std::function<void()> poll,
                                           std::chrono::milliseconds poll_interval) {
#if defined(__wasm__)
  return nullptr;
#else
  return std::make_unique<ThreadWorker>(std::move(round), std::move(poll), poll_interval);
#endif
}

std::unique_ptr<Worker> make_executor_worker(Executor& executor, std::function<bool()> round) {
  return std::make_unique<ExecutorWorker>(executor, std::move(round));
}

}  // namespace convoy::live
