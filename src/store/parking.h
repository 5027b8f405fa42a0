// parking.h: mutations out of the overlay, with a reason, and back into it; and which mutations
// can't do without which. All of it in the caller's transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.h"
#include "convoy/result.h"
#include "sql/connection.h"
#include "store/overlay.h"
#include "store/tables.h"
#include "store/write_history.h"

namespace convoy::store {

// Codes of this device's own, beside the server's.
inline constexpr std::string_view kDependsCode = "DEPENDS";
inline constexpr std::string_view kCorruptCode = "CORRUPT";

struct ParkingReason {
  std::string code;
  std::string message;
  std::string table;
  std::string id;
  std::int64_t depends_on = 0;
};

// Only the books: the overlay stays as it is.
Status note_parked(sql::Connection& connection, const Tables& tables, std::int64_t seq,
                   const ParkingReason& reason);

// Parks it. The rows it has no say in any more are added to `stale`, to be rebased; what it had
// resolved is open again.
Status park(sql::Connection& connection, const Tables& tables, std::int64_t seq,
            const ParkingReason& reason, std::vector<Overlay::RowKey>& stale);

// Pending again, under a new identity. Errors: Corrupt if its text can't be read.
Status unpark(sql::Connection& connection, Overlay& overlay, base::Random& random, std::int64_t seq,
              std::vector<Overlay::RowKey>& stale);

// Takes it out of all books but the history.
Status erase_mutation(sql::Connection& connection, Overlay& overlay, std::int64_t seq,
                      const Departure& departure, std::vector<Overlay::RowKey>& stale);

// The parked mutation that would make a row this one needs; nothing if it can go.
Result<std::optional<std::int64_t>> parked_need(sql::Connection& connection, std::int64_t seq);

// Those parked because of this one, and because of them: ascending, this one first.
Result<std::vector<std::int64_t>> parked_with(sql::Connection& connection, std::int64_t seq);

// See Outbox::dependents().
Result<std::vector<std::int64_t>> dependents_of(sql::Connection& connection, const Tables& tables,
                                                std::int64_t seq);

}  // namespace convoy::store
