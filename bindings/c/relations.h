// relations.h: related records of records that are named by their ids.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "convoy/database.h"

namespace convoy::c {

// For each id the record that `column` of its record refers to, or nothing.
Result<std::vector<std::optional<Record>>> parents_of(Reader& reader, std::string_view table,
                                                      const std::vector<std::string>& ids,
                                                      std::string_view column);

// For each id the records of `child_table` that refer to it.
Result<std::vector<std::vector<Record>>> children_of(Reader& reader, std::string_view table,
                                                     const std::vector<std::string>& ids,
                                                     std::string_view child_table,
                                                     std::string_view column);

}  // namespace convoy::c
