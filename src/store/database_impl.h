// database_impl.h: the connections of one open file.
//
// Thread-safety: thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/environment.h"
#include "base/mutex.h"
#include "convoy/database.h"
#include "sql/connection.h"
#include "sql/transaction.h"
#include "store/commit.h"
#include "store/commit_recorder.h"
#include "store/tables.h"

namespace convoy {

class DatabaseImpl {
 public:
  // Errors: as Database::open.
  static Result<std::unique_ptr<DatabaseImpl>> open(DatabaseOptions options);

  ~DatabaseImpl();

  [[nodiscard]] const Schema& schema() const { return options_.schema; }

  [[nodiscard]] const store::Tables& tables() const { return *tables_; }

  [[nodiscard]] base::Clock& clock() const { return *options_.clock; }

  [[nodiscard]] base::Random& random() const { return *options_.random; }

  [[nodiscard]] Executor* background() const { return options_.background; }

  // Runs `work(connection)`, which only reads, beside the writer. Several statements that are to
  // see one state need `read_state`. Errors: InvalidState in a write of this thread, and in memory
  // also in a read.
  template <class Work>
  auto read(Work&& work) -> decltype(work(std::declval<sql::Connection&>())) {
    CONVOY_CHECK_OK(check_outside_of_write());
    if (is_in_memory_) {
      // One connection for all: a second use of it by this thread would wait for itself.
      base::MutexLock lock(write_mutex_);
      const WriteMark mark(*this);
      return work(*writer_);
    }
    CONVOY_TRY(auto reader, borrow_reader());
    auto result = work(*reader);
    give_back(std::move(reader));
    return result;
  }

  // As read(), for work that is short and calls nobody. The first one goes through the writing
  // connection if that is free: a program that opens a file to read a record and is done needs no
  // second connection, which would take as long to open as the first.
  template <class Work>
  auto read_briefly(Work&& work) -> decltype(work(std::declval<sql::Connection&>())) {
    CONVOY_CHECK_OK(check_outside_of_write());
    if (is_in_memory_ || has_read_.exchange(true)) return read(std::forward<Work>(work));
    if (!write_mutex_.try_lock()) return read(std::forward<Work>(work));
    auto result = work(*writer_);
    write_mutex_.unlock();
    return result;
  }

  // As read(), and all of `work` sees one state.
  template <class Work>
  auto read_state(Work&& work) -> decltype(work(std::declval<sql::Connection&>())) {
    return read([&](sql::Connection& connection) -> decltype(work(connection)) {
      CONVOY_TRY(auto transaction, sql::Transaction::begin_read(connection));
      return work(connection);
    });
  }

  // As read_state(), with `work(connection, number)`: the state has the commits of this object up
  // to `number` and no others; those that follow are told to the listener. Waits for a commit under
  // way, not for the write before it.
  template <class Work>
  auto read_numbered(Work&& work)
      -> decltype(work(std::declval<sql::Connection&>(), std::uint64_t{})) {
    return read([&](sql::Connection& connection) -> decltype(work(connection, std::uint64_t{})) {
      CONVOY_TRY(auto transaction, sql::Transaction::begin_read(connection));
      CONVOY_TRY(const auto number, fix_state(connection));
      return work(connection, number);
    });
  }

  // Runs `work(connection)` in one transaction, which is committed if it succeeds. Errors: those of
  // `work` and of the commit; InvalidState in a write of this thread; NewerDatabase if another
  // process has migrated the file since it was opened.
  template <class Work>
  auto write(Work&& work) -> decltype(work(std::declval<sql::Connection&>())) {
    CONVOY_CHECK_OK(check_outside_of_write());
    base::MutexLock lock(write_mutex_);
    const WriteMark mark(*this);
    CONVOY_TRY(auto transaction, sql::Transaction::begin(*writer_));
    CONVOY_CHECK_OK(check_version());
    CONVOY_CHECK_OK(start_commit());
    CONVOY_TRY(const auto taken_over, take_over_foreign_writes());
    auto result = work(*writer_);
    if (result.ok()) {
      base::MutexLock committing(commit_mutex_);
      CONVOY_CHECK_OK(transaction.commit());
      taken_over_ = taken_over;
      finish_commit();
    }
    return result;
  }

  // Runs `work(connection)` on the writing connection, outside of a transaction.
  // REQUIRES: not in a write of this thread.
  template <class Work>
  void between_writes(Work&& work) {
    base::MutexLock lock(write_mutex_);
    work(*writer_);
  }

  // Errors: InvalidState in a write of this thread.
  [[nodiscard]] Status check_outside_of_write() const;

  // The one listener, owned by the database and gone before its connections are. The first caller
  // makes it, later ones get the same. Waits for no writer.
  store::CommitListener& listener(
      const std::function<std::unique_ptr<store::CommitListener>()>& make);

  // Which tables, by SQLite's names, the listener is told of: each commit from now on, also one
  // whose write is under way; that one may be told as not complete. Without tables, writes cost
  // nothing extra. Waits for no writer.
  void listen_to(std::set<std::string> tables);

  // Looks whether another process or object has written to the file since the last look, and tells
  // the listener. Cheap. False: a writer is at work, which looks itself; nothing was done.
  Result<bool> look_for_foreign_commits();

  // Private to this object: nobody else writes to it.
  [[nodiscard]] bool is_in_memory() const { return is_in_memory_; }

 private:
  // Notes that the thread is in a write, or in memory in a read.
  class WriteMark {
   public:
    explicit WriteMark(DatabaseImpl& impl) : impl_(impl) {
      impl_.writing_ = std::this_thread::get_id();
    }

    ~WriteMark() { impl_.writing_ = std::thread::id(); }

    WriteMark(const WriteMark&) = delete;
    WriteMark& operator=(const WriteMark&) = delete;

   private:
    DatabaseImpl& impl_;
  };

  explicit DatabaseImpl(DatabaseOptions options) : options_(std::move(options)) {}

  Result<std::unique_ptr<sql::Connection>> borrow_reader();
  void give_back(std::unique_ptr<sql::Connection> reader);
  Result<std::uint64_t> fix_state(sql::Connection& connection);

  enum class Moment { BetweenWrites, Later };

  void take_wishes(Moment moment) CONVOY_REQUIRES(write_mutex_);
  Status check_version() CONVOY_REQUIRES(write_mutex_);
  Status start_commit() CONVOY_REQUIRES(write_mutex_);
  // What another program wrote since the file was opened, before a write of ours builds on it. The
  // file's data version, up to which that is done when the transaction is committed.
  Result<std::int64_t> take_over_foreign_writes() CONVOY_REQUIRES(write_mutex_);
  void finish_commit() CONVOY_REQUIRES(write_mutex_, commit_mutex_);
  Status tell_foreign_commit() CONVOY_REQUIRES(write_mutex_);
  store::CommitListener* find_listener();

  // Constant once open.
  DatabaseOptions options_;
  bool is_in_memory_ = false;
  std::unique_ptr<store::Tables> tables_;

  std::atomic<std::thread::id> writing_;
  std::atomic<bool> has_read_ = false;

  // The mutexes, in the order in which they are taken.
  base::Mutex write_mutex_;
  std::unique_ptr<sql::Connection> writer_ CONVOY_GUARDED_BY(write_mutex_);
  store::CommitRecorder recorder_ CONVOY_GUARDED_BY(write_mutex_);
  // At the last look for foreign commits; unknown: there may have been some.
  std::optional<std::int64_t> data_version_ CONVOY_GUARDED_BY(write_mutex_);
  // When other programs' writes were last taken over; unknown: there may be some.
  std::optional<std::int64_t> taken_over_ CONVOY_GUARDED_BY(write_mutex_);

  // Held while a commit becomes visible and is told, so that a reader knows its state's number.
  base::Mutex commit_mutex_;
  std::uint64_t commits_ CONVOY_GUARDED_BY(commit_mutex_) = 0;

  base::Mutex listening_mutex_;
  std::unique_ptr<store::CommitListener> listener_ CONVOY_GUARDED_BY(listening_mutex_);
  std::set<std::string> wishes_ CONVOY_GUARDED_BY(listening_mutex_);
  bool are_wishes_new_ CONVOY_GUARDED_BY(listening_mutex_) = false;  // Not taken over yet.

  base::Mutex readers_mutex_;
  std::vector<std::unique_ptr<sql::Connection>> readers_ CONVOY_GUARDED_BY(readers_mutex_);
};

}  // namespace convoy
