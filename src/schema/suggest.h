// suggest.h: which known name a mistyped one was probably meant to be. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "convoy/schema.h"

namespace convoy::schema {

// "Did you mean "tasks"?", or nothing if no known name is near.
std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& known);

// UnknownTable, with the nearest table's name as the hint.
Error unknown_table(const Schema& schema, std::string_view name);

// UnknownColumn, with the nearest column's name as the hint.
Error unknown_column(const Table& table, std::string_view name);

}  // namespace convoy::schema
