// background.h: carries out on threads what the scheduler decides.
//
// Watches until this process may sync the file: somebody's data is here and nobody else syncs it.
// Then it holds the lock, runs rounds on its thread and listens to Realtime on another, until it
// is told to end or to let go. Events may come from any thread, also under the database's write
// lock; the scheduler runs under a lock of its own, which is never held while anything else is
// called.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "base/condition.h"
#include "base/environment.h"
#include "base/mutex.h"
#include "client/client_impl.h"
#include "client/realtime_listener.h"
#include "convoy/client.h"
#include "convoy/live.h"
#include "sync/machine/scheduler.h"

namespace convoy::client {

// Thread-safety: thread-safe. Ownership: `client` must outlive it; destroying it ends it.
class Background {
 public:
  Background(ClientImpl& client, BackgroundOptions options);
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;
  ~Background();

  // False: another process syncs the file, or nobody's is here.
  bool ask();
  void pause();
  void resume();
  void set_metered(bool is_metered);
  void signed_in();

  // Lets go of file and lock, interrupting what is under way, and waits until it has; until
  // resume_tenure().
  void suspend();
  void resume_tenure();

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  using Event = sync::machine::schedule::Event;
  enum class Step { Round, Publish, LookAround, End };

  void run();
  std::optional<ClientImpl::Tenure> wait_for_tenure();
  void serve(ClientImpl::Tenure& tenure);
  Result<Subscription> follow_outbox(Database& database);
  void work(ClientImpl::Tenure& tenure, RealtimeListener* listener);
  Step next_step();
  void run_round(ClientImpl::Tenure& tenure, RealtimeListener* listener);
  void say_hello_daily(base::Cancellation* cancellation);
  void verify_now_and_then(ClientImpl::Tenure& tenure, base::Cancellation* cancellation);
  void look_around(ClientImpl::Tenure& tenure);
  void publish(RealtimeListener* listener);

  void feed(const Event& event);
  void apply(const Event& event) CONVOY_REQUIRES(mutex_);
  sync::machine::Moment moment();
  [[nodiscard]] bool must_let_go() const CONVOY_REQUIRES(mutex_);

  ClientImpl& client_;
  const BackgroundOptions options_;

  // The thread's own.
  std::int64_t last_seen_mutation_ = 0;  // The live query's thread's.
  std::string ask_seen_;
  std::optional<std::string> token_refused_;  // Of the session with which nobody was signed in.
  std::optional<std::int64_t> said_hello_ms_;
  std::int64_t verify_again_ms_ = 0;  // Not before, after a comparison that failed.

  base::Mutex mutex_;
  base::Condition changed_;
  bool is_ending_ CONVOY_GUARDED_BY(mutex_) = false;
  int suspensions_ CONVOY_GUARDED_BY(mutex_) = 0;
  bool has_tenure_ CONVOY_GUARDED_BY(mutex_) = false;  // Or is about to.
  bool is_paused_ CONVOY_GUARDED_BY(mutex_) = false;
  bool is_metered_ CONVOY_GUARDED_BY(mutex_) = false;
  // While it syncs.
  std::optional<sync::machine::Scheduler> scheduler_ CONVOY_GUARDED_BY(mutex_);
  std::optional<sync::machine::Cause> round_ CONVOY_GUARDED_BY(mutex_);  // To be run.
  std::optional<SteadyTime> timer_ CONVOY_GUARDED_BY(mutex_);
  std::shared_ptr<base::Cancellation> cancellation_ CONVOY_GUARDED_BY(mutex_);
  bool is_realtime_wanted_ CONVOY_GUARDED_BY(mutex_) = false;
  bool must_publish_ CONVOY_GUARDED_BY(mutex_) = false;
  SteadyTime looked_around_at_ CONVOY_GUARDED_BY(mutex_);

  std::thread thread_;  // Last: it uses the others.
};

}  // namespace convoy::client
