// error_name.h: error codes that were kept as their names.
#pragma once

#include <optional>
#include <string_view>

#include "convoy/result.h"

namespace convoy::base {

// The reverse of to_string(ErrorCode).
std::optional<ErrorCode> error_code_named(std::string_view name) noexcept;

}  // namespace convoy::base
