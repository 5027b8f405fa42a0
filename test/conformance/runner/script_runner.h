// script_runner.h: all cases of a script, in memory and on disk.
#pragma once

#include <string>
#include <string_view>

#include "conformance/runner/driver.h"
#include "conformance/runner/report.h"
#include "conformance/runner/script.h"

namespace convoy::conformance {

// `only`: cases whose sentence contains it. Empty: all.
Report run_script(Driver& driver, const Script& script, std::string_view only = {});

}  // namespace convoy::conformance
