// differences.h: how one result follows from another. Pure.
#pragma once

#include <vector>

#include "convoy/live.h"

namespace convoy::live {

using Rows = std::vector<RecordPointer>;

// True: the same content, and then `row` is the same object from now on.
bool adopt(RecordPointer& row, const RecordPointer& earlier);

// The steps that lead from `before` to `after`, ordered as LiveRows says: as few as possible. Rows
// of `after` whose content has not changed become the objects of `before`.
std::vector<Difference> differences(const Rows& before, Rows& after);

}  // namespace convoy::live
