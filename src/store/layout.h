// layout.h: the tables of the file. Pure.
//
// The user's tables are laid out as WatermelonDB's encodeSchema does, to the letter, so that either
// program opens the other's file. The engine's own begin with convoy_.
#pragma once

#include <string>
#include <string_view>

#include "convoy/schema.h"

namespace convoy::store {

// Grows when the engine's own tables change.
inline constexpr int kFormat = 1;

// local_storage and the user's tables with their indices.
std::string user_tables_sql(const Schema& schema);

// One table with its indices.
std::string table_sql(const Table& table);

// The index of a column; nothing happens if there is one of this name.
std::string index_sql(std::string_view table, std::string_view column);

// The engine's own tables. A local write touches as few pages of them as can be: what is appended
// costs one, each index one more. In short:
//   convoy_meta          key → value: format, project, user, client_id, epoch, local_tables, …
//   convoy_table         the schema's tables by number, with their columns at the last opening
//   convoy_scope         what sync knows about each scope, by number; rows adopted from another
//                        program lie in scope 0 until the server names theirs
//   convoy_row           the confirmed rows: their scope
//   convoy_confirmed     what the server said of rows on which mutations pend
//   convoy_mutation      the outbox
//   convoy_mutation_row  the overlay: which rows each mutation concerns that is not parked
//   convoy_mutation_need rows that a mutation rests on and that no server has confirmed
//   convoy_parked_row    rows that parked mutations concern, and which of them they would make
//   convoy_server_table  the server's rules, so that the device knows them without a network
//   convoy_conflict, convoy_sync_run, convoy_write   what the user may look up
//   convoy_record_state  a view: rows that are not simply synced, and how they stand
std::string engine_tables_sql();

// The part of a column's definition that a file depends on: "number", "string indexed".
std::string fingerprint(const Column& column);

// The same of all columns, as text to compare: {"title":"string indexed", …}.
std::string fingerprint(const Table& table);

}  // namespace convoy::store
