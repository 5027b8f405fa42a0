#include "store/migrate_books.h"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>
#include <vector>

#include "base/json.h"
#include "query/compile.h"
#include "store/confirmed.h"
#include "store/table_ledger.h"

namespace convoy::store {
namespace {

using base::Json;

// Whether it changed anything.
using Edit = std::function<bool(Json& operation)>;

// The member keeps its place and value.
bool rename_member(Json::Object* object, const std::string& from, const std::string& to) {
  if (object == nullptr) return false;
  const auto found = std::ranges::find(*object, from, &Json::Member::first);
  if (found == object->end()) return false;
  // A column that was dropped before may have left its name here.
  std::erase_if(*object, [&](const Json::Member& member) { return member.first == to; });
  std::ranges::find(*object, from, &Json::Member::first)->first = to;
  return true;
}

Json* find_member(Json& json, std::string_view name) {
  if (json.object() == nullptr) return nullptr;
  const auto found = std::ranges::find(*json.object(), name, &Json::Member::first);
  return found == json.object()->end() ? nullptr : &found->second;
}

// Operations on `table`, in {"ops": […]}. Nothing if none was changed, or if the text is damaged:
// it is parked when the migrated file is in use.
Result<std::optional<std::string>> edit_operations(const std::string& text,
                                                   const std::string& table, const Edit& edit) {
  auto json = base::parse_json(text);
  auto* operations = json.ok() ? find_member(*json, "ops") : nullptr;
  if (operations == nullptr || operations->array() == nullptr) return std::optional<std::string>();
  bool is_changed = false;
  for (auto& operation : *operations->array()) {
    const auto* name = operation.find("table");
    if (name == nullptr || name->string() == nullptr || *name->string() != table) continue;
    is_changed = edit(operation) || is_changed;
  }
  if (!is_changed) return std::optional<std::string>();
  return std::optional(json->dump());
}

Status edit_text(sql::Connection& connection, const char* column, std::int64_t seq,
                 const std::string& text, const std::string& table, const Edit& edit) {
  CONVOY_TRY(const auto changed, edit_operations(text, table, edit));
  if (!changed) return ok_status();
  CONVOY_TRY(auto update, connection.prepare("update convoy_mutation set " + std::string(column) +
                                             " = ? where seq = ?"));
  return update.bind_text(1, std::string_view(*changed)).bind_integer(2, seq).run();
}

// The whole outbox, one mutation at a time; those that don't name the table are left alone.
Status edit_mutations(sql::Connection& connection, const std::string& table, const Edit& edit) {
  const auto mark = Json(Json::Object{{"table", table}}).dump();
  const auto sought = mark.substr(1, mark.size() - 2);  // Without the braces: "table":"tasks".
  std::int64_t last = -1;
  for (;;) {
    std::int64_t seq = 0;
    std::string body;
    std::optional<std::string> replay;
    {
      CONVOY_TRY(auto select,
                 connection.prepare("select seq, body, replay from convoy_mutation where seq > ?1 "
                                    "and (instr(body, ?2) or instr(replay, ?2)) order by seq "
                                    "limit 1"));
      select.bind_integer(1, last).bind_text(2, std::string_view(sought));
      CONVOY_TRY(const bool more, select.step());
      if (!more) return ok_status();
      seq = select.integer(0);
      body = select.text(1);
      if (!select.is_null(2)) replay = select.text(2);
    }
    CONVOY_CHECK_OK(edit_text(connection, "body", seq, body, table, edit));
    if (replay) CONVOY_CHECK_OK(edit_text(connection, "replay", seq, *replay, table, edit));
    last = seq;
  }
}

Result<std::vector<std::string>> ids_with_content(sql::Connection& connection,
                                                  std::int64_t number) {
  CONVOY_TRY(auto select, connection.prepare("select id from convoy_confirmed where table_number = "
                                             "?"));
  select.bind_integer(1, number);
  std::vector<std::string> ids;
  for (;;) {
    CONVOY_TRY(const bool row, select.step());
    if (!row) return ids;
    ids.push_back(select.text(0));
  }
}

Status edit_confirmed(sql::Connection& connection, std::int64_t number,
                      const std::function<bool(Json::Object&)>& edit) {
  CONVOY_TRY(const auto ids, ids_with_content(connection, number));
  for (const auto& id : ids) {
    CONVOY_TRY(const auto content, confirmed_content(connection, number, id));
    if (!content) continue;
    CONVOY_TRY(auto json, base::parse_json(*content));
    if (json.object() == nullptr || !edit(*json.object())) continue;
    CONVOY_CHECK_OK(replace_confirmed(connection, number, id, json.dump()));
  }
  return ok_status();
}

// Rows that are as the server has them name no column. Names in `_changed` stand between commas.
Status edit_changed(sql::Connection& connection, const std::string& table,
                    const std::string& column, const std::string& replacement) {
  const auto list = std::string(R"(',' || "_changed" || ',')");
  const auto changed = "trim(replace(" + list + ", ?1, ?2), ',')";
  CONVOY_TRY(auto update,
             connection.prepare(
                 "update " + query::quoted(table) + R"( set "_changed" = )" + changed +
                 R"(, "_status" = case when "_status" = 'updated' and )" + changed +
                 R"( = '' then 'synced' else "_status" end where "_status" in ('created', )" +
                 "'updated', 'deleted') and instr(" + list + ", ?1)"));
  const auto from = "," + column + ",";
  const auto to = replacement.empty() ? "," : "," + replacement + ",";
  return update.bind_text(1, std::string_view(from)).bind_text(2, std::string_view(to)).run();
}

Status rename_conflicts(sql::Connection& connection, const std::string& table,
                        const std::string& from, const std::string& to) {
  CONVOY_TRY(auto update, connection.prepare("update convoy_conflict set column_name = ? where "
                                             "table_name = ? and column_name = ?"));
  return update.bind_text(1, std::string_view(to))
      .bind_text(2, std::string_view(table))
      .bind_text(3, std::string_view(from))
      .run();
}

// Nobody can decide about a column that is no more. An empty `column` is all of them.
Status close_open_conflicts(sql::Connection& connection, const std::string& table,
                            const std::string& column) {
  CONVOY_TRY(auto update,
             connection.prepare("update convoy_conflict set state = 'resolved', resolution = "
                                "'deleted' where state = 'open' and table_name = ?1 and (?2 = '' "
                                "or column_name = ?2)"));
  return update.bind_text(1, std::string_view(table)).bind_text(2, std::string_view(column)).run();
}

}  // namespace

Result<std::optional<std::int64_t>> find_table_number(sql::Connection& connection,
                                                      const std::string& table) {
  CONVOY_TRY(auto select, connection.prepare("select number from convoy_table where name = ?"));
  CONVOY_TRY(const bool found, select.bind_text(1, std::string_view(table)).step());
  if (!found) return std::optional<std::int64_t>();
  return std::optional(select.integer(0));
}

Status add_pending_rows(sql::Connection& connection, const std::string& table,
                        const std::string& column, std::vector<Overlay::RowKey>& rows) {
  CONVOY_TRY(const auto number, find_table_number(connection, table));
  if (!number) return ok_status();
  std::set<std::string> ids;
  CONVOY_CHECK_OK(edit_mutations(connection, table, [&](Json& operation) {
    const auto* id = operation.find("id");
    const auto* values = operation.find("values");
    if (id == nullptr || id->string() == nullptr || values == nullptr) return false;
    if (values->find(column) != nullptr) ids.insert(*id->string());
    return false;
  }));
  // A parked mutation has no say in what the row is.
  CONVOY_TRY(auto select, connection.prepare("select 1 from convoy_mutation_row where table_number "
                                             "= ? and id = ? limit 1"));
  for (const auto& id : ids) {
    CONVOY_TRY(const bool is_pending,
               select.bind_integer(1, *number).bind_text(2, std::string_view(id)).step());
    select.reset();
    if (is_pending) rows.push_back({.table_number = *number, .id = id});
  }
  return ok_status();
}

Status rename_table_in_books(sql::Connection& connection, const std::string& from,
                             const std::string& to) {
  for (const char* sql : {"update convoy_table set name = ?1 where name = ?2",
                          "update convoy_mutation set table_name = ?1 where table_name = ?2",
                          "update convoy_conflict set table_name = ?1 where table_name = ?2"}) {
    CONVOY_TRY(auto update, connection.prepare(sql));
    CONVOY_CHECK_OK(
        update.bind_text(1, std::string_view(to)).bind_text(2, std::string_view(from)).run());
  }
  return edit_mutations(connection, from, [&](Json& operation) {
    operation.set("table", to);
    return true;
  });
}

Status rename_column_in_books(sql::Connection& connection, const std::string& table,
                              const std::string& from, const std::string& to) {
  CONVOY_CHECK_OK(edit_mutations(connection, table, [&](Json& operation) {
    bool is_changed = false;
    for (const char* part : {"values", "base"}) {
      auto* member = find_member(operation, part);
      is_changed = (member != nullptr && rename_member(member->object(), from, to)) || is_changed;
    }
    return is_changed;
  }));
  CONVOY_CHECK_OK(rename_conflicts(connection, table, from, to));
  CONVOY_CHECK_OK(edit_changed(connection, table, from, to));
  CONVOY_TRY(const auto number, find_table_number(connection, table));
  if (!number) return ok_status();
  return edit_confirmed(connection, *number,
                        [&](Json::Object& row) { return rename_member(&row, from, to); });
}

Status drop_column_in_books(sql::Connection& connection, const std::string& table,
                            const std::string& column) {
  CONVOY_CHECK_OK(edit_changed(connection, table, column, ""));
  CONVOY_CHECK_OK(close_open_conflicts(connection, table, column));
  CONVOY_TRY(const auto number, find_table_number(connection, table));
  if (!number) return ok_status();
  return edit_confirmed(connection, *number, [&](Json::Object& row) {
    return std::erase_if(row, [&](const auto& member) { return member.first == column; }) > 0;
  });
}

Status drop_table_in_books(sql::Connection& connection, const std::string& table) {
  CONVOY_CHECK_OK(close_open_conflicts(connection, table, ""));
  CONVOY_TRY(const auto number, find_table_number(connection, table));
  return number ? forget_table(connection, *number) : ok_status();
}

}  // namespace convoy::store
