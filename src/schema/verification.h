// verification.h: the values that pass between `sync/machine/verifier`, which compares, and
// `store`, which holds. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "schema/replication.h"

namespace convoy::schema {

// Some rows of one table in one scope: how many, and the XOR of their hashes (row_hash.h).
struct RowsHash {
  std::int64_t rows = 0;
  std::uint64_t hash = 0;

  void add(const RowsHash& other) {
    rows += other.rows;
    hash ^= other.hash;
  }

  bool operator==(const RowsHash&) const = default;
};

// By number; those without rows are left out.
using Buckets = std::map<int, RowsHash>;

// What a device holds of a scope as confirmed by the server, whatever waits on top of it.
struct ScopeHashes {
  std::map<std::string, Buckets> tables;  // All that are synced, also the empty ones.
};

// Puts the server's rows in place of what a device holds of some buckets.
struct BucketRepair {
  std::string scope;
  std::string table;
  std::vector<int> buckets;
  std::vector<RowChanges> changes;  // All rows the server has there, and no others.
};

// The scope is to be back-filled again, into a new generation. Rows stay until that is done.
inline void restart(ScopeState& scope) {
  scope.base.clear();
  scope.is_backfilling = true;
  scope.backfill_after.reset();
  ++scope.generation;
  scope.rows_expected = 0;
  scope.rows_received = 0;
}

}  // namespace convoy::schema
