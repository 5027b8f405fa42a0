// change_view.h: the outbox and the conflicts, for people. Pure.
#pragma once

#include <string>
#include <vector>

#include "cli/page.h"
#include "convoy/conflicts.h"
#include "convoy/outbox.h"

namespace convoy::cli {

std::string view(const std::vector<QueueEntry>& queue, const Page& page);
std::string view(const std::vector<ConflictInfo>& conflicts, const Page& page);

// The life of one change, from its commit to the pull that confirmed it.
std::string view(const WriteStory& story, const Page& page);

// One of them with all there is to know.
std::string details_view(const QueueEntry& entry, const Page& page);
std::string details_view(const ConflictInfo& conflict, const Page& page);

}  // namespace convoy::cli
