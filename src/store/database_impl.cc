#include "store/database_impl.h"

#include <utility>

#include "store/adopt.h"
#include "store/foreign.h"
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
  CONVOY_CHECK_OK(validate(options.schema));
  return validate(options.migrations, options.schema);
}

}  // namespace

Result<std::unique_ptr<DatabaseImpl>> DatabaseImpl::open(DatabaseOptions options) {
  CONVOY_CHECK_OK(check_options(options));
  std::unique_ptr<DatabaseImpl> impl(new DatabaseImpl(std::move(options)));
  const auto& mine = impl->options_;
  impl->is_in_memory_ = mine.path == ":memory:";
  if (!impl->is_in_memory_ && mine.vfs.empty()) {
    CONVOY_CHECK_OK(sql::Connection::create_file(mine.path));
  }
  CONVOY_TRY(auto writer,
             sql::Connection::open(mine.path, sql::Access::Write, mine.busy_timeout, mine.vfs));
  writer->leave_out_of_triggers(std::string(store::kForeignTable));
  CONVOY_TRY(const auto numbers, store::open_file(*writer, mine));
  CONVOY_TRY(const bool has_triggers, store::has_other_triggers(*writer));
  writer->run_triggers(has_triggers);
  impl->tables_ = std::make_unique<store::Tables>(mine.schema, numbers);
  base::MutexLock lock(impl->write_mutex_);
  impl->writer_ = std::move(writer);
  return impl;
}

DatabaseImpl::~DatabaseImpl() {
  // The listener may be in the middle of reading; its end must not hold a lock it waits for.
  std::unique_ptr<store::CommitListener> listener;
  base::MutexLock lock(listening_mutex_);
  listener.swap(listener_);
}

Status DatabaseImpl::check_outside_of_write() const {
  if (writing_.load() != std::this_thread::get_id()) return ok_status();
  return Error{.code = ErrorCode::InvalidState,
               .message = "the database is used inside of a read or write of its own",
               .hint = "Go on with the Reader or Writer that was handed out for it."};
}

Result<std::uint64_t> DatabaseImpl::fix_state(sql::Connection& connection) {
  base::MutexLock lock(commit_mutex_);
  CONVOY_CHECK_OK(sql::Transaction::fix_state(connection));
  return commits_;
}

store::CommitListener& DatabaseImpl::listener(
    const std::function<std::unique_ptr<store::CommitListener>()>& make) {
  base::MutexLock lock(listening_mutex_);
  if (!listener_) listener_ = make();
  return *listener_;
}

store::CommitListener* DatabaseImpl::find_listener() {
  base::MutexLock lock(listening_mutex_);
  return listener_.get();
}

void DatabaseImpl::listen_to(std::set<std::string> tables) {
  {
    base::MutexLock lock(listening_mutex_);
    wishes_ = std::move(tables);
    are_wishes_new_ = true;
  }
  // A writer at work finds them by itself.
  if (!check_outside_of_write().ok() || !write_mutex_.try_lock()) return;
  take_wishes(Moment::BetweenWrites);
  write_mutex_.unlock();
}

void DatabaseImpl::take_wishes(Moment moment) {
  std::set<std::string> tables;
  {
    base::MutexLock lock(listening_mutex_);
    if (!are_wishes_new_) return;
    tables = wishes_;
  }
  const bool was_idle = recorder_.is_idle();
  // If it fails they stay new, and commits are told as not complete.
  if (!recorder_.choose(*writer_, *tables_, tables).ok()) return;
  writer_->tell_changes(recorder_.is_idle() ? nullptr : &recorder_);
  if (was_idle) {
    data_version_.reset();
    if (moment == Moment::BetweenWrites) {
      if (const auto version = writer_->data_version(); version.ok()) data_version_ = *version;
    }
  }
  base::MutexLock lock(listening_mutex_);
  if (tables == wishes_) are_wishes_new_ = false;
}

Result<bool> DatabaseImpl::look_for_foreign_commits() {
  if (!check_outside_of_write().ok() || !write_mutex_.try_lock()) return false;
  take_wishes(Moment::Later);
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
  auto* listener = find_listener();
  if (listener == nullptr) return ok_status();
  auto commit = std::make_shared<store::Commit>();
  commit->is_foreign = true;
  base::MutexLock lock(commit_mutex_);
  commit->number = ++commits_;
  listener->on_commit(std::move(commit));
  return ok_status();
}

Status DatabaseImpl::check_version() {
  CONVOY_TRY(const auto found, writer_->integer("pragma user_version"));
  if (found == options_.schema.version) return ok_status();
  return Error{.code = ErrorCode::NewerDatabase,
               .message = options_.path + ": another program gave it schema version " +
                          std::to_string(found) + " while it was open with version " +
                          std::to_string(options_.schema.version),
               .hint = "Nothing was written. Update this program, and open the file again."};
}

Result<std::int64_t> DatabaseImpl::take_over_foreign_writes() {
  if (is_in_memory_) return std::int64_t{0};
  CONVOY_TRY(const auto version, writer_->data_version());
  if (version == taken_over_) return version;
  CONVOY_CHECK_OK(store::adopt_noted(*writer_, *tables_, *options_.clock, *options_.random));
  return version;
}

Status DatabaseImpl::start_commit() {
  take_wishes(Moment::Later);
  if (recorder_.is_idle()) return ok_status();
  CONVOY_CHECK_OK(tell_foreign_commit());
  recorder_.start();
  return ok_status();
}

void DatabaseImpl::finish_commit() {
  store::CommitListener* listener = nullptr;
  std::set<std::string> late;  // Wished for during the write.
  {
    base::MutexLock lock(listening_mutex_);
    listener = listener_.get();
    if (are_wishes_new_) late = wishes_;
  }
  ++commits_;
  if (listener == nullptr) return;
  if (auto commit = recorder_.finish(commits_, *tables_, late)) {
    listener->on_commit(std::move(commit));
  }
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
  return sql::Connection::open(options_.path, sql::Access::Read, options_.busy_timeout,
                               options_.vfs);
}

void DatabaseImpl::give_back(std::unique_ptr<sql::Connection> reader) {
  base::MutexLock lock(readers_mutex_);
  if (readers_.size() < kReadersMax) readers_.push_back(std::move(reader));
}

}  // namespace convoy
