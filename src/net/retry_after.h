// retry_after.h: how long a server asks its clients to wait. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace convoy::net {

// The value of a Retry-After header: whole seconds, or an HTTP date (RFC 9110 §5.6.7, its preferred
// form). A date in the past is 0. Nothing if it is neither.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value,
                                                           std::int64_t now_ms);

}  // namespace convoy::net
