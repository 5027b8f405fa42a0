// compile.h: a query as SQL. Pure.
//
// One file for each part of the language: conditions and order are here; joins, nesting and full
// text will stand beside them.
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

// Errors: UnknownColumn with the nearest name, InvalidQuery.
Result<Compiled> compile(const Table& table, const Query& query, Select select);

// `select "id", "_status", "_changed", … from "table"`.
std::string select_rows(const Table& table);

// The name between double quotes. REQUIRES: check_name(name).
std::string quoted(std::string_view name);

}  // namespace convoy::query
