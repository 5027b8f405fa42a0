// exit_code.h: what the program's exit code says. Pure. Documented in docs/reference/cli.md.
#pragma once

#include "convoy/result.h"

namespace convoy::cli {

enum class ExitCode {
  Ok = 0,
  Internal = 1,
  Usage = 2,      // The command or a value in it is wrong.
  NotFound = 3,   // No such record, or more than one fits.
  Offline = 4,    // It can't be done now: offline, timed out, called off.
  SignIn = 5,     // Set up, or sign in, first.
  Refused = 6,    // The server does not allow it.
  Server = 7,     // The server can't serve this program.
  Local = 8,      // The local database or a file.
  Parked = 9,     // The sync is done, and the server refused some changes.
  Warnings = 10,  // `doctor` has warnings, or `schema diff` differences that break nothing.
  // `doctor` has errors, `schema diff` differences that break something, `verify` tables that stay
  // different.
  Problems = 11,
  Interrupted = 130,  // Ctrl-C.
};

ExitCode exit_code(ErrorCode code) noexcept;

}  // namespace convoy::cli
