// model_store.h: rows and their change log under transactions, as Postgres keeps them at the
// isolation level READ COMMITTED.
//
// A record is a row together with its entries in the change log: whoever writes the one holds the
// lock on it, and so writes the other alone. A transaction works on copies, which become the
// committed records when it commits.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/app.h"
#include "sim/model_snapshot.h"
#include "sim/server.h"

namespace convoy::sim {

// convoy.log: this row is, or was, in this scope.
struct LogEntry {
  std::string scope;
  Xid xid = 0;  // Of the last change.
  bool is_dead = false;
  std::int64_t dead_at = 0;
  // Only for the mutants that take these for an order.
  std::int64_t began_at = 0;
  std::uint64_t sequence = 0;
};

// When something was written, as a hybrid logical clock has it, and by which device; by nobody
// Convoy knows: all zeros.
struct Stamp {
  std::uint64_t hlc = 0;
  std::string client{kGlobalScope};

  auto operator<=>(const Stamp&) const = default;
};

// convoy.stamp, for the columns of the rule last_write_wins.
struct Stamps {
  Stamp row;  // Of its insertion.
  std::map<int, Stamp> columns;

  [[nodiscard]] const Stamp& of(int column) const {
    const auto found = columns.find(column);
    return found == columns.end() ? row : found->second;
  }
};

// Whose write is under way. Without it, somebody's who is no device, and now.
struct Authorship {
  Stamp stamp;
  std::set<int> columns;  // Those that are stamped even if their value stays.
};

struct Record {
  std::optional<Row> row;
  Stamps stamps;
  std::vector<LogEntry> log;
  std::uint64_t changed = 0;  // Number of the commit that last changed it.

  // The scope it is in now; null if it is in none.
  [[nodiscard]] const LogEntry* home() const;
};

struct Transaction {
  Xid xid = 0;
  Xid subxid = 0;  // Of its savepoint.
  std::int64_t began_at = 0;
  std::string user;  // Empty: not subject to Row Level Security.
  std::map<Key, Record> writes;
  std::set<Key> shared;  // Parents of what it inserted: they must neither go nor move.
  bool in_savepoint = false;
  std::optional<Authorship> author;
};

class ModelStore {
 public:
  static constexpr Xid kFirstXid = 1000;

  using Records = std::map<Key, Record>;

  Transaction& begin(std::int64_t now, std::string user = {});
  Transaction* find(Xid xid);
  void commit(Xid xid);
  void roll_back(Xid xid);

  [[nodiscard]] Snapshot snapshot() const;

  // How many commits there were.
  [[nodiscard]] std::uint64_t commits() const { return commits_; }

  // What the transaction sees; null: what is committed. Null if there is nothing.
  const Record* read(const Transaction* transaction, const Key& key) const;
  // Calls `visit` for each record that the transaction sees with a row.
  void each(const Transaction* transaction, int table,
            const std::function<void(const Key&, const Record&)>& visit) const;

  // The transaction's copy, to change; null if another transaction has it. `leaves`: the row goes,
  // or moves, which also has to wait for those who inserted children of it.
  Record* lock(Transaction& transaction, const Key& key, bool leaves = false);
  // A parent that must stay where it is; false if another transaction is taking it away.
  bool share(Transaction& transaction, const Key& key);

  [[nodiscard]] const Records& committed() const { return committed_; }

  // For care that is no row's business (gc, restore). REQUIRES: nobody else has the record.
  Records& committed() { return committed_; }

  [[nodiscard]] bool is_locked(const Key& key) const;

  void restart_xids() { next_xid_ = kFirstXid; }

  Xid take_xid() { return next_xid_++; }

  std::uint64_t take_sequence() { return ++sequence_; }

  void note_commit() { ++commits_; }

  [[nodiscard]] const std::map<Xid, Transaction>& open() const { return open_; }

  void roll_back_all() { open_.clear(); }

 private:
  Records committed_;
  std::map<Xid, Transaction> open_;
  Xid next_xid_ = kFirstXid;
  std::uint64_t sequence_ = 0;
  std::uint64_t commits_ = 0;
};

}  // namespace convoy::sim
