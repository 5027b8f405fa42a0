#include "sql/transaction.h"

#include <utility>

namespace convoy::sql {
namespace {

Status run(Connection& connection, std::string_view sql) {
  CONVOY_TRY(auto statement, connection.prepare(sql));
  return statement.run();
}

}  // namespace

Result<Transaction> Transaction::begin(Connection& connection) {
  CONVOY_CHECK_OK(run(connection, "begin immediate"));
  return Transaction(connection);
}

Result<Transaction> Transaction::begin_read(Connection& connection) {
  CONVOY_CHECK_OK(run(connection, "begin deferred"));
  return Transaction(connection);
}

Status Transaction::fix_state(Connection& connection) {
  CONVOY_CHECK_OK(connection.integer("select count(*) from sqlite_schema where name is null"));
  return ok_status();
}

Transaction::Transaction(Transaction&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)) {}

Transaction::~Transaction() { roll_back(); }

Status Transaction::commit() {
  if (!connection_->is_in_transaction()) {
    connection_ = nullptr;
    return Error{.code = ErrorCode::Internal, .message = "the transaction was rolled back before"};
  }
  auto status = run(*connection_, "commit");
  if (!status.ok()) {
    roll_back();
    return status;
  }
  connection_ = nullptr;
  return status;
}

void Transaction::roll_back() noexcept {
  auto* connection = std::exchange(connection_, nullptr);
  // A rollback can't fail in a way that anything here could mend; SQLite repeats it on reopening.
  if (connection != nullptr && connection->is_in_transaction()) {
    static_cast<void>(run(*connection, "rollback"));
  }
}

}  // namespace convoy::sql
