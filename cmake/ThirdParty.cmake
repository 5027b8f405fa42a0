# SQLite and simdjson come as source from the npm packages that package-lock.json pins, so that native and WebAssembly
# builds share the same versions; libraries that only talk to the system come from the system.
set(CONVOY_NODE_MODULES "${PROJECT_SOURCE_DIR}/node_modules" CACHE PATH "Where npm installed the third-party sources")

set(sqlite_dir "${CONVOY_NODE_MODULES}/better-sqlite3/deps/sqlite3")
set(simdjson_dir "${CONVOY_NODE_MODULES}/@nozbe/simdjson/src")
if(NOT EXISTS "${sqlite_dir}/sqlite3.c" OR NOT EXISTS "${simdjson_dir}/simdjson.cpp")
  message(FATAL_ERROR "Third-party sources are missing: run `npm ci --ignore-scripts` (or ./scripts/build, which does).")
endif()

add_library(convoy_sqlite3 STATIC "${sqlite_dir}/sqlite3.c")
target_include_directories(convoy_sqlite3 SYSTEM PUBLIC "${sqlite_dir}")
target_compile_definitions(convoy_sqlite3 PRIVATE
  SQLITE_DQS=0 SQLITE_THREADSAFE=2 SQLITE_DEFAULT_MEMSTATUS=0 SQLITE_OMIT_LOAD_EXTENSION SQLITE_OMIT_DEPRECATED
  SQLITE_OMIT_SHARED_CACHE SQLITE_ENABLE_FTS5 SQLITE_ENABLE_MATH_FUNCTIONS SQLITE_ENABLE_API_ARMOR
  SQLITE_USE_ALLOCA SQLITE_STRICT_SUBTYPE=1)
# Its header declares the functions only then.
target_compile_definitions(convoy_sqlite3 PUBLIC SQLITE_ENABLE_PREUPDATE_HOOK)
target_link_libraries(convoy_sqlite3 PRIVATE m)

add_library(convoy_simdjson STATIC "${simdjson_dir}/simdjson.cpp")
target_include_directories(convoy_simdjson SYSTEM PUBLIC "${simdjson_dir}")
target_compile_features(convoy_simdjson PUBLIC cxx_std_17)
target_compile_definitions(convoy_simdjson PUBLIC SIMDJSON_EXCEPTIONS=0)

find_package(CURL REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(libwebsockets REQUIRED IMPORTED_TARGET libwebsockets>=4.1)
find_package(CLI11 REQUIRED)
