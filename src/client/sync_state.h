// sync_state.h: what the process that syncs a file says about it to the others.
//
// A small file beside the database, replaced as a whole and never flushed: after a crash nobody
// syncs, and what it said is worth nothing. Whether somebody syncs is told by the lock alone, which
// the system frees when its holder dies.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/environment.h"
#include "convoy/result.h"
#include "convoy/status.h"

namespace convoy::client {

struct SyncState {
  Connection connection = Connection::Off;
  Realtime realtime = Realtime::Off;
  bool is_metered = false;
  std::optional<std::int64_t> process;
  std::optional<SyncActivity> activity;
  std::optional<std::int64_t> next_attempt_ms;
};

std::string encode(const SyncState& state);
// Nothing if it is not such a text: a file of another version.
std::optional<SyncState> decode_sync_state(std::string_view text);

// What is left to do at the pace so far; nothing before there is a pace, or without a goal.
std::optional<std::int64_t> remaining_ms(const SyncProgress& progress, std::int64_t elapsed_ms);

// Where the lock and the state of a database are.
std::string sync_lock_path(const std::string& database_path);
std::string sync_state_path(const std::string& database_path);

// Errors: Io, DiskFull; a state that is not told harms nobody.
Status write_sync_state(const std::string& database_path, const SyncState& state);
void remove_sync_state(const std::string& database_path) noexcept;

// Asks whoever syncs the file for a round; they see it within a moment. Errors: Io, DiskFull.
Status ask_for_sync(const std::string& database_path, base::Random& random);
// Another text after each time somebody asked.
std::string last_ask(const std::string& database_path);

// Off if no process syncs the file now.
SyncState read_sync_state(const std::string& database_path);

}  // namespace convoy::client
