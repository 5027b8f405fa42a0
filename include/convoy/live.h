// live.h: results that stay current while you hold their handle. Owned by the layer `live`.
//
//   CONVOY_TRY(auto subscription, observe(database, from("tasks").order_by(desc("updated_at")),
//                                         [](const Result<LiveRows>& now) noexcept { … }));
//
// A callback is called with the result soon after the subscription is made, and again after each
// commit that changed it: of this program, or of another process on the same file (noticed within
// limits::kForeignPollInterval, sooner if this program writes). Commits that follow each other
// faster than they are delivered are delivered as one; the last state is always delivered; nothing
// is delivered when nothing changed. If reading fails, the callback gets the error, once, and each
// later commit tries again; the result that ends the failure is delivered even if it is the one
// before it.
//
// Thread-safety: thread-safe. The callbacks of one subscription never overlap; they run where
// `deliver_on` says, never under a lock, and must not throw. A callback may do whatever any other
// code may: read, write, subscribe, end its own subscription or another. It may run before the
// function that subscribes has returned; and it must not destroy the database.
//
// Ownership: destroying a Subscription ends it: no callback begins afterwards, one that runs on
// another thread is waited for, and then the function itself is destroyed. A Subscription may
// outlive its database; it is silent then. Destroying the database waits for callbacks that run.
//
// Example: examples/live/live.cc. How it works: docs/design/live-queries.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "convoy/database.h"
#include "convoy/executor.h"
#include "convoy/query.h"
#include "convoy/result.h"
#include "convoy/value.h"

namespace convoy {

namespace live {
class Interest;
}  // namespace live

struct LiveOptions {
  // Where callbacks run; borrowed, must outlive the subscription and whatever was posted for it.
  // Null: where the database works live queries out (DatabaseOptions::background), one after
  // another, so that a slow callback holds the others up.
  Executor* deliver_on = nullptr;
};

enum class DifferenceKind { Removed, Inserted, Moved, Changed };

// One step from the rows delivered last to these.
struct Difference {
  DifferenceKind kind = DifferenceKind::Changed;
  std::size_t from = 0;  // The position before: Removed, Moved, Changed.
  std::size_t to = 0;    // The position now: Inserted, Moved, Changed.

  bool operator==(const Difference&) const = default;
};

struct LiveRows {
  // In the query's order; one without an order is ordered by id. Rows whose content is the same as
  // in the last delivery are the same objects.
  std::vector<std::shared_ptr<const Record>> rows;
  // As few as there can be; empty at the first delivery. First those Removed, by `from`; then those
  // Inserted and Moved, by `to`; then those Changed, by `to`. To follow: take out of the rows
  // before whatever is Removed or Moved, at `from`; put in what is Inserted or Moved, one after
  // another, at `to`; replace what is Changed (which may have been Moved as well) at `to`.
  std::vector<Difference> differences;
  bool is_first = false;
};

// Keeps a result current; destroying it stops that.
class [[nodiscard]] Subscription {
 public:
  // To nothing.
  Subscription() noexcept;
  explicit Subscription(std::shared_ptr<live::Interest> interest) noexcept;
  Subscription(Subscription&& other) noexcept;
  Subscription& operator=(Subscription&& other) noexcept;
  ~Subscription();

  // As destroying it. Again: nothing.
  void stop() noexcept;

 private:
  std::shared_ptr<live::Interest> interest_;  // Shared with the database, which may end first.
};

// The records of a query. Errors: UnknownTable, UnknownColumn, InvalidQuery, InvalidText;
// InvalidState in a write of this thread.
Result<Subscription> observe(Database& database, Query query,
                             std::function<void(const Result<LiveRows>&)> on_change,
                             LiveOptions options = {});

// How many records a query has. Errors: as observe().
Result<Subscription> observe_count(Database& database, Query query,
                                   std::function<void(const Result<std::int64_t>&)> on_change,
                                   LiveOptions options = {});

using RecordPointer = std::shared_ptr<const Record>;

// One record; null while there is none, or a deleted one. It may come (back) later. Errors:
// UnknownTable; InvalidState in a write of this thread.
Result<Subscription> observe_record(Database& database, std::string table, std::string id,
                                    std::function<void(const Result<RecordPointer>&)> on_change,
                                    LiveOptions options = {});

// The record that `column` of the given record refers to, followed when the column changes. Null:
// there is none. Errors: UnknownTable, UnknownColumn; InvalidQuery if the column refers to no
// table; InvalidState in a write of this thread.
Result<Subscription> observe_parent(Database& database, std::string table, std::string id,
                                    std::string column,
                                    std::function<void(const Result<RecordPointer>&)> on_change,
                                    LiveOptions options = {});

// The plain values of a select of your own, run again when a table that it reads has changed (and
// not because time has passed). Errors: InvalidQuery, InvalidText; InvalidState in a write of this
// thread.
Result<Subscription> observe_select(Database& database, std::string sql, std::vector<Value> args,
                                    std::function<void(const Result<RawRows>&)> on_change,
                                    LiveOptions options = {});

// For programs that give the database an executor to work in the background, which has no clock:
// call it every now and then to see the commits of other processes. Cheap if there are none.
// Errors: Corrupt, Io.
Status look_for_commits(Database& database);

}  // namespace convoy
