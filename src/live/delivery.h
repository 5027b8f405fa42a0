// delivery.h: hands results to a callback, one at a time, where the callback wants them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "base/condition.h"
#include "base/mutex.h"
#include "convoy/executor.h"
#include "convoy/result.h"

namespace convoy::live {

// Thread-safety: thread-safe, but for announce(). Ownership: shared by the subscription and the
// executor's queue.
class Delivery : public std::enable_shared_from_this<Delivery> {
 public:
  // Null: where announce() is called.
  explicit Delivery(Executor* deliver_on) : deliver_on_(deliver_on) {}

  Delivery(const Delivery&) = delete;
  Delivery& operator=(const Delivery&) = delete;
  virtual ~Delivery() = default;

  // From now on nothing is handed over. Waits for the callback if it runs on another thread, and
  // destroys it; called from inside the callback, it is destroyed when it returns.
  void stop() noexcept;
  [[nodiscard]] bool is_stopped() const;

 protected:
  // Sees to it that what waits is handed over, unless that is under way already.
  void announce();

  mutable base::Mutex mutex_;
  bool is_stopped_ CONVOY_GUARDED_BY(mutex_) = false;

 private:
  // Both are called without the lock, never both at once and never twice at once.
  virtual void hand_over() = 0;
  virtual void forget_callback() noexcept = 0;

  virtual bool has_waiting() const CONVOY_REQUIRES(mutex_) = 0;

  void post();
  void run();

  Executor* const deliver_on_;

  base::Condition has_returned_;
  bool is_announced_ CONVOY_GUARDED_BY(mutex_) = false;
  std::optional<std::thread::id> running_on_ CONVOY_GUARDED_BY(mutex_);
};

// Of several results that wait, only the last one is handed over.
template <class Value>
class Outlet final : public Delivery {
 public:
  using Consumer = std::function<void(Result<Value>)>;

  Outlet(Executor* deliver_on, Consumer consumer)
      : Delivery(deliver_on), consumer_(std::move(consumer)) {}

  // REQUIRES: one thread at a time.
  void put(Result<Value> value) {
    {
      base::MutexLock lock(mutex_);
      if (is_stopped_) return;
      waiting_.emplace(std::move(value));
    }
    announce();
  }

 private:
  void hand_over() override {
    std::optional<Result<Value>> value;
    {
      base::MutexLock lock(mutex_);
      value.swap(waiting_);
    }
    if (value) consumer_(*std::move(value));
  }

  void forget_callback() noexcept override {
    consumer_ = nullptr;
    std::optional<Result<Value>> value;
    base::MutexLock lock(mutex_);
    value.swap(waiting_);
  }

  bool has_waiting() const override CONVOY_REQUIRES(mutex_) { return waiting_.has_value(); }

  Consumer consumer_;
  std::optional<Result<Value>> waiting_ CONVOY_GUARDED_BY(mutex_);
};

}  // namespace convoy::live
