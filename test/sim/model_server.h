// model_server.h: a Convoy server in memory: what docs/design/sync-protocol.md and the SQL under
// supabase/migrations say, without Postgres. Each call runs in one step; transactions of writers
// stay open across steps.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/clock.h"
#include "sim/model_rows.h"
#include "sim/model_store.h"
#include "sim/mutants.h"
#include "sim/random.h"
#include "sim/server.h"

namespace convoy::sim {

// convoy.client, and its rows of convoy.outcome.
struct ModelClient {
  std::string user;
  std::int64_t last_mid = 0;
  std::vector<std::string> uids;                // Of the last 64 mutations, oldest first.
  std::map<std::int64_t, base::Json> outcomes;  // Those that say more than "applied".
};

// What became of a mutation, as the server's own history has it. For the checks.
struct LedgerEntry {
  int times_applied = 0;
  bool is_known = false;           // The server has answered it, and no restore took that back.
  std::set<std::string> refusals;  // The codes it was refused with.
  bool is_lost = false;            // A restore took it back.
  std::uint64_t commit = 0;
  // Rows as the mutation left them, if nothing came after it in its push.
  std::map<Key, std::int64_t> revisions;
};

class ModelServer final : public Server {
 public:
  ModelServer(WorldClock& clock, Random random, Mutant mutant);

  RpcReply rpc(const std::string& user, std::string_view function,
               const base::Json& request) override;

  WriterId begin() override;
  Done execute(WriterId writer, const Statement& statement) override;
  void commit(WriterId writer) override;
  void roll_back(WriterId writer) override;

  std::vector<std::string> ids(int table) override;
  View view(const std::string& user) override;
  std::map<std::string, std::string> roles(const std::string& user) override;

  void collect_garbage(std::int64_t keep_ms) override;
  void bump_policy() override;
  void back_up() override;
  void restore() override;
  void after_restore() override;

  // Pages are cut to this size, whatever the device asks for.
  void set_page_rows(std::size_t rows) { page_rows_ = rows; }

  // In thousandths: pushes that fail for a moment, with 40001 or 57014.
  void set_transient_errors(int permille) { transient_errors_ = permille; }

  // Called between two statements of a call. In one that is STABLE nothing shows of it.
  void set_interruption(std::function<void()> interruption) {
    interruption_ = std::move(interruption);
  }

  // --- For the checks ---

  [[nodiscard]] const std::map<std::string, LedgerEntry>& ledger() const { return ledger_; }

  [[nodiscard]] const ModelStore& store() const { return store_; }

  [[nodiscard]] const std::string& epoch() const { return epoch_; }

  [[nodiscard]] std::int64_t now_ms() const { return clock_->now_ms(); }

  [[nodiscard]] ModelRows rows() { return {store_, clock_->now_ms(), Mutant::None}; }

  // How many commits a snapshot of this epoch has seen; nothing if this server never made it.
  [[nodiscard]] std::optional<std::uint64_t> commits_seen(const std::string& snapshot) const;
  // Since when the user sees a scope with the same eyes; nothing if not at all.
  std::optional<std::uint64_t> seen_since(const std::string& user, const std::string& scope);
  [[nodiscard]] bool can_see(const std::string& user, const Key& key, const Record& record);
  [[nodiscard]] bool can_change(const std::string& user, const Key& key, const Row& row);

 private:
  struct Session {
    std::string user;
    std::string client;
    Snapshot snapshot;
    std::uint64_t commits = 0;  // That the snapshot sees.
    std::int64_t last_mid = 0;
  };

  struct Place {  // A log entry of a page.
    std::string scope;
    Xid xid = 0;
    Key key;
    bool is_dead = false;
  };

  // --- Requests (model_server.cc) ---
  std::optional<RpcReply> refuse(const std::string& user, const base::Json& request);
  Session open_session(const std::string& user, const base::Json& request);
  std::string remember(const Snapshot& snapshot, std::uint64_t commits);
  static RpcReply error(int status, std::string code, std::string message);
  static base::Json head(std::string_view status);
  std::string new_uuid();

  // --- Pull (model_pull.cc) ---
  RpcReply pull(const std::string& user, const base::Json& request);
  RpcReply backfill(const std::string& user, const base::Json& request);
  std::map<std::string, std::string> scopes_of(const std::string& user);  // To visibilities.
  std::vector<Place> changes(const std::map<std::string, Snapshot>& bases, const Snapshot& target,
                             const std::optional<Place>& after);
  bool is_new(const LogEntry& entry, const Snapshot& base) const;
  base::Json rows_of(const std::string& user, const std::vector<Place>& places, bool tell_gone);
  base::Json schema();
  void interrupt();

  // --- Push (model_push.cc) ---
  RpcReply push(const std::string& user, const base::Json& request);
  std::optional<RpcReply> refuse_numbers(const ModelClient& client, const base::Json::Array& list);
  base::Json run_mutation(Transaction& transaction, const std::string& client, std::int64_t mid,
                          const base::Json& mutation);
  [[nodiscard]] Stamp stamp_of(const std::string& client, const base::Json& mutation) const;
  SqlStatus apply(ModelRows& rows, Transaction& transaction, const base::Json& operation,
                  base::Json::Array& conflicts);
  void note_applied(const Transaction& transaction, const std::string& uid);

  // --- Conflicts (model_conflicts.cc) ---
  SqlStatus apply_update(ModelRows& rows, Transaction& transaction, const Key& key,
                         const Values& given, const Values* base, base::Json::Array& conflicts);

  WorldClock* clock_;
  Random random_;
  Mutant mutant_;
  ModelStore store_;
  std::map<std::string, ModelClient> clients_;
  std::string epoch_;
  int policy_epoch_ = 1;
  Xid gc_horizon_ = 0;
  bool is_restored_ = false;  // And not yet released.
  std::size_t page_rows_ = 1000;
  int transient_errors_ = 0;
  std::function<void()> interruption_;

  std::map<std::string, LedgerEntry> ledger_;
  std::map<std::string, std::uint64_t> snapshots_;  // Text to commits.
  std::map<std::string, std::int64_t> snapshot_times_;
  std::map<std::string, std::uint64_t> snapshot_sequences_;
  std::uint64_t policy_changed_ = 0;  // By which commit.

  struct Backup {
    ModelStore::Records records;
    std::map<std::string, ModelClient> clients;
    std::map<std::string, LedgerEntry> ledger;
    Xid gc_horizon = 0;
  };

  std::optional<Backup> backup_;
};

}  // namespace convoy::sim
