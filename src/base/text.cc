#include "base/text.h"

#include <cstdint>

namespace convoy::base {
namespace {

bool is_continuation(unsigned char byte) { return (byte & 0xC0U) == 0x80U; }

// Length of the sequence that starts with `lead`, and the allowed range of its second byte (Unicode
// 15, table 3-7).
struct Sequence {
  std::size_t length;
  unsigned char second_min;
  unsigned char second_max;
};

Sequence sequence_of(unsigned char lead) {
  if (lead < 0x80) return {1, 0, 0};
  if (lead >= 0xC2 && lead <= 0xDF) return {2, 0x80, 0xBF};
  if (lead == 0xE0) return {3, 0xA0, 0xBF};
  if (lead == 0xED) return {3, 0x80, 0x9F};
  if (lead >= 0xE1 && lead <= 0xEF) return {3, 0x80, 0xBF};
  if (lead == 0xF0) return {4, 0x90, 0xBF};
  if (lead >= 0xF1 && lead <= 0xF3) return {4, 0x80, 0xBF};
  if (lead == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

// The length of the character that begins there; 0 if none does.
std::size_t character_at(std::string_view text, std::size_t at) {
  const auto sequence = sequence_of(static_cast<unsigned char>(text[at]));
  if (sequence.length == 0 || at + sequence.length > text.size()) return 0;
  if (sequence.length > 1) {
    const auto second = static_cast<unsigned char>(text[at + 1]);
    if (second < sequence.second_min || second > sequence.second_max) return 0;
  }
  for (std::size_t i = 2; i < sequence.length; ++i) {
    if (!is_continuation(static_cast<unsigned char>(text[at + i]))) return 0;
  }
  return sequence.length;
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto length = character_at(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

bool is_storable(std::string_view text) {
  return text.find('\0') == std::string_view::npos && is_utf8(text);
}

std::string as_utf8(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto length = character_at(text, at);
    out += length == 0 ? "\xEF\xBF\xBD" : text.substr(at, length);
    at += length == 0 ? 1 : length;
  }
  return out;
}

Status check_text(std::string_view text, std::string_view what) {
  if (text.find('\0') != std::string_view::npos) {
    return Error{.code = ErrorCode::InvalidText,
                 .message = std::string(what) + " contains a NUL character",
                 .hint = "Remove it; Postgres cannot store it."};
  }
  if (!is_utf8(text)) {
    return Error{.code = ErrorCode::InvalidText,
                 .message = std::string(what) + " is not valid UTF-8",
                 .hint = "Convert it to UTF-8 first."};
  }
  return ok_status();
}

}  // namespace convoy::base
