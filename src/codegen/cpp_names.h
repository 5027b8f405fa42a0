// cpp_names.h: what everything is called in C++. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codegen/model.h"
#include "convoy/result.h"

namespace convoy::codegen {

struct CppTable {
  std::string record;                // "Task"
  std::string creation;              // "NewTask"
  std::string patch;                 // "TaskPatch"
  std::string columns_space;         // "tasks"
  std::vector<std::string> members;  // As the model's columns; in the struct and in the namespace.
};

struct CppNames {
  std::string space;             // "app"
  std::string path;              // "::app::"
  std::vector<CppTable> tables;  // As the model's.
};

// Columns and tables keep their names, but for those that C++ has taken, which get a _ at the end.
// Errors: InvalidArgument if the namespace is none; InvalidSchema if types would clash.
Result<CppNames> cpp_names(const Model& model, std::string_view name_space);

}  // namespace convoy::codegen
