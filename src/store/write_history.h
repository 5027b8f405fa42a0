// write_history.h: what became of each local transaction, kept for a while after it has left the
// outbox. All of it in the caller's transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "convoy/outbox.h"
#include "convoy/result.h"
#include "sql/connection.h"

namespace convoy::store {

// How a mutation leaves the outbox.
inline constexpr std::string_view kConfirmed = "confirmed";
inline constexpr std::string_view kAbsorbed = "absorbed";
inline constexpr std::string_view kDiscarded = "discarded";

struct Departure {
  std::string_view how;
  std::int64_t at_ms = 0;
  std::int64_t absorbed_by = 0;
};

// To be called before it is deleted.
Status note_departure(sql::Connection& connection, std::int64_t seq, const Departure& departure);

// The oldest ones are forgotten.
Status trim_history(sql::Connection& connection);

// Of one in the outbox, or one that has left it. Nothing if there never was one, or too long ago.
Result<std::optional<WriteStory>> read_story(sql::Connection& connection, std::int64_t seq);

}  // namespace convoy::store
