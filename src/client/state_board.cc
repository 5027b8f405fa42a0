#include "client/state_board.h"

#include "platform/posix/process.h"

namespace convoy::client {
namespace {

constexpr std::chrono::milliseconds kProgressInterval{100};

}  // namespace

void StateBoard::open(const std::string& database_path) {
  {
    base::MutexLock lock(mutex_);
    if (++opens_ > 1) return;
    path_ = database_path;
    state_ = {.process = platform::process_id()};
    tell();
  }
  on_change_();
}

void StateBoard::close() {
  {
    base::MutexLock lock(mutex_);
    if (--opens_ > 0) return;
    state_ = {};
    remove_sync_state(path_);
  }
  on_change_();
}

std::optional<SyncState> StateBoard::state() const {
  base::MutexLock lock(mutex_);
  if (opens_ == 0) return std::nullopt;
  return state_;
}

void StateBoard::change(const std::function<void(SyncState&)>& edit) {
  {
    base::MutexLock lock(mutex_);
    if (opens_ == 0) return;
    edit(state_);
    tell();
  }
  on_change_();
}

void StateBoard::progress(const std::function<void(SyncState&)>& edit) {
  {
    base::MutexLock lock(mutex_);
    if (opens_ == 0) return;
    edit(state_);
    if (std::chrono::steady_clock::now() - told_at_ < kProgressInterval) return;
    tell();
  }
  on_change_();
}

void StateBoard::tell() {
  told_at_ = std::chrono::steady_clock::now();
  // Who can't be told waits no longer for it.
  static_cast<void>(write_sync_state(path_, state_));
}

}  // namespace convoy::client
