// Verification: what is here, hashed, and its repair.
#include <array>
#include <utility>

#include "base/json.h"
#include "store/database_impl.h"
#include "store/meta.h"
#include "store/replica.h"
#include "store/scopes.h"
#include "store/verification.h"

namespace convoy::store {

using sql::Connection;

namespace {

constexpr std::string_view kVerificationKey = "verification";
constexpr std::array kVerificationMembers = {
    std::pair{"finished_at_ms", &VerificationResult::finished_at_ms},
    std::pair{"rows", &VerificationResult::rows},
    std::pair{"repaired", &VerificationResult::repaired},
    std::pair{"unrepaired", &VerificationResult::unrepaired}};

Result<std::optional<VerificationResult>> read_verification(Connection& connection) {
  CONVOY_TRY(const auto text, read_meta(connection, kVerificationKey));
  if (text.empty()) return std::optional<VerificationResult>();
  CONVOY_TRY(const auto json, base::parse_json(text));
  VerificationResult result;
  for (const auto& [name, member] : kVerificationMembers) {
    const auto* found = json.find(name);
    if (found != nullptr) result.*member = found->integer().value_or(0);
  }
  return std::optional(result);
}

Result<std::int64_t> read_compared(Connection& connection) {
  CONVOY_TRY(const auto last, read_verification(connection));
  if (last) return last->finished_at_ms;
  return connection.integer("select coalesce(min(started_at_ms), 0) from convoy_sync_run");
}

}  // namespace

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

Status Replica::record_verification(const VerificationResult& result) {
  base::Json json;
  for (const auto& [name, member] : kVerificationMembers) json.set(name, result.*member);
  const auto text = json.dump();
  return database_->impl().write([&](Connection& connection) {
    return write_meta(connection, kVerificationKey, std::string_view(text));
  });
}

Result<std::optional<VerificationResult>> Replica::last_verification() {
  return database_->impl().read_state(read_verification);
}

Result<std::int64_t> Replica::compared_ms() { return database_->impl().read_state(read_compared); }

}  // namespace convoy::store
