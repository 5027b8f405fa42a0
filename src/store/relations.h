// relations.h: the records around records, many at once.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "convoy/database.h"
#include "store/tables.h"

namespace convoy::store {

// As Reader::parents and Reader::children say.
Result<std::vector<std::optional<Record>>> parents_of(Reader& reader, const Tables& tables,
                                                      std::span<const Record> records,
                                                      std::string_view column);
Result<std::vector<std::vector<Record>>> children_of(Reader& reader, const Tables& tables,
                                                     std::span<const Record> records,
                                                     std::string_view table,
                                                     std::string_view column);

}  // namespace convoy::store
