// model_snapshot.h: Postgres' snapshots: which transactions a statement sees.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace convoy::sim {

using Xid = std::uint64_t;

struct Snapshot {
  Xid xmin = 1;          // All before are over.
  Xid xmax = 1;          // None from here on has begun.
  std::vector<Xid> xip;  // In progress, ascending.

  // pg_visible_in_snapshot.
  [[nodiscard]] bool sees(Xid xid) const;

  // "xmin:xmax:xip,…"
  [[nodiscard]] std::string text() const;
  static std::optional<Snapshot> parse(std::string_view text);
};

}  // namespace convoy::sim
