// list_view.h: records in a table, for people.
#pragma once

#include <string>
#include <vector>

#include "cli/status_view.h"
#include "memory/bank.h"

namespace convoy::cli {

// Rows not yet confirmed by the server are marked; a line below says so.
Result<std::string> list_view(memory::Bank& bank, memory::Entity entity,
                              const std::vector<Record>& records, const Page& page);

// The mark of a row that the server has not got yet; "" for others.
std::string mark_of(const Record& record);

}  // namespace convoy::cli
