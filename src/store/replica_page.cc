// Applying a page: rows, scopes, acknowledgements and cursor in one transaction.
#include <algorithm>

#include "store/database_impl.h"
#include "store/erasure.h"
#include "store/hybrid_clock.h"
#include "store/meta.h"
#include "store/page_applier.h"
#include "store/replica.h"
#include "store/server_rules.h"
#include "store/statistics.h"
#include "store/stopped_tables.h"

namespace convoy::store {
namespace {

using schema::PageCommit;
using sql::Connection;

Status apply(Connection& connection, const DatabaseImpl& impl, const PageCommit& page) {
  const auto& tables = impl.tables();
  auto& clock = impl.clock();
  if (page.server_time_ms) {
    CONVOY_CHECK_OK(note_server_time(connection, clock, *page.server_time_ms));
  }
  if (page.server_schema) {
    CONVOY_CHECK_OK(save_server_schema(connection, *page.server_schema));
    CONVOY_CHECK_OK(save_stopped(connection, tables, impl.random(), page.stopped));
  }
  CONVOY_TRY(auto applier, PageApplier::make(connection, tables, clock.now_ms()));
  if (!page.scopes_removed.empty()) {
    Erasure erasure(connection);
    for (const auto& scope : page.scopes_removed) CONVOY_CHECK_OK(applier.remove_scope(scope));
    CONVOY_CHECK_OK(erasure.forget_words(tables.schema()));
  }
  // Before the rows, which get their scope's number and generation.
  for (const auto& scope : page.scopes_saved) CONVOY_CHECK_OK(save_scope(connection, scope));
  for (const auto& changes : page.changes) CONVOY_CHECK_OK(applier.apply(changes));
  for (const auto& scope : page.backfills_finished) {
    CONVOY_CHECK_OK(applier.finish_backfill(scope));
  }
  if (!page.backfills_finished.empty()) {
    CONVOY_CHECK_OK(gather_statistics(connection, tables.schema()));
  }
  if (page.acknowledged) {
    CONVOY_CHECK_OK(applier.acknowledge(*page.acknowledged));
    CONVOY_TRY(const auto seen, read_meta_number(connection, "mid_seen"));
    CONVOY_CHECK_OK(write_meta(connection, "mid_seen", std::max(seen, *page.acknowledged)));
  }
  if (page.epoch) CONVOY_CHECK_OK(write_meta(connection, "epoch", *page.epoch));
  return applier.finish();
}

}  // namespace

Status Replica::apply_page(const PageCommit& page) {
  auto& impl = database_->impl();
  CONVOY_CHECK_OK(
      impl.write([&](Connection& connection) { return apply(connection, impl, page); }));
  if (!page.scopes_removed.empty()) impl.between_writes(empty_log);
  return ok_status();
}

}  // namespace convoy::store
