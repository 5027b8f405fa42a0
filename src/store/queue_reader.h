// queue_reader.h: the outbox as it is, for people to look at.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "convoy/result.h"
#include "sql/connection.h"
#include "store/replica.h"

namespace convoy::store {

// "pending", "sending", "sent" or "parked".
std::string_view name_of(MutationState state);

Result<std::vector<QueuedMutation>> read_queue(sql::Connection& connection);
Result<std::optional<QueuedMutation>> read_mutation(sql::Connection& connection, std::int64_t seq);

}  // namespace convoy::store
