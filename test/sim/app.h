// app.h: the application that is simulated: what the server's tables are, and what devices know of
// them. Rows here are made to get in sync's way: cascades, a parent that moves, rows only some may
// see, columns with every kind of rule, tables that are only added to or only read.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "convoy/schema.h"

namespace convoy::sim {

enum class Type { Text, Uuid, Integer, Boolean, Timestamp, Json };

// What settles a conflict on a column.
enum class Rule { ServerWins, ClientWins, Latest, LastWriteWins, Manual, Counter, Set };

// As it travels.
std::string_view name_of(Rule rule);

// How a table takes writes of devices.
enum class TableKind { Merge, AppendOnly, ReadOnly, Unsynced };

struct ColumnSpec {
  std::string name;
  Type type = Type::Text;
  bool is_nullable = false;
  Rule rule = Rule::ServerWins;
  int references = -1;  // The table.
  OnDelete on_delete = OnDelete::Nothing;
  bool is_readonly = false;  // For devices.
  bool is_checked = false;   // Not below zero.
};

struct TableSpec {
  std::string name;
  TableKind kind = TableKind::Merge;
  std::vector<ColumnSpec> columns;
  bool is_scope = false;    // A row is a scope of its own.
  int scope_column = -1;    // Names the scope; null is the global one.
  int via_column = -1;      // Names the parent whose scope it shares.
  bool resurrects = false;  // An edit of a deleted row takes it back.

  [[nodiscard]] int find(std::string_view column) const;
};

// The tables by number; parents before children.
inline constexpr int kMembers = 0;  // Who has which role in which space; not synced.
inline constexpr int kSpaces = 1;
inline constexpr int kLists = 2;
inline constexpr int kTasks = 3;
inline constexpr int kNotes = 4;
inline constexpr int kMarks =
    5;  // Pairs of rows that change in one transaction, in several scopes.
inline constexpr int kCards = 6;  // A column for each rule, and edits win over deletions.
inline constexpr int kTables = 7;

// Columns the code names.
inline constexpr int kMemberSpace = 0;
inline constexpr int kMemberUser = 1;
inline constexpr int kMemberRole = 2;
inline constexpr int kListSpace = 0;
inline constexpr int kListPrivateTo = 2;
inline constexpr int kTaskList = 0;
inline constexpr int kTaskParent = 1;
inline constexpr int kTaskPrivateTo = 8;
inline constexpr int kNoteTask = 0;
inline constexpr int kMarkSpace = 0;
inline constexpr int kMarkValue = 1;
inline constexpr int kCardList = 0;
inline constexpr int kCardState = 2;
inline constexpr int kCardTopic = 3;
inline constexpr int kCardVotes = 4;
inline constexpr int kCardLabels = 5;

inline constexpr std::string_view kGlobalScope = "00000000-0000-0000-0000-000000000000";

using Row = std::vector<base::Json>;  // In the order of the table's columns.

const std::vector<TableSpec>& tables();
// -1 if there is none.
int find_table(std::string_view name);

// The same as a device's program declares it.
const Schema& device_schema();

// A value as the column's type prints it; nothing if it is not of that type.
std::optional<base::Json> normalised(Type type, const base::Json& value);

}  // namespace convoy::sim
