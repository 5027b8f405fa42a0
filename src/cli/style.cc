#include "cli/style.h"

namespace convoy::cli {
namespace {

std::string_view escape(Ink ink) {
  switch (ink) {
    case Ink::Plain:
      return "";
    case Ink::Bold:
      return "\x1b[1m";
    case Ink::Dim:
      return "\x1b[2m";
    case Ink::Red:
      return "\x1b[31m";
    case Ink::Green:
      return "\x1b[32m";
    case Ink::Yellow:
      return "\x1b[33m";
    case Ink::Cyan:
      return "\x1b[36m";
  }
  return "";
}

}  // namespace

std::string Style::operator()(Ink ink, std::string_view text) const {
  if (!is_enabled_ || ink == Ink::Plain || text.empty()) return std::string(text);
  return std::string(escape(ink)).append(text).append("\x1b[0m");
}

Ink ink_of_status(std::string_view status) {
  if (status == "DONE" || status == "COMPLETED") return Ink::Green;
  if (status == "IN_PROGRESS" || status == "ACTIVE") return Ink::Cyan;
  if (status == "BLOCKED" || status == "parked") return Ink::Red;
  if (status == "ARCHIVED" || status == "ON_HOLD") return Ink::Dim;
  return Ink::Plain;
}

}  // namespace convoy::cli
