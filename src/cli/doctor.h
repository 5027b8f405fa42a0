// doctor.h: what keeps a device from syncing, or will, and what to do about it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/device.h"

namespace convoy::cli {

// In this order: what is worse comes later.
enum class Severity { Ok, Note, Warning, Error };

std::string_view to_string(Severity severity);

struct Finding {
  std::string check;  // docs/reference/cli.md lists them; "server.…" is the server's own doctor.
  Severity severity = Severity::Ok;
  std::string subject;  // What it is about; empty: the device.
  std::string message;
  std::string fix;  // What to do; empty if there is nothing.
};

struct Examination {
  std::int64_t now_ms = 0;
  std::string version;     // Of this program.
  std::string secret_key;  // Empty: the server's own doctor is not asked.
};

// Looks at everything that can be looked at, and changes nothing but when the server last saw this
// device. What can't be found out, because something before it failed, is left out.
std::vector<Finding> examine(Device& device, const Examination& examination);

// The worst of them; Ok if there is none.
Severity worst(const std::vector<Finding>& findings);

// Less than 0 if `left` is the older of two versions like "0.10.2", more if it is the newer one, 0
// if they are one or can't be read. Pure.
int compare_versions(std::string_view left, std::string_view right);

}  // namespace convoy::cli
