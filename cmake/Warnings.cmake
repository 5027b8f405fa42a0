# Warnings live on one interface target that our own targets link privately: nothing is exported to consumers.
option(CONVOY_WARNINGS_AS_ERRORS "Warnings are errors (presets turn this on)" OFF)

add_library(convoy_warnings INTERFACE)
target_compile_options(convoy_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast
  -Wimplicit-fallthrough -Wno-missing-field-initializers
  # g++ 12 sees overlaps in its own std::string (its bug 105651, mended in 13).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  $<$<BOOL:${CONVOY_WARNINGS_AS_ERRORS}>:-Werror>
  $<$<CXX_COMPILER_ID:Clang>:-Wno-missing-designated-field-initializers>
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety -Werror=thread-safety>)

add_library(convoy_c_warnings INTERFACE)
target_compile_options(convoy_c_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
  $<$<BOOL:${CONVOY_WARNINGS_AS_ERRORS}>:-Werror>)

# The core is built without exceptions: errors are values, and WebAssembly has no cheap unwinding.
add_library(convoy_no_exceptions INTERFACE)
target_compile_options(convoy_no_exceptions INTERFACE -fno-exceptions)
