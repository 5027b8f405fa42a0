// realtime_listener.h: hears the doorbells of this device's scopes, on a thread of its own.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/condition.h"
#include "base/environment.h"
#include "base/mutex.h"
#include "net/web_socket.h"
#include "supabase/auth.h"
#include "supabase/realtime/channels.h"

namespace convoy::client {

// Thread-safety: thread-safe. Ownership: all borrowed; destroying it ends it, in the middle of
// opening a connection if need be.
class RealtimeListener {
 public:
  // Called on its thread, under no lock.
  struct Ears {
    std::function<void(bool is_ready)> on_ready;  // Every scope is heard; or not any more.
    std::function<void(const std::string& scope, const std::string& xid)> on_doorbell;
  };

  RealtimeListener(net::WebSocketConnector& sockets, supabase::Auth& auth, base::Random& random,
                   Ears ears);
  RealtimeListener(const RealtimeListener&) = delete;
  RealtimeListener& operator=(const RealtimeListener&) = delete;
  ~RealtimeListener();

  void set_wanted(bool is_wanted);
  void set_scopes(std::set<std::string> scopes);

 private:
  using Effects = std::vector<supabase::realtime::Effect>;
  using SteadyTime = std::chrono::steady_clock::time_point;

  void run();
  // Nothing: the end.
  std::optional<std::set<std::string>> take_wishes();
  void carry_out(Effects effects);
  Effects open();
  std::shared_ptr<base::Cancellation> begin_request();
  void drop_socket();
  void renew_token();
  void wait();
  void hear(const supabase::realtime::Heard& heard);
  void wake() CONVOY_REQUIRES(mutex_);
  supabase::realtime::Moment moment();

  net::WebSocketConnector& sockets_;
  supabase::Auth& auth_;
  base::Random& random_;
  const Ears ears_;

  // The thread's own.
  supabase::realtime::Channels channels_;
  std::unique_ptr<net::WebSocket> socket_;
  std::optional<SteadyTime> renew_at_;

  base::Mutex mutex_;
  base::Condition changed_;
  bool is_ending_ CONVOY_GUARDED_BY(mutex_) = false;
  bool is_wanted_ CONVOY_GUARDED_BY(mutex_) = false;
  bool have_wishes_changed_ CONVOY_GUARDED_BY(mutex_) = false;
  std::set<std::string> scopes_ CONVOY_GUARDED_BY(mutex_);
  net::WebSocket* open_socket_ CONVOY_GUARDED_BY(mutex_) = nullptr;  // To be woken.
  std::shared_ptr<base::Cancellation> request_ CONVOY_GUARDED_BY(mutex_);

  std::thread thread_;  // Last: it uses the others.
};

}  // namespace convoy::client
