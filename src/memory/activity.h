// activity.h: what happened to a task. Entries are added, never changed.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "convoy/database.h"
#include "memory/actor.h"

namespace convoy::memory {

inline constexpr std::string_view kComment = "COMMENT";
inline constexpr std::string_view kStageChange = "STAGE_CHANGE";

// The name under which an actor stands in the feed: an agent's own, a person's user id.
Result<std::string> actor_id(Reader& reader, const Actor& actor);

// A type as it is kept: "stage-change" is STAGE_CHANGE. Errors: InvalidArgument if it is not a word
// of letters, digits and underscores.
Result<std::string> activity_type(std::string_view text);

// Adds an entry to a task that is here. Errors: those of the database.
Result<Record> write_activity(Writer& writer, std::string_view task, std::string_view type,
                              const base::Json& details, const Actor& actor);

}  // namespace convoy::memory
