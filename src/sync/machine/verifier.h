// verifier.h: does this device hold what the server would show it? Events in, effects out, as in
// machine.h.
//
// For each scope: hash what is here → ask for the server's hashes → where a table differs, ask for
// its buckets → where buckets differ, ask for their rows → put them in place → hash again. It runs
// between two rounds of sync, when nothing is new. Repair never touches the outbox.
//
// A table that still differs after its repair is reported, and nothing more is tried: its values
// can't be kept as the server has them (a numeric of 30 digits in a column of doubles, say).
// Thread-safety: thread-compatible.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "convoy/result.h"
#include "convoy/schema.h"
#include "schema/verification.h"
#include "sync/machine/machine.h"

namespace convoy::sync::machine {

// --- What the host reports: these, Replied and Failed

struct ScopeHashed {
  schema::ScopeHashes hashes;
};

struct Repaired {
  std::int64_t rows = 0;  // Put in, replaced or removed; 0 for a back-fill that begins anew.
};

using VerifierEvent = std::variant<ScopeHashed, Replied, Repaired, Failed>;

// --- What the host shall do: these and Call

struct HashScope {
  std::string scope;
};

struct RepairBuckets {
  schema::BucketRepair repair;
};

// More differs than fits into one reply.
struct RestartBackfill {
  std::string scope;
};

// What was found.
struct Verification {
  struct Difference {
    std::string scope;
    std::string table;
    std::int64_t rows_here = 0;
    std::int64_t rows_there = 0;
    std::int64_t buckets = 0;
    std::int64_t rows_repaired = 0;
    bool is_repaired = false;  // Or will be, by the back-fill that the next sync begins.
  };

  std::int64_t scopes = 0;         // Compared.
  std::int64_t scopes_behind = 0;  // Not compared: a sync has to come first.
  std::int64_t rows = 0;           // Compared.
  std::vector<Difference> differences;
  std::vector<std::string> tables_left_out;  // The server does not have them for this user.
};

struct VerificationDone {
  Verification result;
  std::optional<Error> error;  // Nothing: all scopes were gone through.
};

using VerifierEffect =
    std::variant<HashScope, Call, RepairBuckets, RestartBackfill, VerificationDone>;

class Verifier {
 public:
  // `local` is borrowed and must outlive the verifier.
  Verifier(const Schema& local, schema::ReplicaState state);

  // The first effect.
  VerifierEffect start();
  // The next effect. REQUIRES: `event` reports the effect that was returned last.
  VerifierEffect on(VerifierEvent event);

  // So far.
  [[nodiscard]] const Verification& result() const { return result_; }

 private:
  enum class Step {
    HashingScope,
    ComparingTables,
    ComparingBuckets,
    FetchingRows,
    Repairing,
    HashingAgain,
    Restarting,
    Done
  };

  VerifierEffect next_scope();
  VerifierEffect next_table();
  VerifierEffect call();
  VerifierEffect on_reply(const base::Json& json);
  VerifierEffect compare_tables(const base::Json& json);
  VerifierEffect compare_buckets(const base::Json& json);
  VerifierEffect repair(const base::Json& json);
  VerifierEffect on_hashed(schema::ScopeHashes hashes);
  VerifierEffect skip_scope();
  VerifierEffect done(std::optional<Error> error = std::nullopt);

  const Schema* local_;
  schema::ReplicaState state_;
  Verification result_;
  Step step_ = Step::Done;

  std::vector<const schema::ScopeState*> scopes_;  // That are still to be compared, the next last.
  const schema::ScopeState* scope_ = nullptr;      // The one at hand.
  schema::ScopeHashes here_;
  std::vector<Verification::Difference> differing_;  // Tables of it, the next last.
  Verification::Difference table_;                   // The one at hand.
  schema::Buckets there_;                            // Its buckets on the server.
  std::vector<int> buckets_;                         // Those that differ.
};

}  // namespace convoy::sync::machine
