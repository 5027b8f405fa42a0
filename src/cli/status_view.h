// status_view.h: how things stand, for people. Pure, but for the local time zone.
#pragma once

#include <string>

#include "cli/page.h"
#include "convoy/client.h"

namespace convoy::cli {

std::string view(const SyncStatus& status, const Page& page);
// The same in a line that may replace itself.
std::string status_line(const SyncStatus& status, const Page& page);
std::string view(const std::vector<SyncLogEntry>& log, const Page& page);

}  // namespace convoy::cli
