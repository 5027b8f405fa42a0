// status.h: how things stand on a device, as one value. Owned by the layer `client`.
//
// `Client::status()` gives it, `Client::observe_status()` follows it. What it says of syncing (the
// connection, what is under way, the next attempt) is of the process that syncs the file, whichever
// that is. Every member is explained in docs/reference/status.md, with the JSON that to_json()
// writes. Thread-safety: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace convoy {

// Of the JSON form: grows when a member is taken out or means something else; new members come
// without it.
inline constexpr int kStatusVersion = 1;

struct UserInfo {
  std::string id;
  std::string email;
};

enum class Connection {
  Off,          // Nobody syncs this file in the background; `sync` is by hand.
  Connecting,   // Nothing is known yet.
  Online,       // The last request got an answer.
  Offline,      // The last request did not reach the server.
  NeedsSignIn,  // Nobody is signed in, or the session has ended.
  Blocked,      // Somebody has to do something: see `last_sync`'s error.
  Paused,       // By the program or the user.
};

enum class Realtime {
  Off,         // Not wanted now.
  Connecting,  // Or waiting to try again; meanwhile the device polls.
  On,          // Every scope's doorbell is heard.
};

enum class SyncPhase { SigningIn, Pushing, Pulling, BackFilling, Verifying, Done };

struct SyncProgress {
  SyncPhase phase = SyncPhase::SigningIn;
  std::int64_t rows_received = 0;
  std::int64_t rows_expected = 0;  // 0: not known. An upper bound.
  std::int64_t mutations_sent = 0;
  std::int64_t mutations_expected = 0;
};

// The round that is under way.
struct SyncActivity {
  // "start", "commit", "doorbell", "timer", "user" or "reconnect"; "verify" while it is compared.
  std::string cause;
  std::int64_t started_at_ms = 0;
  SyncProgress progress;
  std::optional<std::int64_t> eta_ms;  // What is left at the pace so far, where that can be told.
};

struct LastSync {
  std::int64_t finished_at_ms = 0;
  std::string cause;
  std::string error_code;  // Empty: it went well. Else an ErrorCode's name.
  std::string error_message;
  std::string error_hint;  // What to do about it.
};

struct ScopeStatus {
  std::string id;
  std::string visibility;  // As the server names the caller's view of it.
  bool is_backfilling = false;
  std::int64_t rows_received = 0;  // Of the last back-fill …
  std::int64_t rows_expected = 0;  // … of at most so many; 0: not known.
  // It held all that the server showed then; nothing while it is back-filled.
  std::optional<std::int64_t> current_at_ms;
};

struct TableStatus {
  std::string name;
  std::int64_t rows = 0;    // That a query sees.
  std::int64_t unsent = 0;  // With changes that the server has not confirmed; deleted ones count.
};

// A table that is not synced, because the server's does not fit this program's schema. Its rows
// stay as they are, and what is written to them waits until it fits.
struct StoppedTable {
  std::string name;
  std::string problem;
};

// What the last comparison with the server found.
struct VerificationStatus {
  std::int64_t finished_at_ms = 0;
  std::int64_t rows = 0;        // Compared.
  std::int64_t repaired = 0;    // Rows put in, replaced or removed.
  std::int64_t unrepaired = 0;  // Tables whose values can't be kept as the server has them.
};

struct SyncStatus {
  std::optional<std::string> project_url;
  std::optional<UserInfo> user;  // Whose data is here; stays when the session ends, until sign-out.
  // There is a session; whether the server still honours it shows at the next sync.
  bool is_signed_in = false;
  std::string database_path;

  Connection connection = Connection::Off;
  Realtime realtime = Realtime::Off;
  bool is_metered = false;
  std::optional<std::int64_t> syncing_process;  // Its id, if a process syncs this file.
  std::optional<SyncActivity> activity;
  std::optional<std::int64_t> next_attempt_ms;  // When the next round begins if nothing happens.
  std::optional<LastSync> last_sync;
  std::optional<std::int64_t> last_success_ms;
  std::int64_t bytes_up = 0;  // Of all syncs of this file.
  std::int64_t bytes_down = 0;

  std::int64_t pending = 0;  // Mutations that no pull has confirmed yet.
  std::optional<std::int64_t> oldest_pending_ms;
  std::int64_t parked = 0;
  std::int64_t conflicts = 0;       // Of which a record is kept …
  std::int64_t conflicts_open = 0;  // … and those that wait for somebody to decide.
  // How much the server's clock is ahead of this device's. Beyond limits::kClockOffsetMax, "last
  // write wins" may settle in an order that surprises people.
  std::int64_t clock_offset_ms = 0;

  std::int64_t rows = 0;  // Confirmed by the server.
  std::vector<ScopeStatus> scopes;
  std::vector<TableStatus> tables;
  std::vector<StoppedTable> stopped;
  std::optional<VerificationStatus> verification;  // Nothing: never compared.
};

// "off", "connecting", "online", "offline", "needs_sign_in", "blocked", "paused".
std::string_view to_string(Connection connection) noexcept;
// "off", "connecting", "on".
std::string_view to_string(Realtime realtime) noexcept;
// "signing_in", "pushing", "pulling", "back_filling", "verifying", "done".
std::string_view to_string(SyncPhase phase) noexcept;

// One object on one line. Equal statuses give equal texts.
std::string to_json(const SyncStatus& status);

}  // namespace convoy
