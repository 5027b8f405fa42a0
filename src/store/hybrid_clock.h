// hybrid_clock.h: stamps that order the writes of several devices, for columns where the last one
// wins.
//
// A stamp is milliseconds since 1970 in its upper 48 bits and a counter in the lower 16. The
// milliseconds are the server's, as far as the device knows how much its own clock differs. Stamps
// of one file only ever grow: neither a clock that is set back nor a restart makes a later write
// look earlier.
#pragma once

#include <cstdint>

#include "base/environment.h"
#include "convoy/result.h"
#include "sql/connection.h"

namespace convoy::store {

// The stamp of a transaction that is about to be committed, after the one that was given last.
Result<std::uint64_t> next_stamp(sql::Connection& connection, base::Clock& clock,
                                 std::int64_t last);

// Compares the device's clock with the time in a reply that has just arrived.
Status note_server_time(sql::Connection& connection, base::Clock& clock,
                        std::int64_t server_time_ms);

// How much the server's clock is ahead of the device's; 0 before the first contact.
Result<std::int64_t> clock_offset_ms(sql::Connection& connection);

}  // namespace convoy::store
