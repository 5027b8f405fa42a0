#include "supabase/jwt.h"

#include "base/json.h"

namespace convoy::supabase {
namespace {

// The value of a digit of base64url, or 64.
unsigned digit(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<unsigned>(c - 'A');
  if (c >= 'a' && c <= 'z') return static_cast<unsigned>(c - 'a') + 26;
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0') + 52;
  if (c == '-') return 62;
  if (c == '_') return 63;
  return 64;
}

std::optional<std::string> decode_base64url(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string bytes;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const unsigned value = digit(c);
    if (value == 64) return std::nullopt;
    bits = ((bits << 6U) | value) & 0xFFFFFU;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU);
    }
  }
  return bytes;
}

std::string text_member(const base::Json& object, std::string_view name) {
  const auto* member = object.find(name);
  const auto* text = member != nullptr ? member->string() : nullptr;
  return text != nullptr ? *text : std::string();
}

}  // namespace

std::optional<JwtClaims> decode_jwt(std::string_view token) {
  const auto first = token.find('.');
  if (first == std::string_view::npos || first == 0) return std::nullopt;
  const auto second = token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  const auto payload = decode_base64url(token.substr(first + 1, second - first - 1));
  if (!payload) return std::nullopt;
  const auto json = base::parse_json(*payload);
  if (!json.ok() || json->object() == nullptr) return std::nullopt;
  JwtClaims claims{.exp = std::nullopt,
                   .sub = text_member(*json, "sub"),
                   .role = text_member(*json, "role"),
                   .email = text_member(*json, "email")};
  if (const auto* exp = json->find("exp")) claims.exp = exp->integer();
  return claims;
}

}  // namespace convoy::supabase
