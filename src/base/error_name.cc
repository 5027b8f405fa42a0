#include "base/error_name.h"

namespace convoy::base {

std::optional<ErrorCode> error_code_named(std::string_view name) noexcept {
#define CONVOY_ERROR_NAMED(code, number, retryable, text) \
  if (name == #code) return ErrorCode::code;
  CONVOY_ERROR_CODES(CONVOY_ERROR_NAMED)
#undef CONVOY_ERROR_NAMED
  return std::nullopt;
}

}  // namespace convoy::base
