// erasure.h: deleting so that nothing of it can be read from the file afterwards.
//
// SQLite leaves deleted rows in the file's free pages until something else needs them. For what a
// device may not see any more that is not enough: those pages are overwritten with zeros, the index
// of words forgets its deleted words, and the log is emptied into the file. (What the disk itself
// still has of overwritten blocks is beyond us.)
#pragma once

#include "convoy/result.h"
#include "convoy/schema.h"
#include "sql/connection.h"

namespace convoy::store {

// While it lives, the connection overwrites what it deletes.
class Erasure {
 public:
  // `connection` must outlive this object.
  explicit Erasure(sql::Connection& connection);
  Erasure(const Erasure&) = delete;
  Erasure& operator=(const Erasure&) = delete;
  ~Erasure();

  // Also from the index of words, which keeps words of deleted rows until it is merged.
  Status forget_words(const Schema& schema);

 private:
  sql::Connection& connection_;
};

// Outside of a transaction. Readers of an older state keep the log; then it is emptied by a later
// commit.
void empty_log(sql::Connection& connection);

}  // namespace convoy::store
