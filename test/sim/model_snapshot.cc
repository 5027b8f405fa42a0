#include "sim/model_snapshot.h"

#include <algorithm>
#include <charconv>

namespace convoy::sim {

bool Snapshot::sees(Xid xid) const {
  if (xid < xmin) return true;
  if (xid >= xmax) return false;
  return !std::ranges::binary_search(xip, xid);
}

std::string Snapshot::text() const {
  std::string text = std::to_string(xmin) + ":" + std::to_string(xmax) + ":";
  for (std::size_t i = 0; i < xip.size(); ++i) {
    text += (i == 0 ? "" : ",") + std::to_string(xip[i]);
  }
  return text;
}

std::optional<Snapshot> Snapshot::parse(std::string_view text) {
  const auto number = [&](Xid& value, char end) {
    const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{}) return false;
    text.remove_prefix(static_cast<std::size_t>(at - text.data()));
    if (text.empty()) return end == '\0';
    if (text.front() != end && end != '\0') return false;
    if (text.front() != ':' && text.front() != ',') return false;
    text.remove_prefix(1);
    return true;
  };
  Snapshot snapshot;
  if (!number(snapshot.xmin, ':') || !number(snapshot.xmax, ':')) return std::nullopt;
  if (snapshot.xmin == 0 || snapshot.xmin > snapshot.xmax) return std::nullopt;
  while (!text.empty()) {
    Xid xid = 0;
    if (!number(xid, '\0') || xid < snapshot.xmin || xid >= snapshot.xmax) return std::nullopt;
    snapshot.xip.push_back(xid);
  }
  return snapshot;
}

}  // namespace convoy::sim
