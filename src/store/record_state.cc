// How a record stands between this device and the server.
#include "convoy/database.h"
#include "store/database_impl.h"

namespace convoy {
namespace {

RecordState state_of(std::string_view text) {
  for (const auto state :
       {RecordState::Conflict, RecordState::Parked, RecordState::Sending, RecordState::Pending}) {
    if (text == to_string(state)) return state;
  }
  return RecordState::Synced;
}

}  // namespace

std::string_view to_string(RecordState state) noexcept {
  switch (state) {
    case RecordState::Conflict:
      return "conflict";
    case RecordState::Parked:
      return "parked";
    case RecordState::Sending:
      return "sending";
    case RecordState::Pending:
      return "pending";
    case RecordState::Synced:
      break;
  }
  return "synced";
}

Result<RecordState> Database::record_state(std::string_view table, std::string_view id) {
  return impl_->read([&](sql::Connection& connection) -> Result<RecordState> {
    CONVOY_TRY(const auto* info, impl_->tables().require(table));
    CONVOY_TRY(auto select, connection.prepare("select state from convoy_record_state where "
                                               "table_name = ? and id = ?"));
    select.bind_text(1, std::string_view(info->table->name)).bind_text(2, id);
    CONVOY_TRY(const bool found, select.step());
    return found ? state_of(select.text_view(0)) : RecordState::Synced;
  });
}

}  // namespace convoy
