// page_applier.h: one page of the server's changes, row by row.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "schema/replication.h"
#include "sql/connection.h"
#include "store/overlay.h"
#include "store/scopes.h"
#include "store/server_rules.h"
#include "store/tables.h"

namespace convoy::store {

// Lives within one transaction. Thread-safety: thread-compatible.
class PageApplier {
 public:
  // Both must outlive this object.
  static Result<PageApplier> make(sql::Connection& connection, const Tables& tables,
                                  std::int64_t now_ms);

  // Errors: SchemaMismatch, BadReply.
  Status apply(const schema::RowChanges& changes);
  // With all its confirmed rows; does nothing if the device does not have it.
  Status remove_scope(const std::string& scope);
  // Takes out the confirmed rows that the scope's current generation did not bring.
  Status finish_backfill(const std::string& scope);
  Status acknowledge(std::int64_t mid);
  // After everything else: what of the page can only be said when all of it is in.
  Status finish();

 private:
  PageApplier(sql::Connection& connection, const Tables& tables, std::int64_t now_ms)
      : connection_(connection),
        tables_(tables),
        now_ms_(now_ms),
        overlay_(connection, tables),
        rules_(connection) {}

  // A table of the page, with the place of each of our columns in its rows.
  struct Target {
    const TableInfo* info = nullptr;
    ScopeNumber scope;
    std::vector<std::size_t> places;
  };

  Status put_rows(const Target& target, const schema::RowChanges& changes);
  Status put_under_overlay(const Target& target, std::string_view id, const base::Json::Array& row);
  Status remove_row(const Target& target, const std::string& id);
  // Why confirmed rows go.
  enum class Loss {
    Gone,     // The server does not have them in this scope any more.
    OfScope,  // The device lost the scope.
  };

  // Confirmed rows of a scope older than `generation`.
  Status remove_older(std::int64_t scope, std::int64_t generation, Loss loss);
  Result<bool> is_pending(const TableInfo& info, std::string_view id);

  sql::Connection& connection_;
  const Tables& tables_;
  std::int64_t now_ms_;
  Overlay overlay_;
  ServerRules rules_;
  bool has_pending_ = false;         // Whether any mutation pends at all.
  bool has_open_conflicts_ = false;  // The same of conflicts.
  std::set<std::int64_t> stopped_;   // Numbers of tables that are not synced for now.
  std::vector<Overlay::RowKey> gone_;
};

}  // namespace convoy::store
