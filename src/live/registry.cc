#include "live/registry.h"

#include <utility>

#include "base/limits.h"

namespace convoy::live {

// What the database owns of a registry; it goes with the database.
class Registry::Listener final : public store::CommitListener {
 public:
  explicit Listener(std::shared_ptr<Registry> registry) : registry_(std::move(registry)) {}

  ~Listener() override { registry_->close(); }

  void on_commit(std::shared_ptr<const store::Commit> commit) noexcept override {
    registry_->note(std::move(commit));
  }

  [[nodiscard]] const std::shared_ptr<Registry>& registry() const { return registry_; }

 private:
  std::shared_ptr<Registry> registry_;
};

Result<std::shared_ptr<Registry>> Registry::of(DatabaseImpl& database) {
  auto& listener = database.listener([&]() -> std::unique_ptr<store::CommitListener> {
    std::shared_ptr<Registry> registry(new Registry(database));
    auto* self = registry.get();
    const auto round = [self] { return self->round(); };
    auto* executor = database.background();
    registry->start(
        executor != nullptr
            ? make_executor_worker(*executor, round)
            : make_thread_worker(round, [self] { self->poll(); }, limits::kForeignPollInterval));
    return std::make_unique<Listener>(std::move(registry));
  });
  // No other layer listens.
  auto registry = static_cast<Listener&>(listener).registry();
  if (registry->worker_) return registry;
  return Error{.code = ErrorCode::InvalidState,
               .message = "live queries need a thread or an executor, and there is neither",
               .hint = "Set DatabaseOptions::background."};
}

void Registry::add(std::shared_ptr<Interest> interest) {
  {
    base::MutexLock lock(mutex_);
    interests_.push_back(std::move(interest));
    have_interests_changed_ = true;
  }
  worker_->wake();
}

void Registry::forget_stopped() {
  {
    base::MutexLock lock(mutex_);
    if (is_closed_) return;
    have_interests_changed_ = true;
  }
  worker_->wake();
}

void Registry::note(std::shared_ptr<const store::Commit> commit) {
  {
    base::MutexLock lock(mutex_);
    backlog_.add(std::move(commit));
  }
  worker_->wake();
}

void Registry::close() noexcept {
  std::vector<std::shared_ptr<Interest>> interests;
  {
    base::MutexLock lock(mutex_);
    is_closed_ = true;
    interests.swap(interests_);
  }
  // First, so that a round under way has little left to do.
  for (const auto& interest : interests) interest->stop();
  if (worker_) worker_->close();
}

Backlog::Commits Registry::take_news() {
  // What is dropped is destroyed without the lock.
  std::vector<std::shared_ptr<Interest>> interests;
  std::vector<std::shared_ptr<Interest>> followed;
  base::MutexLock lock(mutex_);
  if (have_interests_changed_ && !is_closed_) {
    have_interests_changed_ = false;
    for (auto& interest : interests_) {
      if (!interest->is_stopped()) followed.push_back(interest);
    }
    followed.swap(followed_);
    interests = std::exchange(interests_, followed_);
  }
  return backlog_.take();
}

void Registry::listen() {
  std::set<std::string> wanted;
  for (const auto& interest : followed_) {
    wanted.insert(interest->tables().begin(), interest->tables().end());
  }
  if (wanted == listened_) return;
  database_.listen_to(wanted);
  listened_ = std::move(wanted);
}

bool Registry::round() {
  const auto commits = take_news();
  listen();
  const std::vector<News> news(commits.begin(), commits.end());
  for (const auto& interest : followed_) {
    if (!interest->is_stopped()) interest->follow(database_, news);
  }
  return !followed_.empty() && !database_.is_in_memory();
}

void Registry::poll() {
  // A file that can't be looked at can't be read either, and reading tells.
  static_cast<void>(database_.look_for_foreign_commits());
}

void Interest::stop() noexcept {
  stop_delivery();
  if (const auto registry = registry_.lock()) registry->forget_stopped();
}

}  // namespace convoy::live
