# The shared library takes in the objects of every layer, and shows nothing but what bindings/c/include/convoy.h declares.
# With sanitizers there is none.
if(NOT CONVOY_SANITIZE)
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
  set(CMAKE_C_VISIBILITY_PRESET hidden)
  set(CMAKE_CXX_VISIBILITY_PRESET hidden)
  set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
endif()
