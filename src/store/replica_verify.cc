// Verification: what is here, hashed, and its repair.
#include "store/database_impl.h"
#include "store/replica.h"
#include "store/scopes.h"
#include "store/verification.h"

namespace convoy::store {

using sql::Connection;

Result<schema::ScopeHashes> Replica::hash_scope(const std::string& scope) {
  auto& impl = database_->impl();
  return impl.read_state(
      [&](Connection& connection) { return store::hash_scope(connection, impl.tables(), scope); });
}

Result<std::int64_t> Replica::repair(const schema::BucketRepair& repair) {
  auto& impl = database_->impl();
  return impl.write([&](Connection& connection) {
    return repair_buckets(connection, impl.tables(), repair, impl.clock().now_ms());
  });
}

Status Replica::restart_backfill(const std::string& scope) {
  return database_->impl().write([&](Connection& connection) -> Status {
    CONVOY_TRY(auto scopes, read_scopes(connection));
    const auto found = scopes.find(scope);
    if (found == scopes.end()) return ok_status();
    restart(found->second);
    return save_scope(connection, found->second);
  });
}

}  // namespace convoy::store
