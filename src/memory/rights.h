// rights.h: what the person whose database this is may change, as far as the device knows.
//
// The server decides; asking here first spares people a write that it would refuse later. Where the
// device knows no role (the project has no members table, or nothing was synced yet), all is
// allowed.
#pragma once

#include <string>
#include <string_view>

#include "convoy/database.h"
#include "memory/entity.h"

namespace convoy::memory {

enum class Right {
  Write,  // Members and owners; viewers only read.
  Own,    // Owners: deleting a workspace.
};

// The id of the user of this file; "" if it belongs to nobody.
Result<std::string> user_of(Reader& reader);

// The workspace in which a record lies; "" if what lies between is not on this device.
Result<std::string> workspace_of(Reader& reader, Entity entity, const Record& record);

// Errors: Refused, naming the workspace and the role.
Status check_right(Reader& reader, std::string_view workspace, Right right);

}  // namespace convoy::memory
