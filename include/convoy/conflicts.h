// conflicts.h: columns on which this device and others disagreed, and what became of them. Owned by
// the layer `store`.
//
//   ConflictLog log(database);
//   CONVOY_TRY(auto open, log.list({.state = ConflictState::Open}));
//   CONVOY_CHECK_OK(log.resolve(open[0].number, Resolution::Mine));
//
// Most conflicts are settled by their column's rule, and are here to be looked at. Those of columns
// with the rule `manual` stay open until somebody resolves them; nothing else waits for that. To
// follow them, observe_select() on the table convoy_conflict, as in
// "select count(*) from convoy_conflict where state = 'open'".
//
// Thread-safety: thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "convoy/database.h"
#include "convoy/result.h"
#include "convoy/value.h"

namespace convoy {

enum class ConflictState {
  Settled,   // By the column's rule.
  Open,      // The server keeps its value until somebody decides.
  Resolved,  // Was open.
};

// "settled", "open" or "resolved".
std::string_view to_string(ConflictState state) noexcept;

// Values are JSON.
struct ConflictInfo {
  std::int64_t number = 0;
  std::int64_t at_ms = 0;
  std::string table;
  std::string id;
  std::string column;
  std::string base;    // What this device's write was made on.
  std::string client;  // What it wrote.
  std::string server;  // What the server had; of an open one: what it has now.
  std::string kept;    // "server", "client" or "merged".
  std::string value;   // What the server made of both, if they were merged; else empty.
  std::string rule;
  std::string reason;  // The server's words, if it has any.
  ConflictState state = ConflictState::Settled;
  // How it was resolved: "mine", "theirs" or "value" by resolve(), "written" by another write of
  // the column, "agreed" when the server came to this device's value, "deleted" with the record.
  std::string resolution;
  std::optional<std::int64_t> resolved_at_ms;
};

// One object on one line; docs/reference/cli.md has the members.
std::string to_json(const ConflictInfo& conflict);

struct ConflictFilter {
  std::optional<ConflictState> state;
  std::string table;  // Empty: of all tables …
  std::string id;     // … and of all records.
};

enum class Resolution { Mine, Theirs };

class ConflictLog {
 public:
  // Borrowed; must outlive this object.
  explicit ConflictLog(Database& database) : database_(&database) {}

  // The oldest first. At most limits::kConflictsKeptMax that are not open are kept.
  Result<std::vector<ConflictInfo>> list(const ConflictFilter& filter = {});
  // Errors: NotFound.
  Result<ConflictInfo> find(std::int64_t number);

  // Resolves an open conflict: one local write of that column, sent and undone like any other.
  // "Theirs" writes nothing where the record has that value already. Undoing the write, or its
  // being refused, opens the conflict again. Errors: NotFound; InvalidState if it is not open;
  // those of Writer::update.
  Status resolve(std::int64_t number, Resolution resolution);
  // With a value of your own.
  Status resolve(std::int64_t number, Value value);

 private:
  Database* database_;
};

}  // namespace convoy
