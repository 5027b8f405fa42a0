#include "convoy/result.h"

namespace convoy {

std::string_view to_string(ErrorCode code) noexcept {
  switch (code) {
#define CONVOY_ERROR_NAME(name, number, retryable, text) \
  case ErrorCode::name:                                  \
    return #name;
    CONVOY_ERROR_CODES(CONVOY_ERROR_NAME)
#undef CONVOY_ERROR_NAME
  }
  return "Unknown";
}

std::string_view describe(ErrorCode code) noexcept {
  switch (code) {
#define CONVOY_ERROR_TEXT(name, number, retryable, text) \
  case ErrorCode::name:                                  \
    return text;
    CONVOY_ERROR_CODES(CONVOY_ERROR_TEXT)
#undef CONVOY_ERROR_TEXT
  }
  return "an unknown error";
}

bool is_retryable(ErrorCode code) noexcept {
  switch (code) {
#define CONVOY_ERROR_RETRYABLE(name, number, retryable, text) \
  case ErrorCode::name:                                       \
    return retryable;
    CONVOY_ERROR_CODES(CONVOY_ERROR_RETRYABLE)
#undef CONVOY_ERROR_RETRYABLE
  }
  return false;
}

Error Error::with_context(std::string_view what) && {
  message.insert(0, ": ").insert(0, what);
  return std::move(*this);
}

}  // namespace convoy
