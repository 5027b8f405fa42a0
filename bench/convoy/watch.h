// watch.h: a live query and somebody who waits for its news.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <utility>

#include "convoy/contender.h"
#include "convoy/live.h"

namespace convoy::bench {

// A result that is kept current on the database's own thread, and somebody who waits for news.
class Watch {
 public:
  Watch(Database& database, Query query) {
    subscription_ =
        require(observe(database, std::move(query),
                        [this](const Result<LiveRows>& now) { deliver(require(now)); }));
  }

  // The rows after delivery number `count`.
  LiveRows wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    news_.wait(lock, [&] { return deliveries_ >= count; });
    return latest_;
  }

  std::size_t deliveries() {
    const std::scoped_lock lock(mutex_);
    return deliveries_;
  }

 private:
  void deliver(const LiveRows& now) {
    const std::scoped_lock lock(mutex_);
    latest_ = now;
    ++deliveries_;
    news_.notify_one();
  }

  std::mutex mutex_;
  std::condition_variable news_;
  LiveRows latest_;
  std::size_t deliveries_ = 0;
  Subscription subscription_;  // Ends first.
};

}  // namespace convoy::bench
