// record_name.h: what one record of a table is called. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace convoy::codegen {

// The words of a name: "best_practices" and "bestPractices" have two, "HTTPLogs" has "HTTP" and
// "Logs". A name without lower-case letters is taken for one that is written in capitals
// throughout, and its words come in lower case.
std::vector<std::string> words_of(std::string_view name);

// "task_dependencies" gives "TaskDependency". Empty if the name has no letters or digits.
std::string record_name(std::string_view table);

// "UserProfile" gives "user_profile".
std::string snake_case(std::string_view name);

}  // namespace convoy::codegen
