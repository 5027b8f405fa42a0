#include "store/outbox_check.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/meta.h"
#include "store/overlay.h"
#include "store/parking.h"
#include "store/renumber.h"
#include "store/replica.h"

namespace convoy::store {
namespace {

using sql::Connection;

constexpr std::int64_t code_of(MutationState state) { return static_cast<std::int64_t>(state); }

// As they stand in the statements below.
static_assert(code_of(MutationState::Pending) == 0 && code_of(MutationState::Sending) == 1 &&
              code_of(MutationState::Sent) == 2 && code_of(MutationState::Parked) == 3);

// json_type() of a text that is no JSON is an error, so it is asked second.
constexpr std::string_view kUnreadable =
    "select seq from convoy_mutation where state <> 3 and (case when json_valid(body) and "
    "json_valid(coalesce(replay, '{}')) then json_type(body, '$.ops') is not 'array' else 1 end)";
// Mutations of a table that the schema has dropped have no rows any more.
constexpr std::string_view kWithoutRows =
    "select seq from convoy_mutation m where state <> 3 and seq not in (select seq from "
    "convoy_mutation_row) and case when json_valid(body) then exists (select "
    "1 from json_each(m.body, '$.ops') o join convoy_table t on t.name = json_extract(o.value, "
    "'$.table')) else 0 end";
constexpr std::string_view kUnknownState =
    "select seq from convoy_mutation where state not in (0, 1, 2, 3)";
constexpr std::string_view kWithoutMutation =
    "select distinct seq from convoy_mutation_row r where not exists (select 1 from "
    "convoy_mutation m where m.seq = r.seq)";
// Numbers under way were given, each once. (Where one was parked, those sent again have a gap.)
constexpr std::string_view kOutOfOrder =
    "select 1 from (select count(*) as n, min(mid) as first, max(mid) as last, count(distinct mid) "
    "as different from convoy_mutation where state = 1 and sender = '') where n > 0 and (first < 1 "
    "or different <> n or last > (select value from convoy_meta where key = 'mid_assigned'))";

Result<std::vector<std::int64_t>> find(Connection& connection, std::string_view sql) {
  CONVOY_TRY(auto select, connection.prepare(sql));
  std::vector<std::int64_t> found;
  for (;;) {
    CONVOY_TRY(const bool row, select.step());
    if (!row) return found;
    found.push_back(select.integer(0));
  }
}

Status park_damaged(Connection& connection, const Tables& tables, std::string_view sql,
                    const char* what, std::vector<Overlay::RowKey>& stale) {
  CONVOY_TRY(const auto damaged, find(connection, sql));
  for (const auto seq : damaged) {
    CONVOY_CHECK_OK(park(connection, tables, seq,
                         {.code = std::string(kCorruptCode),
                          .message = std::string("the file is damaged: ") + what,
                          .table = "",
                          .id = ""},
                         stale));
  }
  return ok_status();
}

}  // namespace

Result<bool> is_outbox_whole(Connection& connection) {
  // The usual case; what is not asked need not be compiled.
  CONVOY_TRY(const auto anything,
             connection.integer("select exists (select 1 from convoy_mutation) or exists (select 1 "
                                "from convoy_mutation_row)"));
  if (anything == 0) return true;
  for (const auto sql : {kUnknownState, kUnreadable, kWithoutRows, kWithoutMutation, kOutOfOrder}) {
    CONVOY_TRY(auto select, connection.prepare(sql));
    CONVOY_TRY(const bool found, select.step());
    if (found) return false;
  }
  return true;
}

Status isolate_damage(Connection& connection, const Tables& tables, base::Random& random) {
  std::vector<Overlay::RowKey> stale;
  CONVOY_CHECK_OK(park_damaged(connection, tables, kUnknownState,
                               "this write is in no state it could be in", stale));
  CONVOY_CHECK_OK(park_damaged(connection, tables, kUnreadable,
                               "what this write does can't be read any more", stale));
  CONVOY_CHECK_OK(park_damaged(connection, tables, kWithoutRows,
                               "which records this write changes is lost; retry it", stale));
  Overlay overlay(connection, tables);
  CONVOY_TRY(const auto strangers, find(connection, kWithoutMutation));
  for (const auto seq : strangers) {
    CONVOY_TRY(auto rows, overlay.release(seq));
    stale.insert(stale.end(), std::make_move_iterator(rows.begin()),
                 std::make_move_iterator(rows.end()));
  }
  CONVOY_TRY(const auto out_of_order, find(connection, kOutOfOrder));
  if (!out_of_order.empty()) {
    CONVOY_TRY(const auto client_id, take_new_identity(connection, random));
    static_cast<void>(client_id);
  }
  return overlay.rebase_all(stale);
}

}  // namespace convoy::store
