// Any text is a query or an error; a query is written as it was read; and what compiles is SQL that
// SQLite takes, as far as it holds none of the caller's.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "query/compile.h"
#include "query/following.h"
#include "query/query_json.h"
#include "sql/connection.h"

namespace {

using namespace convoy;

Schema fuzz_schema() {
  Column milestone{.name = "milestone_id", .references = Reference{.table = "milestones"}};
  Column parent{.name = "parent_id", .references = Reference{.table = "tasks"}};
  Schema schema;
  schema.tables.push_back({.name = "milestones", .columns = {{.name = "name"}}});
  schema.tables.push_back({.name = "tasks",
                           .columns = {milestone,
                                       parent,
                                       {.name = "title", .is_searchable = true},
                                       {.name = "rank", .type = ColumnType::Number},
                                       {.name = "done", .type = ColumnType::Boolean}}});
  return schema;
}

sql::Connection& database() {
  static const auto connection = [] {
    auto opened = sql::Connection::open(":memory:", sql::Access::Write);
    if (!opened.ok()) std::abort();
    const auto made = (*opened)->execute(
        R"(create table milestones ("id" primary key, "_changed", "_status", name);
create table tasks ("id" primary key, "_changed", "_status", milestone_id, parent_id, title, rank, done);
create virtual table convoy_fts_tasks using fts5 (title, content = 'tasks');)");
    if (!made.ok()) std::abort();
    return *std::move(opened);
  }();
  return *connection;
}

bool is_of_a_mistake(ErrorCode code) {
  return code == ErrorCode::InvalidQuery || code == ErrorCode::InvalidText ||
         code == ErrorCode::UnknownTable || code == ErrorCode::UnknownColumn;
}

void check(const Error& error) {
  if (!is_of_a_mistake(error.code) || error.message.empty()) std::abort();
}

bool has_own_sql(std::string_view written) {
  return written.find("\"sql\"") != std::string_view::npos ||
         written.find("\"statement\"") != std::string_view::npos;
}

void check_round_trip(const Query& query, const std::string& written) {
  const auto again = query::parse_query(written);
  if (!again.ok()) std::abort();
  const auto twice = query::to_json(*again);
  if (!twice.ok() || twice->dump() != written) std::abort();
  if (again->table != query.table) std::abort();
}

void check_compiled(const Query& query, bool is_ours) {
  static const auto schema = fuzz_schema();
  const auto* table = schema.find_table(query.table);
  if (table == nullptr) return;
  for (const auto select : {query::Select::Rows, query::Select::Count}) {
    const auto compiled = query::compile(schema, *table, query, select);
    if (!compiled.ok()) {
      check(compiled.error());
      continue;
    }
    const auto statement = database().prepare_one(compiled->sql);
    if (is_ours && !statement.ok()) std::abort();
    if (!statement.ok()) continue;
    if (static_cast<std::size_t>(statement->argument_count()) != compiled->args.size()) {
      std::abort();
    }
    if (!statement->is_read_only()) std::abort();
  }
  const auto following = query::Following::make(*table, query);
  if (!following.ok()) check(following.error());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto query =
      query::parse_query(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!query.ok()) {
    check(query.error());
    return 0;
  }
  const auto written = query::to_json(*query);
  if (!written.ok()) {
    check(written.error());
    return 0;
  }
  const auto text = written->dump();
  check_round_trip(*query, text);
  check_compiled(*query, !has_own_sql(text));
  return 0;
}
