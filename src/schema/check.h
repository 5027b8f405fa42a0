// check.h: the rules for single tables and columns, as schemas and migrations share them. Pure.
#pragma once

#include <string>
#include <string_view>

#include "convoy/result.h"
#include "convoy/schema.h"

namespace convoy::schema {

// All of these: InvalidSchema, naming the table and column.

// Whether a table, or a column, may be called so.
Status check_table_name(std::string_view name);
Status check_column_name(std::string_view name);

// The column by itself: where its reference leads is not looked at.
Status check_column(std::string_view table, const Column& column);

// Name and columns, and that no column stands twice. References are not looked at.
Status check_table(const Table& table);

// Letters as SQLite compares names.
std::string lower(std::string_view text);

// The name of a column's index.
std::string index_name(std::string_view table, std::string_view column);

}  // namespace convoy::schema
