// show.h: small readers that the checks share.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "sim/app.h"
#include "sim/server.h"

namespace convoy::sim {

inline const TableSpec& spec_of(int table) { return tables()[static_cast<std::size_t>(table)]; }

inline const ColumnSpec& spec_of(int table, int column) {
  return spec_of(table).columns[static_cast<std::size_t>(column)];
}

inline std::string show(const Key& key) { return spec_of(key.first).name + " " + key.second; }

// A member that is text; "" if it is missing, or none.
inline std::string member(const base::Json& json, std::string_view name) {
  const auto* found = json.find(name);
  return found != nullptr && found->string() != nullptr ? *found->string() : std::string();
}

inline Key key_of(const base::Json& operation) {
  return {find_table(member(operation, "table")), member(operation, "id")};
}

}  // namespace convoy::sim
