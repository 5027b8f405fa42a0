#include "store/hybrid_clock.h"

#include <algorithm>
#include <string_view>

#include "store/meta.h"

namespace convoy::store {
namespace {

constexpr std::string_view kOffset = "clock_offset_ms";

constexpr unsigned kCounterBits = 16;
// So that a stamp fits SQLite's integers: until the year 6429.
constexpr std::int64_t kTimeMax = (std::int64_t{1} << 47U) - 1;
// A reply is older than it says by the time it travelled, so the largest offset seen is the best
// one. A smaller one is believed only if no reply travels as long: then a clock was set.
constexpr std::int64_t kTravelMsMax = 60'000;

}  // namespace

Result<std::uint64_t> next_stamp(sql::Connection& connection, base::Clock& clock,
                                 std::int64_t last) {
  CONVOY_TRY(const auto offset, clock_offset_ms(connection));
  const auto now = std::clamp<std::int64_t>(clock.now_ms() + offset, 0, kTimeMax);
  return static_cast<std::uint64_t>(std::max(now << kCounterBits, last + 1));
}

Status note_server_time(sql::Connection& connection, base::Clock& clock,
                        std::int64_t server_time_ms) {
  const auto seen = server_time_ms - clock.now_ms();
  CONVOY_TRY(const auto known, read_meta(connection, kOffset));
  if (!known.empty()) {
    CONVOY_TRY(const auto offset, clock_offset_ms(connection));
    if (seen <= offset && seen >= offset - kTravelMsMax) return ok_status();
  }
  return write_meta(connection, kOffset, seen);
}

Result<std::int64_t> clock_offset_ms(sql::Connection& connection) {
  return read_meta_number(connection, kOffset);
}

}  // namespace convoy::store
