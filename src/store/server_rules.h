// server_rules.h: what the server allows and how it settles, kept so that the device knows without
// a network.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "convoy/result.h"
#include "schema/replication.h"
#include "sql/connection.h"
#include "store/tables.h"

namespace convoy::store {

inline constexpr std::string_view kReadOnlyRule = "read_only";
inline constexpr std::string_view kAppendOnlyRule = "append_only";
inline constexpr std::string_view kResurrectRule = "resurrect";

// Replaces what was known, and the fingerprint.
Status save_server_schema(sql::Connection& connection, const schema::ServerSchema& schema);

struct TableRules {
  std::string conflict;  // Empty: never heard of.
  std::string on_delete;
  std::set<std::string, std::less<>> read_only_columns;
};

// Rules by table, each read when it is first asked for. Lives within one transaction.
// Thread-safety: thread-compatible.
class ServerRules {
 public:
  // `connection` must outlive this object.
  explicit ServerRules(sql::Connection& connection) : connection_(connection) {}

  // Rules that allow everything for a table that the server has never told of.
  Result<const TableRules*> of(const TableInfo& info);

 private:
  sql::Connection& connection_;
  std::map<std::int64_t, TableRules> rules_;
};

}  // namespace convoy::store
