// foreign.h: what other programs write to our file.
//
// WatermelonDB, and whatever else knows SQLite, may write to a file that is Convoy's. Triggers on
// the user's tables note each row they touch, with what it was, in the table convoy_foreign;
// Convoy's own connections leave that out (kForeignTable). So it costs nothing to know that nobody
// else wrote, and no row has to be looked for when somebody did.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "convoy/result.h"
#include "sql/connection.h"
#include "store/rows.h"
#include "store/tables.h"

namespace convoy::store {

// For Connection::leave_out_of_triggers().
inline constexpr std::string_view kForeignTable = "convoy_foreign";

enum class ForeignWrites {
  None,     // Nobody else wrote.
  Noted,    // What they wrote is in convoy_foreign.
  Unknown,  // The triggers are not all there: anything may have been written.
};

// Reads only, at most a few pages. `tables`: how many the file has.
Result<ForeignWrites> look_for_foreign_writes(sql::Connection& connection, std::size_t tables);

struct ForeignWrite {
  std::int64_t table_number = 0;  // A migration may have dropped the table since.
  std::string id;
};

// The rows that others touched, each once, in the order of their first touch. REQUIRES:
// ForeignWrites::Noted.
Result<std::vector<ForeignWrite>> foreign_writes(sql::Connection& connection);

// What is noted of one row.
struct ForeignNote {
  std::optional<Row> before;  // As Convoy had left it; nothing if there was none.
  bool was_marked = false;    // Its `_status` was "deleted" when it was taken out.
};

// Nothing if nothing is noted of it.
Result<std::optional<ForeignNote>> foreign_note(sql::Connection& connection, const TableInfo& info,
                                                std::string_view id);

// Forgets what was noted, and notes from now on. REQUIRES: a transaction that writes; the tables
// are as the schema has them.
Status start_noting(sql::Connection& connection, const Tables& tables);

// Whether there are triggers beside these. If not, a connection of ours need not run any, which is
// faster yet than leaving out what they do.
Result<bool> has_other_triggers(sql::Connection& connection);

// Takes the triggers out, so that tables and columns can be renamed and dropped.
Status stop_noting(sql::Connection& connection);

}  // namespace convoy::store
