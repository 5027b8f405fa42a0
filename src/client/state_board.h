// state_board.h: the state of syncing that this process tells, to itself and to the others.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "base/mutex.h"
#include "client/sync_state.h"

namespace convoy::client {

// Thread-safety: thread-safe.
class StateBoard {
 public:
  // `on_change` is called without a lock after each change, on the thread that made it.
  explicit StateBoard(std::function<void()> on_change) : on_change_(std::move(on_change)) {}

  // While some holder of the file's lock has it open, changes are told. Opens nest.
  void open(const std::string& database_path);
  void close();

  // Nothing while it is not open: others may sync.
  [[nodiscard]] std::optional<SyncState> state() const;

  void change(const std::function<void(SyncState&)>& edit);
  // As change(), but not told more often than every `kProgressInterval`.
  void progress(const std::function<void(SyncState&)>& edit);

 private:
  void tell() CONVOY_REQUIRES(mutex_);

  const std::function<void()> on_change_;

  mutable base::Mutex mutex_;
  int opens_ CONVOY_GUARDED_BY(mutex_) = 0;
  std::string path_ CONVOY_GUARDED_BY(mutex_);
  SyncState state_ CONVOY_GUARDED_BY(mutex_);
  std::chrono::steady_clock::time_point told_at_ CONVOY_GUARDED_BY(mutex_);
};

}  // namespace convoy::client
