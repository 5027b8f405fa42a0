// database_impl.h: the connections of one open file.
//
// Thread-safety: thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.h"
#include "base/mutex.h"
#include "convoy/database.h"
#include "sql/connection.h"
#include "sql/transaction.h"
#include "store/tables.h"

namespace convoy {

class DatabaseImpl {
 public:
  // Errors: as Database::open.
  static Result<std::unique_ptr<DatabaseImpl>> open(DatabaseOptions options);

  [[nodiscard]] const Schema& schema() const { return options_.schema; }

  [[nodiscard]] const store::Tables& tables() const { return *tables_; }

  [[nodiscard]] base::Clock& clock() const { return *options_.clock; }

  [[nodiscard]] base::Random& random() const { return *options_.random; }

  // Runs `work(connection)`, which only reads, beside the writer. Several statements that are to
  // see one state need `read_state`.
  template <class Work>
  auto read(Work&& work) -> decltype(work(std::declval<sql::Connection&>())) {
    if (is_in_memory_) {
      base::MutexLock lock(write_mutex_);
      return work(*writer_);
    }
    CONVOY_TRY(auto reader, borrow_reader());
    auto result = work(*reader);
    give_back(std::move(reader));
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

  // Runs `work(connection)` in one transaction, which is committed if it succeeds.
  template <class Work>
  auto write(Work&& work) -> decltype(work(std::declval<sql::Connection&>())) {
    base::MutexLock lock(write_mutex_);
    CONVOY_TRY(auto transaction, sql::Transaction::begin(*writer_));
    auto result = work(*writer_);
    if (result.ok()) CONVOY_CHECK_OK(transaction.commit());
    return result;
  }

 private:
  explicit DatabaseImpl(DatabaseOptions options) : options_(std::move(options)) {}

  Result<std::unique_ptr<sql::Connection>> borrow_reader();
  void give_back(std::unique_ptr<sql::Connection> reader);

  // Constant once open.
  DatabaseOptions options_;
  bool is_in_memory_ = false;
  std::unique_ptr<store::Tables> tables_;

  base::Mutex write_mutex_;
  std::unique_ptr<sql::Connection> writer_ CONVOY_GUARDED_BY(write_mutex_);

  base::Mutex readers_mutex_;
  std::vector<std::unique_ptr<sql::Connection>> readers_ CONVOY_GUARDED_BY(readers_mutex_);
};

}  // namespace convoy
