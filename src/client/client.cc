// The public face: handles on ClientImpl.
#include "convoy/client.h"

#include <utility>

#include "client/client_impl.h"
#include "client/status_feed.h"

namespace convoy {

Client::Client(std::unique_ptr<ClientImpl> impl) : impl_(std::move(impl)) {}

Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

Result<Client> Client::open(ClientOptions options) {
  CONVOY_TRY(auto impl, ClientImpl::open(std::move(options)));
  return Client(std::move(impl));
}

Status Client::configure(const ProjectInfo& project) { return impl_->configure(project); }

Result<UserInfo> Client::sign_up(const std::string& email, const std::string& password) {
  return impl_->sign_up(email, password);
}

Result<UserInfo> Client::sign_in(const std::string& email, const std::string& password) {
  return impl_->sign_in(email, password);
}

Status Client::sign_out(PendingWork pending) { return impl_->sign_out(pending); }

Result<Database*> Client::database() { return impl_->database(); }

Result<SyncReport> Client::sync(SyncOptions options) { return impl_->sync(options); }

Result<VerificationReport> Client::verify(VerifyOptions options) { return impl_->verify(options); }

Status Client::start(BackgroundOptions options) { return impl_->start(options); }

void Client::stop() { impl_->stop(); }

Status Client::sync_now() { return impl_->sync_now(); }

void Client::pause() { impl_->pause(); }

void Client::resume() { impl_->resume(); }

void Client::set_metered(bool is_metered) { impl_->set_metered(is_metered); }

Status Client::await_synced(const AwaitOptions& options) { return impl_->await_synced(options); }

Result<SyncStatus> Client::status() { return impl_->status(ClientImpl::Detail::All); }

StatusSubscription Client::observe_status(std::function<void(const Result<SyncStatus>&)> on_change,
                                          Executor* deliver_on) {
  return impl_->observe_status(std::move(on_change), deliver_on);
}

Result<std::vector<SyncLogEntry>> Client::log(std::size_t count_max) {
  CONVOY_TRY(auto replica, impl_->replica());
  CONVOY_TRY(auto runs, replica.runs(count_max));
  std::vector<SyncLogEntry> entries;
  entries.reserve(runs.size());
  for (auto& run : runs) {
    std::vector<SyncRecovery> recoveries;
    for (auto& [step, cause] : run.recoveries) {
      recoveries.push_back({.step = std::move(step), .cause = std::move(cause)});
    }
    entries.push_back({.started_at_ms = run.started_at_ms,
                       .finished_at_ms = run.finished_at_ms,
                       .cause = std::move(run.cause),
                       .error_code = std::move(run.error_code),
                       .error_message = std::move(run.error_message),
                       .push_ms = run.push_ms,
                       .pull_ms = run.pull_ms,
                       .back_fill_ms = run.back_fill_ms,
                       .recoveries = std::move(recoveries),
                       .rows_received = run.rows_received,
                       .mutations_sent = run.mutations_sent,
                       .bytes_up = run.bytes_up,
                       .bytes_down = run.bytes_down});
  }
  return entries;
}

// --- StatusSubscription

StatusSubscription::StatusSubscription() noexcept = default;

StatusSubscription::StatusSubscription(std::shared_ptr<client::StatusObserver> observer) noexcept
    : observer_(std::move(observer)) {}

StatusSubscription::StatusSubscription(StatusSubscription&& other) noexcept = default;

StatusSubscription& StatusSubscription::operator=(StatusSubscription&& other) noexcept {
  if (this != &other) {
    stop();
    observer_ = std::move(other.observer_);
  }
  return *this;
}

StatusSubscription::~StatusSubscription() { stop(); }

void StatusSubscription::stop() noexcept {
  if (const auto observer = std::exchange(observer_, nullptr)) observer->stop();
}

Result<std::vector<QueueEntry>> Client::queue() {
  CONVOY_TRY(auto* database, impl_->database());
  return Outbox(*database).list();
}

Result<std::vector<ConflictInfo>> Client::conflicts() {
  CONVOY_TRY(auto* database, impl_->database());
  return ConflictLog(*database).list();
}

}  // namespace convoy
