#include "store/queue_reader.h"

#include <string>

namespace convoy::store {
namespace {

const std::string kSelect =
    "select seq, mid, uid, state, created_at_ms, attempts, body, code, message, table_name, "
    "row_id, hlc, depends_on from convoy_mutation";

QueuedMutation read_one(const sql::Statement& row) {
  return {.seq = row.integer(0),
          .mid = row.integer(1),
          .uid = row.text(2),
          .state = static_cast<MutationState>(row.integer(3)),
          .created_at_ms = row.integer(4),
          .attempts = static_cast<int>(row.integer(5)),
          .body = row.text(6),
          .code = row.text(7),
          .message = row.text(8),
          .table = row.text(9),
          .id = row.text(10),
          .hlc = static_cast<std::uint64_t>(row.integer(11)),
          .depends_on = row.integer(12)};
}

}  // namespace

std::string_view name_of(MutationState state) {
  switch (state) {
    case MutationState::Pending:
      return "pending";
    case MutationState::Sending:
      return "sending";
    case MutationState::Sent:
      return "sent";
    case MutationState::Parked:
      break;
  }
  return "parked";
}

Result<std::vector<QueuedMutation>> read_queue(sql::Connection& connection) {
  CONVOY_TRY(auto select, connection.prepare(kSelect + " order by seq"));
  std::vector<QueuedMutation> queue;
  for (;;) {
    CONVOY_TRY(const bool row, select.step());
    if (!row) return queue;
    queue.push_back(read_one(select));
  }
}

Result<std::optional<QueuedMutation>> read_mutation(sql::Connection& connection, std::int64_t seq) {
  CONVOY_TRY(auto select, connection.prepare(kSelect + " where seq = ?"));
  CONVOY_TRY(const bool found, select.bind_integer(1, seq).step());
  if (!found) return std::optional<QueuedMutation>();
  return std::optional(read_one(select));
}

}  // namespace convoy::store
