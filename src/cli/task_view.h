// task_view.h: what a task's page says beyond the task itself, for people.
#pragma once

#include <string>

#include "cli/page.h"
#include "memory/context.h"

namespace convoy::cli {

// Its place in the workflow, what it waits for and what waits for it, what happened, and what is
// worth knowing. Sections that have nothing to say are left out.
std::string task_sections(const memory::Context& context, const Page& page);

}  // namespace convoy::cli
