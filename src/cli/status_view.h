// status_view.h: how things stand, for people. Pure, but for the local time zone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/style.h"
#include "convoy/client.h"

namespace convoy::cli {

struct Page {
  std::size_t columns = 0;  // 0: lines may be as long as they get.
  Style style{false};
  std::int64_t now_ms = 0;
};

std::string view(const SyncStatus& status, const Page& page);
// The same in a line that may replace itself.
std::string status_line(const SyncStatus& status, const Page& page);
std::string view(const std::vector<SyncLogEntry>& log, const Page& page);
std::string view(const std::vector<QueueEntry>& queue, const Page& page);
std::string view(const std::vector<ConflictInfo>& conflicts, const Page& page);

}  // namespace convoy::cli
