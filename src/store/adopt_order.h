// adopt_order.h: records in an order in which a server with foreign keys can take them.
#pragma once

#include <string>
#include <vector>

#include "convoy/result.h"
#include "sql/connection.h"
#include "store/tables.h"

namespace convoy::store {

struct Adoptee {
  const TableInfo* info = nullptr;
  std::string id;
};

// Those that others refer to come before them; otherwise tables in the schema's order with parents
// first, and a table's records in the order given. Records that refer to each other in a circle
// stay as they come.
Result<std::vector<Adoptee>> referred_to_first(sql::Connection& connection, const Tables& tables,
                                               std::vector<Adoptee> records);

}  // namespace convoy::store
