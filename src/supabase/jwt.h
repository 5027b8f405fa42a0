// jwt.h: what a JWT claims. Nothing here is verified: only the server can do that, and only it
// needs to. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace convoy::supabase {

struct JwtClaims {
  std::optional<std::int64_t> exp;  // Seconds since 1970.
  std::string sub;
  std::string role;
  std::string email;
};

// Nothing if the text does not have the form of a JWT.
std::optional<JwtClaims> decode_jwt(std::string_view token);

}  // namespace convoy::supabase
