// kept_rows.h: what the server answered earlier, for when it can't be reached.
//
// It is kept in the database's local storage and not among the confirmed rows: the cursor tells of
// changes only in what a device syncs, so a row that came another way would never be corrected or
// removed. docs/design/context-service.md says more.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "convoy/database.h"
#include "memory/server_rows.h"

namespace convoy::memory {

// Younger answers are as good as new ones: somebody who looks at a task again a moment later waits
// for nothing.
inline constexpr std::int64_t kKeptFreshMs = 60'000;
// Older ones are forgotten: the person may have lost the right to see them meanwhile.
inline constexpr std::int64_t kKeptForMs = std::int64_t{7} * 24 * 3600 * 1000;
inline constexpr std::size_t kKeptTasksMax = 32;
inline constexpr std::size_t kKeptBytesMax = std::size_t{512} << 10U;

// Replies by what was asked.
struct Replies {
  std::int64_t at_ms = 0;
  std::map<std::string, base::Json> by_request;
};

// Passes questions on and remembers the answers.
class RecordingRows final : public ServerRows {
 public:
  // Borrowed.
  explicit RecordingRows(ServerRows& server) : server_(&server) {}

  Result<base::Json> read(const std::string& table, const RowParameters& parameters) override;

  Replies replies;
  std::int64_t requests = 0;

 private:
  ServerRows* server_;
};

// Answers from memory. Errors: Offline for what was never asked.
class ReplayedRows final : public ServerRows {
 public:
  explicit ReplayedRows(Replies replies) : replies_(std::move(replies)) {}

  Result<base::Json> read(const std::string& table, const RowParameters& parameters) override;

 private:
  Replies replies_;
};

// Nothing if there is none, or it is too old.
Result<std::optional<Replies>> load_replies(Database& database, const std::string& task_id,
                                            std::int64_t now_ms);

// Keeps them, and forgets the oldest of other tasks beyond the bounds above. Replies that are too
// large are not kept.
Status keep_replies(Database& database, const std::string& task_id, const Replies& replies);

Status forget_replies(Database& database, const std::string& task_id);

}  // namespace convoy::memory
