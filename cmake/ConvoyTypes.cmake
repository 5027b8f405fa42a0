# convoy_generate_types(TARGET app SCHEMA schema.json [NAMESPACE app] [HEADER app_schema.h] [RECORDS tasks=Task ...])
#
# Turns a schema into a header with a type for each table, before the target is compiled and whenever the schema changes;
# the target finds it by its name (default: <namespace>_schema.h) and is linked to what it needs. RECORDS says what records
# of a table are called where its name does not. See docs/reference/typed-records.md.
set(CONVOY_PROGRAM "" CACHE FILEPATH "The convoy program that generates types; needed when cross-compiling")

function(convoy_generate_types)
  cmake_parse_arguments(PARSE_ARGV 0 TYPES "" "TARGET;SCHEMA;NAMESPACE;HEADER" "RECORDS")
  if(TYPES_UNPARSED_ARGUMENTS OR TYPES_KEYWORDS_MISSING_VALUES OR NOT TYPES_TARGET OR NOT TYPES_SCHEMA)
    message(FATAL_ERROR "Usage: convoy_generate_types(TARGET target SCHEMA file [NAMESPACE name] [HEADER file] [RECORDS table=Name ...])")
  endif()
  if(NOT TYPES_NAMESPACE)
    set(TYPES_NAMESPACE app)
  endif()
  if(NOT TYPES_HEADER)
    string(REPLACE "::" "_" TYPES_HEADER "${TYPES_NAMESPACE}_schema.h")
  endif()
  if(CONVOY_PROGRAM)
    set(program "${CONVOY_PROGRAM}")
    set(made_first "${CONVOY_PROGRAM}")
  elseif(TARGET convoy AND NOT CMAKE_CROSSCOMPILING)
    set(program "$<TARGET_FILE:convoy>")
    set(made_first convoy)
  else()
    message(FATAL_ERROR "convoy_generate_types() needs the convoy program: set CONVOY_PROGRAM to one that runs on this machine.")
  endif()
  cmake_path(ABSOLUTE_PATH TYPES_SCHEMA BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/convoy_types/${TYPES_TARGET}")
  set(header "${folder}/${TYPES_HEADER}")
  cmake_path(GET header PARENT_PATH header_folder)
  file(MAKE_DIRECTORY "${header_folder}")
  set(options --lang cpp --namespace "${TYPES_NAMESPACE}")
  foreach(record IN LISTS TYPES_RECORDS)
    list(APPEND options --record "${record}")
  endforeach()
  add_custom_command(OUTPUT "${header}"
    COMMAND "${program}" schema types ${options} --output "${header}" "${TYPES_SCHEMA}"
    DEPENDS "${TYPES_SCHEMA}" ${made_first}
    COMMENT "Generating ${TYPES_HEADER}"
    VERBATIM)
  target_sources(${TYPES_TARGET} PRIVATE "${header}")
  target_include_directories(${TYPES_TARGET} PUBLIC "$<BUILD_INTERFACE:${folder}>")
  target_link_libraries(${TYPES_TARGET} PUBLIC convoy::typed)
endfunction()
