// show_view.h: one record as a page, for people.
#pragma once

#include <string>

#include "cli/status_view.h"
#include "memory/bank.h"

namespace convoy::cli {

Result<std::string> show_view(memory::Bank& bank, memory::Entity entity, const Record& record,
                              const Page& page);

}  // namespace convoy::cli
