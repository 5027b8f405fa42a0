// renames.h: which of the server's new names an old one probably became. Pure.
#pragma once

#include <string>

#include "convoy/schema.h"

namespace convoy::codegen {

// The table of `server` that `local` does not have and that has most of this table's columns; "" if
// none is likely.
std::string likely_table(const Table& table, const Schema& local, const Schema& server);

// The column of `server` that the table does not have, holds the same kind of values, and is alone
// in that or has a similar name; "" if none is likely.
std::string likely_column(const Column& column, const Table& table, const Table& server);

}  // namespace convoy::codegen
