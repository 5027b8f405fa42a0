// status_feed.h: tells observers how things stand, whenever that changes, whoever changed it.
//
// A thread that sleeps until something that this process knows of has changed, and looks a few
// times a second whether another process has left a mark: by the age of small files, and by the
// live query's own look at the database. Only then a status is put together, and only one that
// differs is told.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/condition.h"
#include "base/mutex.h"
#include "convoy/executor.h"
#include "convoy/live.h"
#include "convoy/status.h"
#include "live/delivery.h"

namespace convoy {

class ClientImpl;

namespace client {

// What a StatusSubscription holds. Thread-safety: thread-safe.
class StatusObserver {
 public:
  StatusObserver(std::function<void(const Result<SyncStatus>&)> on_change, Executor* deliver_on);

  void put(const Result<SyncStatus>& status) { outlet_->put(status); }

  void stop() noexcept { outlet_->stop(); }

  [[nodiscard]] bool is_stopped() const { return outlet_->is_stopped(); }

 private:
  std::shared_ptr<live::Outlet<SyncStatus>> outlet_;
};

// Thread-safety: thread-safe. Ownership: `client` must outlive it.
class StatusFeed {
 public:
  explicit StatusFeed(ClientImpl& client);
  StatusFeed(const StatusFeed&) = delete;
  StatusFeed& operator=(const StatusFeed&) = delete;
  ~StatusFeed();

  std::shared_ptr<StatusObserver> add(std::function<void(const Result<SyncStatus>&)> on_change,
                                      Executor* deliver_on);
  // Something may have changed.
  void wake();
  // Nobody is told anything any more; waits for a callback that runs, unless called from it.
  void close();

  // Lets go of the database, and waits until it has.
  void suspend();
  void resume();

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  enum class Next { Look, Tell, Suspend, End };

  void run();
  Next wait();
  void tell();
  Result<SyncStatus> compose();
  void follow_database();
  bool has_observers() CONVOY_REQUIRES(mutex_);
  std::vector<std::shared_ptr<StatusObserver>> take_observers();

  ClientImpl& client_;

  // The thread's own.
  std::optional<Subscription> books_;
  std::string signature_;
  std::string told_;  // As JSON; of a failure, its words.
  std::optional<Result<SyncStatus>> last_;
  std::vector<TableStatus> tables_;
  SteadyTime count_again_at_;
  bool are_tables_old_ = false;

  base::Mutex mutex_;
  base::Condition changed_;
  bool is_awake_ CONVOY_GUARDED_BY(mutex_) = true;
  bool is_ending_ CONVOY_GUARDED_BY(mutex_) = false;
  int suspensions_ CONVOY_GUARDED_BY(mutex_) = 0;
  bool is_at_rest_ CONVOY_GUARDED_BY(mutex_) = false;  // While suspended.
  SteadyTime told_at_ CONVOY_GUARDED_BY(mutex_);
  std::vector<std::shared_ptr<StatusObserver>> observers_ CONVOY_GUARDED_BY(mutex_);
  std::vector<std::shared_ptr<StatusObserver>> newcomers_ CONVOY_GUARDED_BY(mutex_);

  std::thread thread_;  // Last: it uses the others.
};

}  // namespace client
}  // namespace convoy
