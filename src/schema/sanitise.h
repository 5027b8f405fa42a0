// sanitise.h: a value against its column, in two tempers. Pure.
#pragma once

#include <string>
#include <string_view>

#include "convoy/result.h"
#include "convoy/schema.h"
#include "convoy/value.h"

namespace convoy::schema {

// What a column holds that was given no value: null, "", 0 or false.
Value default_value(const Column& column);

// WatermelonDB's rule for raw values from elsewhere, here: from a file that another program wrote.
// What does not fit becomes the column's default; a boolean may be 1 or 0. Text that is not UTF-8
// or has a NUL does not fit. Infinities stay only in a Timestamptz column.
Value sanitise(const Column& column, Value value);

// The value as it is to be stored: uuids in lower case, JSON compact, times rounded to
// microseconds, digits without leading zeros. Errors: InvalidArgument if it does not fit,
// InvalidText, both naming table.column.
Result<Value> check_value(const Table& table, const Column& column, Value value);

// The same, which copies nothing that is already as it is to be stored: the result points to
// `given` or to `scratch`.
Result<const Value*> check_in_place(const Table& table, const Column& column, const Value& given,
                                    Value& scratch);

// The id as it is to be stored: lower case where ids are UUIDs. Errors: InvalidArgument,
// InvalidText.
Result<std::string> check_id(const Table& table, std::string_view id);

// Whether two stored values of the column mean the same.
bool same_value(const Column& column, const Value& left, const Value& right);

}  // namespace convoy::schema
