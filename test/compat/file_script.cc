#include "file_script.h"

#include <string>
#include <utility>

#include "request.h"
#include "store/batch.h"
#include "store/replica.h"

namespace convoy::compat {
namespace {

using base::Json;

constexpr std::size_t kAll = std::size_t{1} << 30U;

schema::PageCommit page() {
  schema::PageCommit page;
  page.scopes_saved.push_back({.id = "all",
                               .visibility = "v",
                               .base = "1:1:",
                               .backfill_after = std::nullopt,
                               .generation = 1});
  return page;
}

Status pull(store::Replica& replica, const Table& table, const Json& step) {
  schema::RowChanges changes{
      .table = table.name, .scope = "all", .columns = {}, .ids = {}, .rows = {}, .gone = {}};
  for (const auto& column : table.columns) changes.columns.push_back(column.name);
  CONVOY_TRY(const auto* rows, array_of(step, "rows"));
  for (const auto& row : *rows) {
    CONVOY_TRY(auto id, text_of(row, "id"));
    changes.ids.push_back(std::move(id));
    Json::Array values;
    for (const auto& column : table.columns) {
      const auto* value = row.find(column.name);
      values.push_back(value == nullptr ? Json() : *value);
    }
    changes.rows.push_back(std::move(values));
  }
  if (step.find("gone") != nullptr) {
    CONVOY_TRY(const auto* gone, array_of(step, "gone"));
    for (const auto& id : *gone) changes.gone.push_back(id.string() ? *id.string() : "");
  }
  auto whole = page();
  whole.changes.push_back(std::move(changes));
  return replica.apply_page(whole);
}

Status push(store::Replica& replica, bool is_applied) {
  CONVOY_TRY(const auto mutations, replica.prepare_push(kAll, kAll));
  std::vector<schema::Outcome> outcomes;
  for (const auto& mutation : mutations) {
    outcomes.push_back(
        {.mid = mutation.mid,
         .kind = is_applied ? schema::Outcome::Kind::Applied : schema::Outcome::Kind::Rejected,
         .code = is_applied ? "" : "42501",
         .message = is_applied ? "" : "refused"});
  }
  CONVOY_CHECK_OK(replica.apply_outcomes(outcomes));
  if (mutations.empty() || !is_applied) return ok_status();
  auto seen = page();
  seen.acknowledged = mutations.back().mid;
  return replica.apply_page(seen);
}

Status write(Database& database, const Json& operations) {
  CONVOY_TRY(auto batch, store::parse_batch(database.schema(), operations.dump()));
  return database.write([&](Writer& writer) -> Status {
    CONVOY_CHECK_OK(store::run_batch(writer, std::move(batch)));
    return ok_status();
  });
}

Status run_step(Database& database, const Json& step) {
  store::Replica replica(database);
  if (step.find("pull") != nullptr) {
    CONVOY_TRY(const auto name, text_of(step, "pull"));
    const auto* table = database.schema().find_table(name);
    if (table == nullptr) return Error{.code = ErrorCode::UnknownTable, .message = name};
    return pull(replica, *table, step);
  }
  if (step.find("push") != nullptr) {
    CONVOY_TRY(const auto outcome, text_of(step, "push"));
    return push(replica, outcome == "applied");
  }
  const auto* operations = step.find("write");
  return write(database, operations == nullptr ? Json() : *operations);
}

}  // namespace

Status run_script(Database& database, const Json::Array& script) {
  for (const auto& step : script) CONVOY_CHECK_OK(run_step(database, step));
  return ok_status();
}

}  // namespace convoy::compat
