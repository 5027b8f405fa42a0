// c_observer.h: live queries of the C interface, as the scripts look at them.
#pragma once

#include <convoy.h>

#include <memory>

#include "conformance/runner/driver.h"
#include "convoy/schema.h"

namespace convoy::conformance::c {

// The schema must outlive it.
Result<std::unique_ptr<Observer>> observe(convoy_database* database, const Schema& schema,
                                          const Read& read);

}  // namespace convoy::conformance::c
