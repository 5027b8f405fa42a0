// rows.h: results as convoy_rows.
#pragma once

#include <vector>

#include "bindings/c/handles.h"

namespace convoy::c {

convoy_rows* new_rows(const Table& table, std::vector<Record> records);
convoy_rows* new_rows(RawRows rows);

}  // namespace convoy::c
