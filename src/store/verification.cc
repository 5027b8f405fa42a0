#include "store/verification.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/json.h"
#include "query/compile.h"
#include "schema/row_hash.h"
#include "schema/wire.h"
#include "store/page_applier.h"
#include "store/rows.h"
#include "store/scopes.h"

namespace convoy::store {
namespace {

using base::Json;

// The row's own columns follow these in a statement of ours.
constexpr int kFirstValue = 3;

// The confirmed rows of a table in a scope: id, content kept beside the table, whether the table
// has the row, and what it has.
std::string confirmed_sql(const Table& table) {
  std::string sql = "select r.id, c.content, t.\"id\" is not null";
  for (const auto& column : table.columns) sql += ", t." + query::quoted(column.name);
  return sql + " from convoy_row r left join " + query::quoted(table.name) +
         " t on t.\"id\" = r.id left join convoy_confirmed c on c.table_number = r.table_number "
         "and c.id = r.id where r.scope = ?1 and r.table_number = ?2";
}

void append_value(std::string& text, const Column& column, const Json& wire) {
  schema::append_hashed_value(text, column, wire);
  text += '\n';
}

// The text that is hashed; nothing if the file does not have the row that its books name.
std::optional<std::string> hashed_text(const sql::Statement& select, const Table& table) {
  std::string text = select.text(0) + '\n';
  if (!select.is_null(1)) {
    const auto confirmed = base::parse_json(select.text(1));
    if (!confirmed.ok()) return std::nullopt;
    for (const auto& column : table.columns) {
      const auto* wire = confirmed->find(column.name);
      append_value(text, column, wire == nullptr ? Json() : *wire);
    }
    return text;
  }
  if (select.integer(2) == 0) return std::nullopt;
  int at = kFirstValue;
  for (const auto& column : table.columns) {
    append_value(text, column, schema::to_wire(column, fitting(column, select.value(at++))));
  }
  return text;
}

Result<schema::Buckets> hash_table(sql::Connection& connection, const TableInfo& info,
                                   std::int64_t scope) {
  CONVOY_TRY(auto select, connection.prepare(confirmed_sql(*info.table)));
  select.bind_integer(1, scope).bind_integer(2, info.number);
  schema::Buckets buckets;
  for (;;) {
    CONVOY_TRY(const bool row, select.step());
    if (!row) return buckets;
    const auto text = hashed_text(select, *info.table);
    const auto hash = text ? schema::row_hash(*text) : 0;
    buckets[schema::bucket_of(select.text(0))].add({.rows = 1, .hash = hash});
  }
}

// The ids of the scope's confirmed rows that lie in the buckets.
Result<std::set<std::string>> ids_in(sql::Connection& connection, const TableInfo& info,
                                     std::int64_t scope, const std::vector<int>& buckets) {
  CONVOY_TRY(auto select,
             connection.prepare("select id from convoy_row where scope = ? and table_number = ?"));
  select.bind_integer(1, scope).bind_integer(2, info.number);
  std::set<std::string> ids;
  for (;;) {
    CONVOY_TRY(const bool row, select.step());
    if (!row) return ids;
    auto id = select.text(0);
    if (std::ranges::find(buckets, schema::bucket_of(id)) != buckets.end()) {
      ids.insert(std::move(id));
    }
  }
}

}  // namespace

Result<schema::ScopeHashes> hash_scope(sql::Connection& connection, const Tables& tables,
                                       const std::string& scope) {
  CONVOY_TRY(const auto found, find_scope(connection, scope));
  schema::ScopeHashes hashes;
  for (const auto& info : tables.all()) {
    if (info.table->is_local_only) continue;
    auto& buckets = hashes.tables[info.table->name];
    if (!found) continue;
    CONVOY_TRY(buckets, hash_table(connection, info, found->number));
  }
  return hashes;
}

Result<std::int64_t> repair_buckets(sql::Connection& connection, const Tables& tables,
                                    const schema::BucketRepair& repair, std::int64_t now_ms) {
  CONVOY_TRY(const auto* info, tables.require(repair.table));
  CONVOY_TRY(const auto scope, find_scope(connection, repair.scope));
  if (!scope) return std::int64_t{0};
  CONVOY_TRY(auto missing, ids_in(connection, *info, scope->number, repair.buckets));
  CONVOY_TRY(auto applier, PageApplier::make(connection, tables, now_ms));
  std::int64_t rows = 0;
  for (const auto& changes : repair.changes) {
    if (changes.table != repair.table || changes.scope != repair.scope) {
      return Error{
          .code = ErrorCode::BadReply,
          .message = "the server's rows to repair " + repair.table + " are of " + changes.table};
    }
    for (const auto& id : changes.ids) missing.erase(id);
    rows += static_cast<std::int64_t>(changes.ids.size());
    CONVOY_CHECK_OK(applier.apply(changes));
  }
  schema::RowChanges removed{.table = repair.table,
                             .scope = repair.scope,
                             .columns = {},
                             .ids = {},
                             .rows = {},
                             .gone = {missing.begin(), missing.end()}};
  CONVOY_CHECK_OK(applier.apply(removed));
  return rows + static_cast<std::int64_t>(missing.size());
}

}  // namespace convoy::store
