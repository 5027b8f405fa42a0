// dependencies.h: which tables a query reads. Pure.
#pragma once

#include <string>
#include <vector>

#include "convoy/query.h"

namespace convoy::query {

struct Dependencies {
  std::vector<std::string> tables;  // Each once; the query's own first.
  // False: SQL of the caller's may read further tables, and only SQLite knows which.
  bool is_complete = true;
};

// REQUIRES: `query` compiles.
Dependencies tables_of(const Query& query);

}  // namespace convoy::query
