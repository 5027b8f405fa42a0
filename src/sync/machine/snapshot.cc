#include "sync/machine/snapshot.h"

#include <charconv>
#include <cstdint>

namespace convoy::sync::machine {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

// What stands before the next `mark`, which is taken off together with it.
std::string_view take_until(std::string_view& text, char mark) {
  const auto at = text.find(mark);
  const auto part = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return part;
}

}  // namespace

std::optional<bool> is_visible(std::string_view xid, std::string_view snapshot) {
  const auto transaction = number(xid);
  const auto xmin = number(take_until(snapshot, ':'));
  const auto xmax = number(take_until(snapshot, ':'));
  if (!transaction || !xmin || !xmax) return std::nullopt;
  bool is_in_progress = false;
  while (!snapshot.empty()) {
    const auto running = number(take_until(snapshot, ','));
    if (!running) return std::nullopt;
    is_in_progress = is_in_progress || *running == *transaction;
  }
  if (*transaction < *xmin) return true;
  return *transaction < *xmax && !is_in_progress;
}

}  // namespace convoy::sync::machine
