#include "file_report.h"

#include <string>
#include <utility>

#include "query/compile.h"
#include "store/database_impl.h"
#include "store/record_json.h"
#include "store/replica.h"

namespace convoy::compat {
namespace {

using base::Json;

Result<Json> rows_of(Database& database) {
  Json::Object tables;
  for (const auto& table : database.schema().tables) {
    CONVOY_TRY(const auto records, database.fetch(from(table.name).order_by(asc("id"))));
    CONVOY_TRY(auto rows, base::parse_json(store::to_json(records)));
    tables.emplace_back(table.name, std::move(rows));
  }
  return Json(std::move(tables));
}

Result<Json> deleted_in(sql::Connection& connection, const Schema& schema) {
  Json::Object tables;
  for (const auto& table : schema.tables) {
    CONVOY_TRY(auto select, connection.prepare("select \"id\" from " + query::quoted(table.name) +
                                               " where \"_status\" = 'deleted' order by \"id\""));
    Json::Array ids;
    for (;;) {
      CONVOY_TRY(const bool row, select.step());
      if (!row) break;
      ids.emplace_back(select.text(0));
    }
    tables.emplace_back(table.name, std::move(ids));
  }
  return Json(std::move(tables));
}

Result<Json> local_storage_in(sql::Connection& connection) {
  CONVOY_TRY(auto select,
             connection.prepare("select \"key\", \"value\" from \"local_storage\" order by 1"));
  Json::Object values;
  for (;;) {
    CONVOY_TRY(const bool row, select.step());
    if (!row) return Json(std::move(values));
    values.emplace_back(select.text(0), select.text(1));
  }
}

const char* name_of(store::MutationState state) {
  switch (state) {
    case store::MutationState::Pending:
      return "pending";
    case store::MutationState::Sending:
      return "sending";
    case store::MutationState::Sent:
      return "sent";
    case store::MutationState::Parked:
      return "parked";
  }
  return "";
}

Result<Json> outbox_of(store::Replica& replica) {
  CONVOY_TRY(const auto queue, replica.queue());
  Json::Array outbox;
  for (const auto& mutation : queue) {
    CONVOY_TRY(const auto body, base::parse_json(mutation.body));
    const auto* operations = body.find("ops");
    outbox.push_back(Json::Object{{"state", name_of(mutation.state)},
                                  {"ops", operations == nullptr ? Json() : *operations},
                                  {"message", mutation.message}});
  }
  return Json(std::move(outbox));
}

}  // namespace

Result<Json> report(Database& database) {
  store::Replica replica(database);
  Json::Object whole;
  CONVOY_TRY(auto tables, rows_of(database));
  whole.emplace_back("tables", std::move(tables));
  CONVOY_TRY(auto deleted, database.impl().read([&](sql::Connection& connection) {
    return deleted_in(connection, database.schema());
  }));
  whole.emplace_back("deleted", std::move(deleted));
  CONVOY_TRY(auto outbox, outbox_of(replica));
  whole.emplace_back("outbox", std::move(outbox));
  CONVOY_TRY(const auto counts, replica.counts());
  whole.emplace_back("rows", counts.rows);
  CONVOY_TRY(auto local, database.impl().read(local_storage_in));
  whole.emplace_back("local_storage", std::move(local));
  return Json(std::move(whole));
}

}  // namespace convoy::compat
