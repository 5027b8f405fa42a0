// registry.h: all subscriptions of one database.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "live/backlog.h"
#include "live/interest.h"
#include "live/worker.h"
#include "store/commit.h"
#include "store/database_impl.h"

namespace convoy::live {

// Thread-safety: thread-safe. Ownership: held by the database's listener; whoever else has it for a
// moment finds it closed once the database has gone.
class Registry final : public std::enable_shared_from_this<Registry> {
 public:
  // The database's one; made by the first call. Errors: InvalidState without threads and executor.
  static Result<std::shared_ptr<Registry>> of(DatabaseImpl& database);

  // Follows it from now on.
  void add(std::shared_ptr<Interest> interest);
  // Something has been stopped.
  void forget_stopped();

 private:
  class Listener;

  explicit Registry(DatabaseImpl& database) : database_(database) {}

  void start(std::unique_ptr<Worker> worker) { worker_ = std::move(worker); }

  void note(std::shared_ptr<const store::Commit> commit);
  void close() noexcept;

  // The worker's.
  bool round();
  void poll();
  void listen();
  Backlog::Commits take_news();

  // Constant after start().
  DatabaseImpl& database_;
  std::unique_ptr<Worker> worker_;

  // The worker's.
  std::vector<std::shared_ptr<Interest>> followed_;
  std::set<std::string> listened_;

  base::Mutex mutex_;
  std::vector<std::shared_ptr<Interest>> interests_ CONVOY_GUARDED_BY(mutex_);
  bool have_interests_changed_ CONVOY_GUARDED_BY(mutex_) = false;
  bool is_closed_ CONVOY_GUARDED_BY(mutex_) = false;
  Backlog backlog_ CONVOY_GUARDED_BY(mutex_);
};

}  // namespace convoy::live
