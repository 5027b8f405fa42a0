#include "store/reset.h"

#include <string>
#include <vector>

#include "query/compile.h"
#include "store/replica.h"

namespace convoy::store {
namespace {

Result<std::vector<std::string>> names_of(sql::Connection& connection, const char* select) {
  CONVOY_TRY(auto statement, connection.prepare(select));
  std::vector<std::string> names;
  for (;;) {
    CONVOY_TRY(const bool row, statement.step());
    if (!row) return names;
    names.push_back(statement.text(0));
  }
}

Status drop_all(sql::Connection& connection, const char* kind, const char* select) {
  CONVOY_TRY(const auto names, names_of(connection, select));
  for (const auto& name : names) {
    CONVOY_CHECK_OK(connection.execute(std::string("drop ") + kind + " " + query::quoted(name)));
  }
  return ok_status();
}

Result<std::int64_t> unsent_mutations(sql::Connection& connection) {
  CONVOY_TRY(auto select,
             connection.prepare("select count(*) from convoy_mutation where state <> ?"));
  select.bind_integer(1, static_cast<std::int64_t>(MutationState::Sent));
  CONVOY_TRY(const bool row, select.step());
  return row ? select.integer(0) : 0;
}

Result<std::int64_t> unsynced_records(sql::Connection& connection) {
  CONVOY_TRY(const auto tables,
             names_of(connection,
                      "select t.name from sqlite_schema t where t.type = 'table' and 3 = (select "
                      "count(*) from pragma_table_info(t.name) where name in ('id', '_status', "
                      "'_changed'))"));
  std::int64_t count = 0;
  for (const auto& table : tables) {
    CONVOY_TRY(const auto more, connection.integer("select count(*) from " + query::quoted(table) +
                                                   R"( where "_status" is not 'synced')"));
    count += more;
  }
  return count;
}

// Mutations, and what other programs have written since the last opening.
Result<std::int64_t> unsent_writes(sql::Connection& connection) {
  CONVOY_TRY(const auto mutations, unsent_mutations(connection));
  CONVOY_TRY(const auto has_notes,
             connection.integer("select count(*) from sqlite_schema where type = 'table' and name "
                                "= 'convoy_foreign'"));
  if (has_notes == 0) {
    CONVOY_TRY(const auto records, unsynced_records(connection));
    return mutations + records;
  }
  CONVOY_TRY(const auto noted, connection.integer("select count(*) from convoy_foreign"));
  return mutations + noted;
}

}  // namespace

Status check_nothing_unsent(sql::Connection& connection, bool is_ours) {
  CONVOY_TRY(const auto count, is_ours ? unsent_writes(connection) : unsynced_records(connection));
  if (count == 0) return ok_status();
  return Error{.code = ErrorCode::UnsentWrites,
               .message = connection.path() + ": can't be made anew: " + std::to_string(count) +
                          (is_ours ? " writes" : " records") + " in it have not reached the server",
               .hint =
                   "Open it with the version of the program that wrote it, and sync. Nothing "
                   "in the file was changed."};
}

Status drop_everything(sql::Connection& connection) {
  // Dropping a table deletes its rows, which foreign keys of the program's own may forbid until all
  // tables are gone.
  CONVOY_CHECK_OK(connection.execute("pragma defer_foreign_keys = on"));
  CONVOY_CHECK_OK(
      drop_all(connection, "view", "select name from sqlite_schema where type = 'view'"));
  // Virtual tables take the tables behind them along.
  CONVOY_CHECK_OK(drop_all(connection, "table",
                           "select name from sqlite_schema where type = 'table' and sql like "
                           "'create virtual table%'"));
  return drop_all(connection, "table",
                  "select name from sqlite_schema where type = 'table' and name not like "
                  "'sqlite\\_%' escape '\\'");
}

}  // namespace convoy::store
