#include "store/database_impl.h"

#include <utility>

#include "store/open.h"

namespace convoy {
namespace {

// Idle readers that are kept; more than that run at once only for a moment.
constexpr std::size_t kReadersMax = 4;

Status check_options(const DatabaseOptions& options) {
  if (options.clock == nullptr || options.random == nullptr) {
    return Error{.code = ErrorCode::InvalidArgument,
                 .message = "a database needs a clock and a source of randomness"};
  }
  if (options.path.empty() || options.path.find('\0') != std::string::npos) {
    return Error{.code = ErrorCode::InvalidArgument, .message = "a database needs a path"};
  }
  return validate(options.schema);
}

}  // namespace

Result<std::unique_ptr<DatabaseImpl>> DatabaseImpl::open(DatabaseOptions options) {
  CONVOY_CHECK_OK(check_options(options));
  std::unique_ptr<DatabaseImpl> impl(new DatabaseImpl(std::move(options)));
  const auto& mine = impl->options_;
  impl->is_in_memory_ = mine.path == ":memory:";
  if (!impl->is_in_memory_) CONVOY_CHECK_OK(sql::Connection::create_file(mine.path));
  CONVOY_TRY(auto writer, sql::Connection::open(mine.path, sql::Access::Write));
  CONVOY_TRY(const auto numbers, store::open_file(*writer, mine));
  impl->tables_ = std::make_unique<store::Tables>(mine.schema, numbers);
  base::MutexLock lock(impl->write_mutex_);
  impl->writer_ = std::move(writer);
  return impl;
}

DatabaseImpl::~DatabaseImpl() {
  // The listener may be in the middle of reading; its end must not hold the lock it waits for.
  std::unique_ptr<store::CommitListener> listener;
  {
    base::MutexLock lock(write_mutex_);
    listener = std::move(listener_);
    if (writer_) writer_->tell_changes(nullptr);
  }
}

Status DatabaseImpl::check_outside_of_write() const {
  if (writing_.load() != std::this_thread::get_id()) return ok_status();
  return Error{.code = ErrorCode::InvalidState,
               .message = "the database is used inside of a write of its own",
               .hint = "Go on with the Writer that the write was given."};
}

store::CommitListener& DatabaseImpl::listener(
    const std::function<std::unique_ptr<store::CommitListener>()>& make) {
  base::MutexLock lock(write_mutex_);
  if (!listener_) listener_ = make();
  return *listener_;
}

Status DatabaseImpl::listen_to(const std::set<std::string>& tables) {
  base::MutexLock lock(write_mutex_);
  const bool was_idle = recorder_.is_idle();
  CONVOY_CHECK_OK(recorder_.choose(*writer_, *tables_, tables));
  writer_->tell_changes(recorder_.is_idle() ? nullptr : &recorder_);
  if (was_idle) {
    CONVOY_TRY(data_version_, writer_->data_version());
  }
  return ok_status();
}

Result<bool> DatabaseImpl::look_for_foreign_commits() {
  if (!write_mutex_.try_lock()) return false;
  const auto status = tell_foreign_commit();
  write_mutex_.unlock();
  if (!status.ok()) return status.error();
  return true;
}

Status DatabaseImpl::tell_foreign_commit() {
  if (recorder_.is_idle() || is_in_memory_) return ok_status();
  CONVOY_TRY(const auto version, writer_->data_version());
  if (version == data_version_) return ok_status();
  data_version_ = version;
  if (!listener_) return ok_status();
  auto commit = std::make_shared<store::Commit>();
  commit->number = commits_.load() + 1;
  commit->is_foreign = true;
  listener_->on_commit(std::move(commit));
  ++commits_;
  return ok_status();
}

Status DatabaseImpl::start_commit() {
  if (recorder_.is_idle()) return ok_status();
  CONVOY_CHECK_OK(tell_foreign_commit());
  recorder_.start();
  return ok_status();
}

void DatabaseImpl::finish_commit() {
  if (!recorder_.is_idle() && listener_) {
    if (auto commit = recorder_.finish(commits_.load() + 1))
      listener_->on_commit(std::move(commit));
  }
  ++commits_;
}

Result<std::unique_ptr<sql::Connection>> DatabaseImpl::borrow_reader() {
  {
    base::MutexLock lock(readers_mutex_);
    if (!readers_.empty()) {
      auto reader = std::move(readers_.back());
      readers_.pop_back();
      return reader;
    }
  }
  return sql::Connection::open(options_.path, sql::Access::Read);
}

void DatabaseImpl::give_back(std::unique_ptr<sql::Connection> reader) {
  base::MutexLock lock(readers_mutex_);
  if (readers_.size() < kReadersMax) readers_.push_back(std::move(reader));
}

}  // namespace convoy
