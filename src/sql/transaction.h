// transaction.h: all or nothing.
#pragma once

#include "convoy/result.h"
#include "sql/connection.h"

namespace convoy::sql {

// Destroying it before commit() rolls back.
// Thread-safety: as its connection, which must outlive it.
class Transaction {
 public:
  // Takes the write lock at once, so that nothing read inside can be out of date when it is
  // written. Errors: Busy, Io.
  static Result<Transaction> begin(Connection& connection);
  // One state of the database for several reads.
  static Result<Transaction> begin_read(Connection& connection);
  // A transaction that reads settles on its state with its first read: this is one.
  static Status fix_state(Connection& connection);

  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  // On disk when it returns; if it fails, nothing remains. Errors: Busy, DiskFull, Io; Internal if
  // SQLite has rolled back already.
  Status commit();

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}

  void roll_back() noexcept;

  Connection* connection_;  // Null once it is over.
};

}  // namespace convoy::sql
