// The header as a C++ compiler sees it, beside the C++ API whose numbers it repeats.
#include <convoy.h>

#include "convoy/result.h"

extern "C" void test_cpp(void);

static_assert(CONVOY_E_INTERNAL == static_cast<int>(convoy::ErrorCode::Internal));
static_assert(CONVOY_E_MIGRATION_MISSING == static_cast<int>(convoy::ErrorCode::MigrationMissing));
static_assert(CONVOY_E_REJECTED == static_cast<int>(convoy::ErrorCode::Rejected));

void test_cpp(void) {
  // Nothing to do at run time: that it compiles and links is the test.
  static_cast<void>(convoy_abi_version());
}
