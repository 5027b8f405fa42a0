#include "base/uuid.h"

#include <array>

namespace convoy::base {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

using Bytes = std::array<std::uint8_t, 16>;

std::string format(Bytes bytes, std::uint8_t version) {
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | (std::uint32_t{version} << 4U));
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += kHex[bytes[i] >> 4U];
    text += kHex[bytes[i] & 0xFU];
  }
  return text;
}

}  // namespace

std::string uuid_v7(std::int64_t now_ms, Random& random) {
  Bytes bytes{};
  random.fill(bytes);
  const auto time = static_cast<std::uint64_t>(now_ms);
  for (unsigned i = 0; i < 6; ++i) bytes[i] = static_cast<std::uint8_t>(time >> (40U - 8U * i));
  return format(bytes, 7);
}

std::string uuid_v4(Random& random) {
  Bytes bytes{};
  random.fill(bytes);
  return format(bytes, 4);
}

std::string random_id(Random& random) {
  constexpr std::string_view kAlphabet =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  std::string id;
  while (id.size() < 16) {
    Bytes bytes{};
    random.fill(bytes);
    for (const auto byte : bytes) {
      // Six bits each; values beyond the alphabet are drawn again, so that every character is
      // equally likely.
      const auto index = static_cast<std::size_t>(byte >> 2U);
      if (index < kAlphabet.size() && id.size() < 16) id += kAlphabet[index];
    }
  }
  return id;
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    if (dash ? c != '-' : !hex) return false;
  }
  return true;
}

}  // namespace convoy::base
