// The public face of the conflicts: looking at them, and deciding those that are open.
#include <functional>
#include <utility>

#include "convoy/conflicts.h"
#include "schema/suggest.h"
#include "schema/wire.h"
#include "store/conflict_book.h"
#include "store/database_impl.h"
#include "store/writer.h"

namespace convoy {
namespace {

using sql::Connection;

Error no_such_conflict(std::int64_t number) {
  return {.code = ErrorCode::NotFound,
          .message = "there is no conflict " + std::to_string(number),
          .hint = ""};
}

Result<ConflictInfo> require(Connection& connection, std::int64_t number) {
  CONVOY_TRY(auto found, store::read_conflict(connection, number));
  if (!found) return no_such_conflict(number);
  return *std::move(found);
}

// The value to write, as the column keeps it.
using Choose = std::function<Result<Value>(const ConflictInfo& conflict, const Column& column)>;

Status write_choice(DatabaseImpl& impl, std::int64_t number, std::string_view how,
                    const Choose& choose) {
  return impl.write([&](Connection& connection) -> Status {
    CONVOY_TRY(const auto conflict, require(connection, number));
    if (conflict.state != ConflictState::Open) {
      return Error{.code = ErrorCode::InvalidState,
                   .message = "conflict " + std::to_string(number) + " is " +
                              std::string(to_string(conflict.state)) + " already",
                   .hint = "Write the column to change its value."};
    }
    CONVOY_TRY(const auto* info, impl.tables().require(conflict.table));
    const auto index = info->column_index(conflict.column);
    if (!index) return schema::unknown_column(*info->table, conflict.column);
    CONVOY_TRY(auto value, choose(conflict, info->table->columns[*index]));
    CONVOY_TRY(auto server, base::parse_json(conflict.server));
    store::TransactionWriter writer(connection, impl.tables(), impl.clock(), impl.random());
    CONVOY_CHECK_OK(writer.decide(*info, conflict.id, *index, std::move(value), std::move(server)));
    CONVOY_CHECK_OK(writer.finish());
    return store::set_resolution(connection, impl.clock().now_ms(), number, how);
  });
}

}  // namespace

std::string_view to_string(ConflictState state) noexcept {
  switch (state) {
    case ConflictState::Open:
      return "open";
    case ConflictState::Resolved:
      return "resolved";
    case ConflictState::Settled:
      break;
  }
  return "settled";
}

Result<std::vector<ConflictInfo>> ConflictLog::list(const ConflictFilter& filter) {
  return database_->impl().read(
      [&](Connection& connection) { return store::read_conflicts(connection, filter); });
}

Result<ConflictInfo> ConflictLog::find(std::int64_t number) {
  return database_->impl().read(
      [&](Connection& connection) { return require(connection, number); });
}

Status ConflictLog::resolve(std::int64_t number, Resolution resolution) {
  const bool is_mine = resolution == Resolution::Mine;
  return write_choice(database_->impl(), number, is_mine ? "mine" : "theirs",
                      [&](const ConflictInfo& conflict, const Column& column) -> Result<Value> {
                        CONVOY_TRY(const auto wire,
                                   base::parse_json(is_mine ? conflict.client : conflict.server));
                        return schema::from_wire(column, wire);
                      });
}

Status ConflictLog::resolve(std::int64_t number, Value value) {
  return write_choice(database_->impl(), number, "value",
                      [&](const ConflictInfo& /*conflict*/,
                          const Column& /*column*/) -> Result<Value> { return std::move(value); });
}

}  // namespace convoy
