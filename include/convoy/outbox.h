// outbox.h: local transactions on their way to the server. Owned by the layer `store`.
//
//   Outbox outbox(database);
//   CONVOY_TRY(auto entries, outbox.list());
//
// Each Database::write() is a mutation here until a pull has shown its result. One that the server
// refuses is parked with the reason, its records fall back to what they are without it, and
// everything else flows on. What becomes of it is up to the user.
//
// Thread-safety: thread-safe. Several processes may use one file.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "convoy/database.h"
#include "convoy/result.h"

namespace convoy {

// A local transaction that is not confirmed yet, or was refused.
struct QueueEntry {
  std::int64_t number = 0;  // Local order; never used twice.
  std::string state;        // "pending", "sending", "sent" or "parked".
  std::int64_t created_at_ms = 0;
  int attempts = 0;
  std::string operations;  // JSON: [{"op","table","id","values","base"}].
  // Why it was refused: the server's SQLSTATE or CV code, DEPENDS or CORRUPT; its words, and the
  // record it is about. Kept when it is tried again, until that goes well.
  std::string code;
  std::string message;
  std::string table;
  std::string id;
  std::int64_t depends_on = 0;  // Parked with this one; 0: on its own.
  // What discard() would take along. In list() only of parked ones.
  std::vector<std::int64_t> dependents;
};

// The life of one local transaction, as far as it has come.
struct WriteStory {
  std::int64_t number = 0;  // As QueueEntry has it.
  std::int64_t mid = 0;     // Under which number the server knows it; 0: none yet.
  // As QueueEntry has it, or how it left the outbox: "confirmed" by a pull, "absorbed" by an
  // earlier one of the same record that had not been sent either, or "discarded".
  std::string state;
  int attempts = 0;
  std::int64_t written_at_ms = 0;
  std::optional<std::int64_t> sent_at_ms;      // The last time.
  std::optional<std::int64_t> answered_at_ms;  // The server's answer came.
  std::optional<std::int64_t> left_at_ms;
  std::string outcome;  // "applied", or "merged" with another's changes; empty before an answer.
  std::string code;     // If it was refused: why.
  std::string message;
  std::int64_t absorbed_by = 0;
  std::string operations;  // JSON: [{"op","table","id","columns"}].
};

// One object on one line; docs/reference/cli.md has the members.
std::string to_json(const QueueEntry& entry);
std::string to_json(const WriteStory& story);

// Functions that take a number: NotFound if there is no such mutation, InvalidState if it is not in
// a state for that, saying which. Lists of numbers are ascending.
class Outbox {
 public:
  // Borrowed; must outlive this object.
  explicit Outbox(Database& database) : database_(&database) {}

  // The oldest first. Errors: Corrupt, Io.
  Result<std::vector<QueueEntry>> list();
  Result<QueueEntry> find(std::int64_t number);

  // Also of those that left the outbox not too long ago: some thousand are remembered.
  Result<WriteStory> story(std::int64_t number);

  // A parked mutation waits to be sent again, in its old place and on the values it was made on,
  // with those that were parked because of it. All of them. Errors: InvalidState also if it can't
  // be read.
  Result<std::vector<std::int64_t>> retry(std::int64_t number);

  // Changes values of a record in a parked mutation, and retries it. Errors: also NotFound if the
  // mutation does not set values of that record; UnknownTable, UnknownColumn, InvalidArgument,
  // InvalidText.
  Result<std::vector<std::int64_t>> edit(std::int64_t number, std::string_view table,
                                         std::string_view id, Fields fields);

  // What discard() and undo() would take along: later mutations that have not been sent and change
  // or refer to a record that this one creates, or change a value that it wrote, and those that
  // depend on them in turn.
  Result<std::vector<std::int64_t>> dependents(std::int64_t number);

  // Gives up a mutation that is parked or has not been sent, with its dependents: their records
  // become what they are without them. All of them.
  Result<std::vector<std::int64_t>> discard(std::int64_t number);

  // The same of one that has not been sent and is not parked: as if it had never been written.
  Result<std::vector<std::int64_t>> undo(std::int64_t number);
  // Of the newest one. Errors: NotFound if nothing waits.
  Result<std::vector<std::int64_t>> undo_last();

  // Everything that is in the outbox, one line of JSON for each mutation, without the line break:
  // {"number","state","uid","mid","hlc","created_at_ms","attempts","code","message","operations"}.
  // Stops at the first error of `write`, and gives it.
  Status export_lines(const std::function<Status(std::string_view line)>& write);

 private:
  Database* database_;
};

}  // namespace convoy
