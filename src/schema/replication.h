// replication.h: the values that pass between `sync/machine`, which decides, and `store`, which
// keeps. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"

namespace convoy::schema {

// Rows of one table in one scope, as they travel (docs/design/sync-protocol.md, "changes").
struct RowChanges {
  std::string table;
  std::string scope;
  std::vector<std::string> columns;  // Without the id.
  std::vector<std::string> ids;      // One for each row.
  std::vector<base::Json::Array>
      rows;                       // rows[i][j] is the wire value of columns[j] in the row ids[i].
  std::vector<std::string> gone;  // Ids that are no longer in this scope, or visible.
};

// What the device knows about a scope it has.
struct ScopeState {
  std::string id;
  std::string visibility;
  std::string base;  // The cursor; set by the back-fill's first page.
  bool is_backfilling = false;
  std::optional<base::Json>
      backfill_after;  // Where the back-fill goes on; nothing before its first page.
  std::int64_t generation =
      0;  // Grows with each back-fill; rows it did not touch are removed when it ends.
  std::int64_t rows_expected = 0;  // The server's upper bound, for progress.
  std::int64_t rows_received = 0;

  bool operator==(const ScopeState&) const = default;
};

// All that sync keeps between two runs, apart from rows and mutations.
struct ReplicaState {
  std::string client_id;    // A UUID; made with the file.
  std::string epoch;        // Empty before the first contact.
  std::string fingerprint;  // Of the server's schema; empty before the first contact.
  std::map<std::string, ScopeState> scopes;
  // Tables that are not synced, because the server's does not fit, with what is wrong.
  std::map<std::string, std::string> stopped;
  std::int64_t mid_assigned = 0;  // The highest number given to a mutation.
  std::int64_t mid_seen = 0;      // The highest that a pull has shown to be applied.
};

// What the server says of a table it syncs, and of a column.
struct ServerColumn {
  std::string name;
  std::string type;
  bool is_nullable = false;
  bool is_writable = false;
  std::string rule;  // Empty: the table's.

  bool operator==(const ServerColumn&) const = default;
};

struct ServerTable {
  std::string name;
  std::string id;
  std::string conflict;   // "merge", "read_only", "append_only" …
  std::string on_delete;  // "delete_wins" or "resurrect".
  std::vector<ServerColumn> columns;

  bool operator==(const ServerTable&) const = default;
};

struct ServerSchema {
  std::string fingerprint;
  std::vector<ServerTable> tables;
};

// Everything one page changes on the device; applied in one local transaction, in the order of the
// members.
struct PageCommit {
  std::vector<std::string> scopes_removed;  // With all their rows.
  std::vector<RowChanges> changes;
  std::vector<ScopeState>
      scopes_saved;  // Added or replaced. Rows put in by `changes` get their scope's generation.
  std::vector<std::string>
      backfills_finished;  // Removes the scope's confirmed rows of older generations.
  std::optional<std::int64_t>
      acknowledged;  // Mutations up to this number leave the overlay and the outbox.
  std::optional<std::string> epoch;
  std::optional<ServerSchema> server_schema;   // If the device's is not the server's any more …
  std::map<std::string, std::string> stopped;  // … and then, the tables that do not fit.
  std::optional<std::int64_t> server_time_ms;  // When the server made the page.
};

// Something out of the ordinary that a sync did to get on, and why; the history keeps it.
struct Recovery {
  std::string
      step;  // "start_over", "fork", "back_fill_again", "repair" … see docs/reference/cli.md.
  std::string cause;  // "horizon", an SQLSTATE, "tasks" …

  bool operator==(const Recovery&) const = default;
};

// A mutation on its way out.
struct OutgoingMutation {
  std::int64_t mid = 0;
  std::string uid;
  std::string body;
  std::uint64_t hlc = 0;  // When it was made, see src/store/hybrid_clock.h. 0: not known.
  // The former client id under which it has its number. Empty: the present one.
  std::string sender;
};

// What the reply to a push says beside its outcomes.
struct PushAnswer {
  std::optional<std::int64_t> server_time_ms;  // When the server made it.
  std::optional<std::string> epoch;            // Of the log, if the device knew none.
  std::string sender;  // Under which former client id it was pushed; empty: the present one.
};

// A column on which two devices disagreed, and what became of it. Values are wire values.
struct Conflict {
  std::string table;
  std::string id;
  std::string column;
  base::Json base;
  base::Json client;
  base::Json server;
  std::string kept;                 // "server", "client" or "merged".
  std::optional<base::Json> value;  // What it is now, if it was merged.
  std::string rule;
  std::string reason;  // The server's words, if it has any.
};

// What the server says became of one mutation.
struct Outcome {
  enum class Kind { Applied, Merged, Rejected };
  std::int64_t mid = 0;
  Kind kind = Kind::Applied;
  std::vector<Conflict> conflicts;
  // Only for Rejected.
  std::string code;
  std::string message;
  std::string table;
  std::string id;
  std::string column;
  std::string constraint;
  // False: the server could not even read the call, and never counted the number.
  bool is_counted = true;
};

}  // namespace convoy::schema
