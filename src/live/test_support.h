// test_support.h: an executor that waits to be told, and watchers that remember, for the tests.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/mutex.h"
#include "convoy/executor.h"
#include "convoy/live.h"
#include "live/differences.h"

namespace convoy::live::testing {

// Runs what was posted when run() is called.
class ManualExecutor final : public Executor {
 public:
  void post(std::function<void()> work) override {
    base::MutexLock lock(mutex_);
    works_.push_back(std::move(work));
  }

  // Until nothing is left; how much there was.
  int run() {
    int count = 0;
    while (run_one()) ++count;
    return count;
  }

  bool run_one() {
    std::function<void()> work;
    {
      base::MutexLock lock(mutex_);
      if (works_.empty()) return false;
      work = std::move(works_.front());
      works_.pop_front();
    }
    work();
    return true;
  }

 private:
  base::Mutex mutex_;
  std::deque<std::function<void()>> works_ CONVOY_GUARDED_BY(mutex_);
};

// What somebody has who held `before` and does what live.h says.
inline Rows followed(const Rows& before, const Rows& now, const std::vector<Difference>& steps) {
  std::vector<bool> is_out(before.size(), false);
  for (const auto& step : steps) {
    if (step.kind == DifferenceKind::Removed || step.kind == DifferenceKind::Moved) {
      is_out.at(step.from) = true;
    }
  }
  Rows rows;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (!is_out[i]) rows.push_back(before[i]);
  }
  for (const auto& step : steps) {
    switch (step.kind) {
      case DifferenceKind::Removed:
        break;
      case DifferenceKind::Inserted:
        rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(step.to), now.at(step.to));
        break;
      case DifferenceKind::Moved:
        rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(step.to), before.at(step.from));
        break;
      case DifferenceKind::Changed:
        rows.at(step.to) = now.at(step.to);
        break;
    }
  }
  return rows;
}

// Remembers what was delivered. Thread-safe.
template <class Value>
class Watcher {
 public:
  [[nodiscard]] auto callback() {
    return [this](const Result<Value>& result) {
      std::lock_guard lock(mutex_);
      results_.push_back(result);
      has_result_.notify_all();
    };
  }

  // Those since the last call.
  std::vector<Result<Value>> take() {
    std::lock_guard lock(mutex_);
    return std::exchange(results_, {});
  }

  // The only one since the last call.
  Value only() {
    auto results = take();
    if (results.size() != 1 || !results[0].ok()) {
      ADD_FAILURE() << results.size() << " deliveries"
                    << (results.size() == 1 ? ": " + results[0].error().message : "");
      return {};
    }
    return *std::move(results[0]);
  }

  // Waits for results until one of them is it. False: it did not come.
  template <class Predicate>
  bool wait_for(const Predicate& is_it) {
    std::unique_lock lock(mutex_);
    return has_result_.wait_for(lock, std::chrono::seconds(30), [&] {
      for (const auto& result : results_) {
        if (result.ok() && is_it(*result)) return true;
      }
      return false;
    });
  }

 private:
  std::mutex mutex_;
  std::condition_variable has_result_;
  std::vector<Result<Value>> results_;
};

inline std::vector<std::string> ids(const Rows& rows) {
  std::vector<std::string> result;
  for (const auto& row : rows) result.push_back(row->id);
  return result;
}

}  // namespace convoy::live::testing
