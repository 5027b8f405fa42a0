// parts.h: the parts of the compiler, and what they share. Private to the layer `query`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "convoy/query.h"
#include "convoy/result.h"
#include "convoy/schema.h"

namespace convoy::query {

// What a simple condition comes to at most, in SQLite's count of an expression's levels.
inline constexpr int kSimpleHeight = 4;

// A piece of SQL that is true or false, and stands by itself between `and` and `or`.
struct Piece {
  std::string sql;
  std::vector<Value> args;  // For its `?`, in order.
  int height = kSimpleHeight;
};

// `a and b and c`, the lowest first: cheap conditions before sub-selects. SQLite counts each `and`
// of a chain as a level and allows 1000, so that long chains are put in parentheses, two and two.
// REQUIRES: pieces is not empty.
Piece join_pieces(std::vector<Piece> pieces, std::string_view word);

Error invalid_query(std::string message, std::string hint = {});

// "table"."column". REQUIRES: both are names of the schema.
std::string qualified(const Table& table, std::string_view column);

// A column of the table, or id, _status, _changed. Errors: UnknownColumn.
Status check_column(const Table& table, std::string_view name);

// What can't be an argument: text that is no text, NaN. `what` it is for, in messages. Errors:
// InvalidText, InvalidQuery.
Status check_argument(const Value& value, std::string_view what);

// All conditions hold and the record is not deleted. `joined`, one of them, is left out. REQUIRES:
// within the limits of depth.
Result<Piece> compile_filter(const Schema& schema, const Table& table,
                             const std::vector<const Condition*>& conditions,
                             const Condition* joined = nullptr);
Result<Piece> compile_comparison(const Table& table, const Where& where);
Result<Piece> compile_search(const Table& table, const Search& search);
Result<Piece> compile_fragment(const Table& table, const SqlFragment& fragment);
// A whole select, in parentheses.
Result<Piece> compile_statement(const SqlFragment& statement);

// What the table's index of words is to match. Errors: InvalidQuery, UnknownColumn, InvalidText.
Result<Value> search_argument(const Table& table, const Search& search);

}  // namespace convoy::query
