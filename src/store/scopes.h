// scopes.h: convoy_scope, where scopes have small numbers.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "convoy/result.h"
#include "schema/replication.h"
#include "sql/connection.h"

namespace convoy::store {

struct ScopeNumber {
  std::int64_t number = 0;
  std::int64_t generation = 0;
};

Result<std::map<std::string, schema::ScopeState>> read_scopes(sql::Connection& connection);
// Nothing if the device does not have the scope.
Result<std::optional<ScopeNumber>> find_scope(sql::Connection& connection, const std::string& id);
// Adds or replaces; the number stays.
Status save_scope(sql::Connection& connection, const schema::ScopeState& scope);
Status forget_scope(sql::Connection& connection, std::int64_t number);
// Every scope is to be back-filled again, into a new generation. Rows stay until that is done.
Status restart_backfills(sql::Connection& connection);

}  // namespace convoy::store
