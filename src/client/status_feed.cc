#include "client/status_feed.h"

#include <utility>

#include "client/client_impl.h"
#include "store/replica.h"

namespace convoy::client {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

// How soon what another process did is seen.
constexpr milliseconds kLookInterval{200};
// Changes that follow each other faster are told as one.
constexpr milliseconds kTellInterval{50};
// Counting rows may take a twentieth of the time at most.
constexpr int kCountingShare = 20;

}  // namespace

StatusObserver::StatusObserver(std::function<void(const Result<SyncStatus>&)> on_change,
                               Executor* deliver_on)
    : outlet_(std::make_shared<live::Outlet<SyncStatus>>(
          deliver_on, [on_change = std::move(on_change)](const Result<SyncStatus>& status) {
            on_change(status);
          })) {}

StatusFeed::StatusFeed(ClientImpl& client) : client_(client), thread_([this] { run(); }) {}

StatusFeed::~StatusFeed() { close(); }

std::shared_ptr<StatusObserver> StatusFeed::add(
    std::function<void(const Result<SyncStatus>&)> on_change, Executor* deliver_on) {
  auto observer = std::make_shared<StatusObserver>(std::move(on_change), deliver_on);
  base::MutexLock lock(mutex_);
  newcomers_.push_back(observer);
  is_awake_ = true;
  changed_.notify_all();
  return observer;
}

void StatusFeed::wake() {
  base::MutexLock lock(mutex_);
  is_awake_ = true;
  changed_.notify_all();
}

void StatusFeed::close() {
  std::vector<std::shared_ptr<StatusObserver>> observers;
  {
    base::MutexLock lock(mutex_);
    is_ending_ = true;
    observers.swap(observers_);
    observers.insert(observers.end(), newcomers_.begin(), newcomers_.end());
    newcomers_.clear();
    changed_.notify_all();
  }
  for (const auto& observer : observers) observer->stop();
  if (thread_.joinable()) thread_.join();
}

void StatusFeed::suspend() {
  base::MutexLock lock(mutex_);
  ++suspensions_;
  changed_.notify_all();
  if (std::this_thread::get_id() == thread_.get_id()) return;  // A callback signs out.
  while (!is_at_rest_ && !is_ending_) changed_.wait(mutex_);
}

void StatusFeed::resume() {
  base::MutexLock lock(mutex_);
  if (--suspensions_ == 0) is_at_rest_ = false;
  is_awake_ = true;
  changed_.notify_all();
}

void StatusFeed::run() {
  for (;;) {
    switch (wait()) {
      case Next::Look:
        if (are_tables_old_ && Clock::now() >= count_again_at_) wake();
        if (auto now = client_.outside_signature(); now != signature_) {
          signature_ = std::move(now);
          wake();
        }
        break;
      case Next::Tell:
        tell();
        break;
      case Next::Suspend: {
        books_.reset();
        base::MutexLock lock(mutex_);
        is_at_rest_ = true;
        changed_.notify_all();
        while (suspensions_ > 0 && !is_ending_) changed_.wait(mutex_);
        break;
      }
      case Next::End:
        books_.reset();
        return;
    }
  }
}

StatusFeed::Next StatusFeed::wait() {
  base::MutexLock lock(mutex_);
  while (!has_observers() && suspensions_ == 0 && !is_ending_) changed_.wait(mutex_);
  const auto next = [this]() CONVOY_REQUIRES(mutex_) -> std::optional<Next> {
    if (is_ending_) return Next::End;
    if (suspensions_ > 0) return Next::Suspend;
    return std::nullopt;
  };
  if (const auto now = next()) return *now;
  // Not sooner than a moment after the last time, for whoever waits the first time at once.
  const auto since = std::chrono::duration_cast<milliseconds>(Clock::now() - told_at_);
  if (is_awake_ && (since >= kTellInterval || !newcomers_.empty())) {
    is_awake_ = false;
    return Next::Tell;
  }
  changed_.wait_for(mutex_, is_awake_ ? kTellInterval - since : kLookInterval);
  if (const auto now = next()) return *now;
  return is_awake_ ? Next::Tell : Next::Look;
}

bool StatusFeed::has_observers() {
  std::erase_if(observers_, [](const auto& observer) { return observer->is_stopped(); });
  return !observers_.empty() || !newcomers_.empty();
}

std::vector<std::shared_ptr<StatusObserver>> StatusFeed::take_observers() {
  base::MutexLock lock(mutex_);
  is_awake_ = false;
  told_at_ = Clock::now();
  auto newcomers = std::exchange(newcomers_, {});
  observers_.insert(observers_.end(), newcomers.begin(), newcomers.end());
  return newcomers;
}

void StatusFeed::tell() {
  const auto newcomers = take_observers();
  if (!books_) follow_database();
  auto status = compose();
  auto text = status.ok() ? to_json(*status) : status.error().message;
  const bool is_new = text != told_ || !last_;
  told_ = std::move(text);
  last_ = std::move(status);
  std::vector<std::shared_ptr<StatusObserver>> observers;
  {
    base::MutexLock lock(mutex_);
    observers = is_new ? observers_ : newcomers;
  }
  for (const auto& observer : observers) observer->put(*last_);
}

// Rows are counted when nothing is under way, and not too often.
Result<SyncStatus> StatusFeed::compose() {
  const auto begin = Clock::now();
  const bool may_count = begin >= count_again_at_;
  auto status =
      client_.status(may_count ? ClientImpl::Detail::All : ClientImpl::Detail::WithoutTables);
  if (!status.ok()) return status;
  are_tables_old_ = !may_count;
  if (may_count) {
    tables_ = status->tables;
    count_again_at_ = Clock::now() + (Clock::now() - begin) * kCountingShare;
  } else {
    status->tables = tables_;
  }
  return status;
}

// Nothing if nobody's database is here yet: then the small files tell when there is.
void StatusFeed::follow_database() {
  auto database = client_.database();
  if (!database.ok()) return;
  auto followed = observe_select(**database, std::string(store::kBooksSelect), {},
                                 [this](const Result<RawRows>&) { wake(); });
  if (followed.ok()) books_ = *std::move(followed);
}

}  // namespace convoy::client
