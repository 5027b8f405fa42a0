// replica.h: the database as the sync engine sees it: what the server confirmed, and the mutations
// it has not.
//
// What the user sees in a table is the confirmed row plus the pending mutations, re-applied column
// by column ("rebase") whenever either changes. Each function is one transaction, on disk when it
// returns. Thread-safety: thread-safe, as Database.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "convoy/database.h"
#include "schema/replication.h"
#include "schema/verification.h"

namespace convoy::store {

enum class MutationState {
  Pending,  // Not sent yet.
  Sending,  // Has a number; the server may or may not have it.
  Sent,     // The server has it; the next window will contain it.
  Parked,   // The server refused it; out of the overlay, waiting for the user.
};

// A mutation in the outbox, for people to look at.
struct QueuedMutation {
  std::int64_t seq = 0;  // Local order; never used twice.
  std::int64_t mid = 0;  // 0: not given yet.
  std::string uid;
  MutationState state = MutationState::Pending;
  std::int64_t created_at_ms = 0;
  int attempts = 0;
  std::string body;     // The operations, JSON text as it is sent.
  std::string code;     // Parked: the server's SQLSTATE …
  std::string message;  // … its words …
  std::string table;    // … and the row it is about, if it said so.
  std::string id;
  std::uint64_t hlc = 0;
  std::int64_t depends_on = 0;  // Parked with this one.
};

struct ReplicaCounts {
  std::int64_t pending = 0;  // Pending, sending and sent.
  std::int64_t parked = 0;
  std::int64_t conflicts = 0;
  std::int64_t conflicts_open = 0;
  std::int64_t clock_offset_ms = 0;               // How much the server's clock is ahead.
  std::int64_t rows = 0;                          // Confirmed rows.
  std::optional<std::int64_t> oldest_pending_ms;  // When the oldest of `pending` was made.
};

// How far the outbox has come. Mutations are counted in local order; parked ones are left out.
struct OutboxProgress {
  std::optional<std::int64_t> first_unsent;       // The server may not have it.
  std::optional<std::int64_t> first_unconfirmed;  // No pull has shown it.
  std::optional<std::int64_t> last;
};

// A select whose result changes whenever something is written that is to be sent, and whenever what
// waits gets further: its first column is the last mutation that was not tried yet.
inline constexpr std::string_view kOutboxSelect =
    "select max(seq) filter (where state = 0), min(seq), min(seq) filter (where state <> 3), "
    "min(seq) filter (where state < 2), count(*) from convoy_mutation";

// A select whose result changes whenever outbox, conflicts, scopes or history do.
inline constexpr std::string_view kBooksSelect =
    "select (select count(*) || ' ' || max(seq) || ' ' || sum(state) from convoy_mutation), "
    "(select max(number) from convoy_conflict), (select max(number) from convoy_sync_run), "
    "(select value from convoy_meta where key = 'verification'), "
    "(select group_concat(id || base || visibility || rows_received || is_backfilling) from "
    "convoy_scope)";

// One finished or failed sync, for `convoy status` and the history.
struct SyncRun {
  std::int64_t started_at_ms = 0;
  std::int64_t finished_at_ms = 0;
  std::string cause;       // Why it was run; machine::to_string(Cause).
  std::string error_code;  // Empty: success.
  std::string error_message;
  std::string error_hint;
  std::int64_t push_ms = 0;  // How long each phase took.
  std::int64_t pull_ms = 0;
  std::int64_t back_fill_ms = 0;
  std::vector<schema::Recovery> recoveries;
  std::int64_t rows_received = 0;
  std::int64_t mutations_sent = 0;
  std::int64_t bytes_up = 0;
  std::int64_t bytes_down = 0;
};

// What the last comparison with the server found.
struct VerificationResult {
  std::int64_t finished_at_ms = 0;
  std::int64_t rows = 0;        // Compared.
  std::int64_t repaired = 0;    // Rows put in, replaced or removed.
  std::int64_t unrepaired = 0;  // Tables that can't be kept as the server has them.
};

// Older runs are forgotten.
inline constexpr std::int64_t kSyncRunsMax = 200;

class Replica {
 public:
  // Borrowed; must outlive this object.
  explicit Replica(Database& database) : database_(&database) {}

  Result<schema::ReplicaState> load();

  // The next mutations to send, oldest first: those already `Sending`, then pending ones, which get
  // their numbers here. Those with a number under a former client id go first, each id's alone.
  // Bounded by count and bytes; empty if nothing waits. Parked and sent ones
  // are left out. Pending ones of one record that follow each other become one; those that need a
  // record which a parked one would make are parked with it.
  Result<std::vector<schema::OutgoingMutation>> prepare_push(std::size_t count_max,
                                                             std::size_t bytes_max);

  // Records what the server answered: `Sent`, or `Parked` with the reason, whose rows fall back to
  // what they are without it; conflicts are kept. An update of a row that is gone waits again as an
  // insert where the table says so.
  Status apply_outcomes(const std::vector<schema::Outcome>& outcomes,
                        const schema::PushAnswer& answer = {});

  // Applies a page, see PageCommit.
  // Errors: SchemaMismatch if a known table lacks one of our columns or a value can't be of its
  // column's type: nothing is applied. Tables and columns that the local schema does not have are
  // skipped.
  Status apply_page(const schema::PageCommit& page);

  // What this device holds of a scope, hashed, on one state.
  Result<schema::ScopeHashes> hash_scope(const std::string& scope);

  // Puts the server's rows in place of what is here of some buckets; what waits to be sent stays.
  // The number of rows put in, replaced or removed. Errors: as apply_page(): nothing is changed.
  Result<std::int64_t> repair(const schema::BucketRepair& repair);

  // The scope is back-filled anew by the next sync. Its rows stay until that is done.
  Status restart_backfill(const std::string& scope);

  Status record_verification(const VerificationResult& result);
  // Nothing if there never was one.
  Result<std::optional<VerificationResult>> last_verification();
  // When that was; without one, when the first sync began, which fetched all there was.
  Result<std::int64_t> compared_ms();

  // Another copy of this file uses the same client id: take a new one, and give the unsent
  // mutations new numbers from 1.
  Result<std::string> fork();

  // Remembers that the server will not hear of this client id any more …
  Status note_revoked();
  // … and takes a new one then, as fork() does. False: it was not revoked.
  Result<bool> renew_revoked();

  // The server does not have these mutations of a former client id: they are sent under the present
  // one.
  Status renumber(const std::string& sender, const std::vector<std::int64_t>& mids);

  // The server's log is a new one: every scope is back-filled again; rows and outbox stay, and what
  // was sent but not yet seen in a pull is sent again.
  Status start_over(const std::string& epoch);

  Result<ReplicaCounts> counts();
  Result<std::vector<QueuedMutation>> queue();
  Result<OutboxProgress> outbox();
  // Those that are not parked, by their seq.
  Result<std::vector<std::int64_t>> waiting();
  // The first of `seqs` that is parked, with the reason and without its body; nothing if none is.
  Result<std::optional<QueuedMutation>> first_parked(const std::vector<std::int64_t>& seqs);

  // The history of syncs, bounded to kSyncRunsMax; the last success always stays.
  Status record_run(const SyncRun& run);
  Result<std::optional<SyncRun>> last_run(bool successful_only);
  // The latest ones, newest first.
  Result<std::vector<SyncRun>> runs(std::size_t count_max);

  struct Traffic {
    std::int64_t bytes_up = 0;
    std::int64_t bytes_down = 0;
  };

  // Of all runs that were ever recorded.
  Result<Traffic> traffic();

 private:
  Database* database_;
};

}  // namespace convoy::store
