// compile.h: a query as SQL. Pure.
//
// One file for each part of the language: compile_conditions.cc (all, any, on), relation.cc (which
// relation `on` means), compile_comparison.cc, compile_search.cc, fragment.cc (is SQL of the
// caller's contained?), search_text.cc (words of people).
#pragma once

#include <string>
#include <vector>

#include "convoy/query.h"
#include "convoy/result.h"
#include "convoy/schema.h"

namespace convoy::query {

struct Compiled {
  std::string sql;
  std::vector<Value> args;  // For the text's `?`, in order.
};

enum class Select {
  Rows,   // "id", "_status", "_changed", then the table's columns in their order.
  Count,  // One number.
};

// The same query gives the same text. REQUIRES: `table` is the schema's table `query.table`.
// Errors: UnknownTable, UnknownColumn with the nearest name, InvalidQuery, InvalidText. What only
// SQLite can see (mistakes in SQL and search expressions of the caller's) it says when it prepares
// or runs the text.
Result<Compiled> compile(const Schema& schema, const Table& table, const Query& query,
                         Select select);

// `select "table"."id", "table"."_status", "table"."_changed", … from "table"`.
std::string select_rows(const Table& table);

// The name between double quotes. REQUIRES: check_name(name).
std::string quoted(std::string_view name);

// The name, not quoted, of the table's full-text index: an FTS5 table over its searchable columns,
// with the rowids of the table. The store creates it where there are such columns.
std::string search_table_name(const Table& table);

}  // namespace convoy::query
