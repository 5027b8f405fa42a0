// server.h: what a device's server says of itself, of the user's devices, and of its health. Owned
// by the layer `client`. Thread-safety: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace convoy {

// The answer to a device's hello.
struct ServerInfo {
  std::string version;        // Of the server's SQL: "0.1.0".
  std::int64_t last_mid = 0;  // The last mutation it has of this device; 0: it does not know it.
  bool has_realtime = false;  // It tells devices of changes.
  std::int64_t clock_skew_ms = 0;  // How much its clock is ahead of this device's, to about …
  std::int64_t round_trip_ms = 0;  // … half of what the question took.
};

// One of the user's devices.
struct DeviceInfo {
  std::string id;  // The client id of its local file.
  std::string name;
  std::string program;
  std::optional<std::int64_t> seen_at_ms;
  std::optional<std::int64_t> created_at_ms;
  std::int64_t last_mid = 0;
  bool is_revoked = false;
  bool is_this = false;  // This very device.
};

// Something that is wrong with a project, or will be.
struct ServerFinding {
  std::string check;     // docs/reference/server.md lists them.
  std::string severity;  // "error", "warning" or "note".
  std::string subject;
  std::string message;
  std::string fix;  // SQL that removes it; empty where it needs thought.
};

}  // namespace convoy
