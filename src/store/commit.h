// commit.h: what a commit changed, row by row, for whoever keeps something up to date with it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "convoy/database.h"

namespace convoy::store {

// Rows are as a reader sees them: one that is marked as deleted is absent.
struct RowChange {
  std::string id;
  std::optional<Record> before;
  std::optional<Record> after;  // Never both absent.
};

struct TableChange {
  std::string name;              // Of the schema's or one of the engine's own.
  const Table* table = nullptr;  // Null for the engine's own.
  // Every row of it that differs, once. Only of the schema's tables.
  std::vector<RowChange> rows;
  // False: more rows than are worth listing (limits::kCommitRowsMax), or it can't be known, or the
  // file holds values there that are none of their columns', with which SQLite reckons and records
  // do not show; `rows` is empty.
  bool is_complete = true;
};

struct Commit {
  std::uint64_t number = 0;  // Of this database object: 1, 2, 3 …
  // Another process or object wrote to the file: anything may have changed, `tables` is empty.
  bool is_foreign = false;
  std::vector<TableChange> tables;  // Those that were asked for and touched.
};

// Thread-safety: called under the database's write lock, in the order of commits.
class CommitListener {
 public:
  virtual ~CommitListener() = default;
  // Must only note the commit and return: the writer waits. Commits that touch nothing that was
  // asked for are not told.
  virtual void on_commit(std::shared_ptr<const Commit> commit) noexcept = 0;
};

}  // namespace convoy::store
