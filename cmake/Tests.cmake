find_package(GTest REQUIRED)
find_package(rapidcheck REQUIRED)
find_package(Python3 REQUIRED COMPONENTS Interpreter)
include(GoogleTest)

# One binary per layer. Tests may include anything of the project.
function(convoy_test)
  cmake_parse_arguments(TEST "" "NAME" "SOURCES;LINK;LABELS" ${ARGN})
  add_executable(${TEST_NAME} ${TEST_SOURCES})
  target_link_libraries(${TEST_NAME} PRIVATE ${TEST_LINK} convoy_warnings GTest::gmock GTest::gtest_main rapidcheck)
  target_include_directories(${TEST_NAME} PRIVATE "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/test")
  # The macros of GoogleTest and rapidcheck do not compile under these two.
  target_compile_options(${TEST_NAME} PRIVATE -Wno-conversion -Wno-shadow)
  # Tests are compiled more often than they are run: twice as fast this way. What they test is optimised as the preset says.
  target_compile_options(${TEST_NAME} PRIVATE $<$<CONFIG:Debug>:-O0>)
  gtest_discover_tests(${TEST_NAME} DISCOVERY_TIMEOUT 60 PROPERTIES LABELS "unit;${TEST_LABELS}" TIMEOUT 120)
endfunction()

add_test(NAME tidy.layers COMMAND Python3::Interpreter "${PROJECT_SOURCE_DIR}/tools/check_layers.py" "${PROJECT_SOURCE_DIR}")
set_tests_properties(tidy.layers PROPERTIES LABELS tidy)

add_test(NAME tidy.lint COMMAND "${PROJECT_SOURCE_DIR}/scripts/lint")
set_tests_properties(tidy.lint PROPERTIES LABELS tidy)
