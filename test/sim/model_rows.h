// model_rows.h: what a statement on one row does: defaults, constraints, foreign keys with their
// cascades, triggers, Row Level Security, and the change log's triggers (convoy.enable).
#pragma once

#include <map>
#include <optional>
#include <string>

#include "sim/model_store.h"
#include "sim/mutants.h"

namespace convoy::sim {

// Why a statement failed: SQLSTATE and words.
struct SqlError {
  std::string code;
  std::string message;
  std::string constraint;
  std::string column;
};

using SqlStatus = std::optional<SqlError>;  // Nothing: done.
using Values = std::map<int, base::Json>;   // By column.

class ModelRows {
 public:
  ModelRows(ModelStore& store, std::int64_t now, Mutant mutant)
      : store_(&store), now_(now), mutant_(mutant) {}

  // Of a transaction with a user Row Level Security applies. Errors: 23505, 23503, 23514, 42501,
  // 55P03.
  SqlStatus insert(Transaction& transaction, const Key& key, const Values& values);
  // REQUIRES: the row is there and may be updated. Errors: as insert().
  SqlStatus update(Transaction& transaction, const Key& key, const Values& values);
  // REQUIRES: the row is there and may be deleted. Errors: 55P03.
  SqlStatus remove(Transaction& transaction, const Key& key);

  // --- Row Level Security ---

  // "" if the user is no member.
  std::string role(const Transaction* transaction, const std::string& user,
                   const std::string& space) const;
  bool can_read(const Transaction* transaction, const std::string& user, const Key& key,
                const Record& record) const;
  // As a policy for update and delete, and for what a write leaves behind.
  bool can_write(const Transaction* transaction, const std::string& user, int table,
                 const std::string& id, const Row& row) const;

 private:
  SqlStatus check_row(Transaction& transaction, const Key& key, const Row& row,
                      const Values& given);
  // convoy_stamp's triggers.
  void stamp_new(const Transaction& transaction, Record& record) const;
  void stamp_changed(const Transaction& transaction, int table, Record& record,
                     const Row& after) const;
  [[nodiscard]] Stamp stamp_of(const Transaction& transaction) const;
  SqlStatus place(Transaction& transaction, const Key& key, bool touch);
  SqlStatus place_children(Transaction& transaction, const Key& key);
  SqlStatus let_go(Transaction& transaction, const Key& key);
  // The space the row belongs to, as a policy finds it: by its parents, not by the log.
  std::string space_of(const Transaction* transaction, const Key& key, const Row& row) const;
  // The scope the row belongs to; empty if its parent is unknown.
  std::string home_of(const Transaction* transaction, const Key& key, const Row& row) const;
  [[nodiscard]] LogEntry entry(const Transaction& transaction, const std::string& scope) const;

  ModelStore* store_;
  std::int64_t now_;
  Mutant mutant_;
};

// "55P03": what Postgres says when a lock was not given in time.
SqlError blocked();

}  // namespace convoy::sim
