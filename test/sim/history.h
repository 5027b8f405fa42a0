// history.h: what became of each write of a device, followed through its outbox: it waits, it was
// sent, or it became part of the write before it. Judges the outbox by what the protocol says, not
// by the code that merges.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/device_state.h"

namespace convoy::sim {

// One transaction of the user's.
struct Written {
  OutboxEntry entry;                    // As it was last seen in the outbox.
  bool is_there = true;                 // Still in the outbox.
  std::optional<std::int64_t> part_of;  // The number of the one it is sent with.
};

class History {
 public:
  // Takes in the outbox as it is. To be called after everything that may merge or rename: a write,
  // a preparation of a push, an opening. Returns what can't be, or nothing.
  [[nodiscard]] std::optional<std::string> note(const std::vector<OutboxEntry>& outbox);

  // By their numbers in the outbox.
  [[nodiscard]] const std::map<std::int64_t, Written>& writes() const { return writes_; }

 private:
  using Absorbed = std::vector<const Written*>;

  [[nodiscard]] std::optional<std::string> leave(const std::vector<OutboxEntry>& outbox,
                                                 std::map<std::int64_t, Absorbed>& absorbed);
  [[nodiscard]] std::optional<std::string> check_text(const OutboxEntry& now,
                                                      const Absorbed& absorbed) const;

  std::map<std::int64_t, Written> writes_;
};

}  // namespace convoy::sim
