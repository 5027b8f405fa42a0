#include "store/local_tables.h"

#include <algorithm>
#include <ranges>
#include <vector>

#include "base/json.h"
#include "query/compile.h"
#include "store/adopt.h"
#include "store/meta.h"
#include "store/replica.h"
#include "store/scopes.h"

namespace convoy::store {
namespace {

constexpr std::string_view kKey = "local_tables";

std::string joined(const std::set<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ",") + name;
  return text;
}

Error unsent(const std::string& table) {
  return {.code = ErrorCode::UnsentWrites,
          .message = "the table \"" + table +
                     "\" is to live on this device alone, but writes to it wait to be sent",
          .hint =
              "Open the file with the former schema and sync, or discard what is parked. "
              "Nothing in the file was changed."};
}

// Parked mutations are not among those that touch rows.
Status check_parked(sql::Connection& connection, const std::string& table) {
  const auto mark = base::Json(base::Json::Object{{"table", table}}).dump();
  const auto sought = mark.substr(1, mark.size() - 2);
  CONVOY_TRY(auto select, connection.prepare("select 1 from convoy_mutation where state = ?1 and "
                                             "instr(body, ?2) limit 1"));
  select.bind_integer(1, static_cast<std::int64_t>(MutationState::Parked))
      .bind_text(2, std::string_view(sought));
  CONVOY_TRY(const bool found, select.step());
  if (found) return unsent(table);
  return ok_status();
}

Status make_local(sql::Connection& connection, const TableInfo& info) {
  {
    CONVOY_TRY(
        auto select,
        connection.prepare("select 1 from convoy_mutation_row where table_number = ? limit 1"));
    CONVOY_TRY(const bool found, select.bind_integer(1, info.number).step());
    if (found) return unsent(info.table->name);
  }
  CONVOY_CHECK_OK(check_parked(connection, info.table->name));
  for (const char* sql : {"delete from convoy_row where table_number = ?",
                          "delete from convoy_confirmed where table_number = ?"}) {
    CONVOY_TRY(auto forget, connection.prepare(sql));
    CONVOY_CHECK_OK(forget.bind_integer(1, info.number).run());
  }
  return ok_status();
}

}  // namespace

std::string local_tables_of(const Schema& schema) {
  std::set<std::string> names;
  for (const auto& table : schema.tables) {
    if (table.is_local_only) names.insert(table.name);
  }
  return joined(names);
}

Result<std::set<std::string>> read_local_tables(sql::Connection& connection) {
  CONVOY_TRY(const auto text, read_meta(connection, kKey));
  std::set<std::string> names;
  for (const auto part : std::views::split(text, ',')) {
    if (!part.empty()) names.emplace(part.begin(), part.end());
  }
  return names;
}

Status write_local_tables(sql::Connection& connection, const std::set<std::string>& names) {
  const auto text = joined(names);
  return write_meta(connection, kKey, std::string_view(text));
}

Status settle_local_tables(sql::Connection& connection, const Tables& tables, base::Clock& clock,
                           base::Random& random) {
  CONVOY_TRY(const auto were_local, read_local_tables(connection));
  std::vector<const TableInfo*> to_send;
  std::set<std::string> are_local;
  for (const auto& info : tables.all()) {
    const bool was_local = were_local.contains(info.table->name);
    if (info.table->is_local_only) {
      are_local.insert(info.table->name);
      if (!was_local) CONVOY_CHECK_OK(make_local(connection, info));
    } else if (was_local) {
      to_send.push_back(&info);
    }
  }
  if (are_local == were_local) return ok_status();
  CONVOY_CHECK_OK(write_local_tables(connection, are_local));
  // The server is asked anew whether it has all that the schema wants.
  CONVOY_CHECK_OK(write_meta(connection, "fingerprint", std::string_view()));
  if (to_send.empty()) return ok_status();
  CONVOY_CHECK_OK(restart_backfills(connection));
  return send_all_rows(connection, tables, to_send, clock, random);
}

}  // namespace convoy::store
