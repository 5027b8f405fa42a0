// limits.h: every bound of the engine that is not a caller's option, in one place.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace convoy::limits {

// A reply of the server is read to the end only up to here; a page is a small fraction of it.
inline constexpr std::size_t kReplyBytesMax = std::size_t{64} << 20U;
// Nesting of JSON, ours and the server's. Deeper documents are refused. The deepest query takes 66.
inline constexpr int kJsonDepthMax = 128;
// The server accepts at most this many mutations a call: Postgres caches 64 subtransactions per
// session.
inline constexpr std::size_t kPushMutationsMax = 50;
// Mutations are sent together up to here; a larger one goes alone.
inline constexpr std::size_t kPushBytesMax = std::size_t{240} << 10U;
// The server's bound for the whole request.
inline constexpr std::size_t kPushRequestBytesMax = std::size_t{4} << 20U;
// A mutation that can never be sent must not be made: the local transaction is refused instead.
inline constexpr std::size_t kMutationBytesMax = std::size_t{3} << 20U;
inline constexpr std::size_t kPageRowsDefault = 1000;
inline constexpr std::size_t kPageRowsMin = 50;
// Windows, back-fills and repairs in one round of sync. A server that never says "done" is an
// error, not a loop.
inline constexpr int kRoundsMax = 100;

// Conflicts that are over and stay to be looked at.
inline constexpr std::int64_t kConflictsKeptMax = 1000;
// Local transactions whose life is remembered after they left the outbox.
inline constexpr std::int64_t kWritesKeptMax = 5000;
// Mutations of one record that follow each other are sent as one up to here.
inline constexpr std::size_t kMergedMutationBytesMax = std::size_t{64} << 10U;
// A device's clock that differs more from the server's is worth a warning.
inline constexpr std::chrono::milliseconds kClockOffsetMax{5 * 60 * 1000};

// Rows of one table that a commit tells to live queries; beyond, they read anew.
inline constexpr std::size_t kCommitRowsMax = 10'000;
// Rows of commits that live queries have not come to yet; beyond, they read anew.
inline constexpr std::size_t kBacklogRowsMax = 50'000;
// Rows that a live query with a limit keeps at least beside those it shows, so that some may leave.
inline constexpr std::size_t kWindowSlackMin = 50;
// A live query that skips more than this is read anew instead of keeping what it skips.
inline constexpr std::size_t kWindowOffsetMax = 10'000;
// How often a program with live queries looks for commits of other processes.
inline constexpr std::chrono::milliseconds kForeignPollInterval{100};

// Queries. SQLite's own bounds are 1000 levels of an expression, which it adds up over all selects
// that stand in one another, and 32766 arguments.
inline constexpr int kQueryDepthMax = 32;
inline constexpr int kQueryRelationDepthMax = 12;  // `on` within `on`.
inline constexpr std::size_t kQueryConditionsMax = 1000;
inline constexpr std::size_t kQueryArgumentsMax = 30'000;
inline constexpr std::size_t kLikePatternBytesMax = 50'000;  // SQLite's own.
inline constexpr std::size_t kSearchWordsMax = 250;  // The time FTS5 takes grows with the square.

// WebSockets. A doorbell is a few hundred bytes; whatever is much larger is not for us.
inline constexpr std::size_t kSocketMessageBytesMax = std::size_t{1} << 20U;
inline constexpr std::size_t kSocketQueueBytesMax = std::size_t{1} << 20U;
// Supabase allows as many channels a connection; devices with more scopes poll.
inline constexpr std::size_t kRealtimeChannelsMax = 100;
inline constexpr std::size_t kRealtimeTopicBytesMax = 255;

inline constexpr std::chrono::milliseconds kConnectTimeout{10'000};
inline constexpr std::chrono::milliseconds kRequestTimeout{60'000};
inline constexpr std::chrono::milliseconds kBusyTimeout{10'000};

}  // namespace convoy::limits
