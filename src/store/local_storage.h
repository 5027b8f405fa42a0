// local_storage.h: WatermelonDB's table of that name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "convoy/result.h"
#include "sql/connection.h"

namespace convoy::store {

// As Database's functions for local values say.
Result<std::optional<std::string>> read_local(sql::Connection& connection, std::string_view key);
Status write_local(sql::Connection& connection, std::string_view key, std::string_view value);
Status remove_local(sql::Connection& connection, std::string_view key);

// Errors: InvalidArgument, InvalidText.
Status check_local_key(std::string_view key);

}  // namespace convoy::store
