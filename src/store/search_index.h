// search_index.h: the index of words for searchable columns, which SQLite's FTS5 keeps.
//
// It is derived data: for a table T with searchable columns the virtual table convoy_fts_T refers
// to T's rows by rowid, and triggers named convoy_fts_T_… keep it in step with every write, whoever
// makes it. VACUUM may give rows other rowids, and so the index is made anew when anything has
// changed the file's structure since it was made. Beside each index stands its
// vocabulary, convoy_words_T (term, doc, cnt), where programs find the words that somebody may have
// meant.
#pragma once

#include <string>
#include <string_view>

#include "convoy/result.h"
#include "convoy/schema.h"
#include "sql/connection.h"

namespace convoy::store {

// The name, not quoted, of the table's vocabulary.
std::string vocabulary_name(const Table& table);

// Whether the file's index is what the schema asks for. Reads only, two values.
Result<bool> has_search_index(sql::Connection& connection, const Schema& schema);

// Makes it so. REQUIRES: a transaction that writes; the last thing in it that changes structure.
Status make_search_index(sql::Connection& connection, const Schema& schema);

// Says that the index is as good as it was although the file's structure has changed: no row has
// got another rowid. REQUIRES: has_search_index() before the change.
Status keep_search_index(sql::Connection& connection, const Schema& schema);

// Takes the index out, so that tables and columns can be renamed and dropped.
Status drop_search_index(sql::Connection& connection);

}  // namespace convoy::store
