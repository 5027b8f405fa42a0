#include "store/parking.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/json.h"
#include "base/uuid.h"
#include "store/conflict_book.h"
#include "store/last_mutation.h"
#include "store/mutation_text.h"
#include "store/replica.h"

namespace convoy::store {
namespace {

using base::Json;
using sql::Connection;
using RowKey = Overlay::RowKey;

constexpr std::int64_t code_of(MutationState state) { return static_cast<std::int64_t>(state); }

// As they stand in the statements below.
static_assert(code_of(MutationState::Pending) == 0 && code_of(MutationState::Parked) == 3);

// What a mutation does to a row, as far as others may depend on it.
struct RowDeed {
  bool is_insert = false;
  base::Json::Object values;
  base::Json::Object base;
};

using Deeds = std::map<RowKey, RowDeed>;

void add_members(Json::Object& object, const Json::Object* more) {
  if (more != nullptr) object.insert(object.end(), more->begin(), more->end());
}

// The last one counts: an operation after another on the same row.
const Json* find_last(const Json::Object& object, std::string_view name) {
  const auto found = std::find_if(object.rbegin(), object.rend(),
                                  [&](const Json::Member& member) { return member.first == name; });
  return found == object.rend() ? nullptr : &found->second;
}

// Nothing of a text that can't be read.
Deeds deeds_in(const Tables& tables, const std::string& text) {
  Deeds deeds;
  const auto json = base::parse_json(text);
  const auto* operations = json.ok() ? operations_in(*json) : nullptr;
  if (operations == nullptr) return deeds;
  for (const auto& operation : *operations) {
    const auto* info = tables.find(text_of(operation, "table"));
    if (info == nullptr) continue;
    auto& deed = deeds[{.table_number = info->number, .id = std::string(text_of(operation, "id"))}];
    if (text_of(operation, "op") == "insert") deed.is_insert = true;
    add_members(deed.values, members_of(operation, "values"));
    add_members(deed.base, members_of(operation, "base"));
  }
  return deeds;
}

Result<std::string> text_of_mutation(Connection& connection, std::int64_t seq) {
  CONVOY_TRY(auto select, connection.prepare("select coalesce(replay, body) from convoy_mutation "
                                             "where seq = ?"));
  CONVOY_TRY(const bool found, select.bind_integer(1, seq).step());
  return found ? select.text(0) : std::string();
}

Status forget_parked_rows(Connection& connection, std::int64_t seq) {
  CONVOY_TRY(auto remove, connection.prepare("delete from convoy_parked_row where seq = ?"));
  return remove.bind_integer(1, seq).run();
}

void append(std::vector<RowKey>& rows, std::vector<RowKey> more) {
  rows.insert(rows.end(), std::make_move_iterator(more.begin()),
              std::make_move_iterator(more.end()));
}

// Adds the numbers that `sql`, which binds a row and a number that they come after, finds.
Status collect(Connection& connection, std::string_view sql, const RowKey& row, std::int64_t after,
               std::set<std::int64_t>& found) {
  CONVOY_TRY(auto select, connection.prepare(sql));
  select.bind_integer(1, row.table_number)
      .bind_text(2, std::string_view(row.id))
      .bind_integer(3, after);
  for (;;) {
    CONVOY_TRY(const bool more, select.step());
    if (!more) return ok_status();
    found.insert(select.integer(0));
  }
}

// Whether the later one changes a value that the earlier one wrote.
bool is_made_on(const RowDeed& earlier, const RowDeed& later) {
  return std::ranges::any_of(later.base, [&](const Json::Member& member) {
    const auto* written = find_last(earlier.values, member.first);
    // Every write sets the time of the change; nobody rests on the former one.
    return member.first != "updated_at" && written != nullptr && *written == member.second;
  });
}

// Direct dependents of one mutation.
Status add_dependents(Connection& connection, const Tables& tables, std::int64_t seq,
                      std::set<std::int64_t>& found) {
  CONVOY_TRY(const auto text, text_of_mutation(connection, seq));
  for (const auto& [row, deed] : deeds_in(tables, text)) {
    if (deed.is_insert) {
      CONVOY_CHECK_OK(collect(connection,
                              "select n.seq from convoy_mutation_need n join convoy_mutation m on "
                              "m.seq = n.seq where n.table_number = ?1 and n.id = ?2 and n.seq > "
                              "?3 and m.state in (0, 3)",
                              row, seq, found));
    }
    std::set<std::int64_t> later;
    CONVOY_CHECK_OK(collect(connection,
                            "select r.seq from convoy_mutation_row r join convoy_mutation m on "
                            "m.seq = r.seq where r.table_number = ?1 and r.id = ?2 and r.seq > ?3 "
                            "and m.state = 0",
                            row, seq, later));
    for (const auto other : later) {
      CONVOY_TRY(const auto other_text, text_of_mutation(connection, other));
      const auto deeds = deeds_in(tables, other_text);
      const auto its = deeds.find(row);
      if (its != deeds.end() && (deed.is_insert || is_made_on(deed, its->second))) {
        found.insert(other);
      }
    }
  }
  return ok_status();
}

}  // namespace

Status note_parked(Connection& connection, const Tables& tables, std::int64_t seq,
                   const ParkingReason& reason) {
  {
    CONVOY_TRY(auto update,
               connection.prepare("update convoy_mutation set state = ?, code = ?, message = ?, "
                                  "table_name = ?, row_id = ?, depends_on = ? where seq = ?"));
    CONVOY_CHECK_OK(update.bind_integer(1, code_of(MutationState::Parked))
                        .bind_text(2, std::string_view(reason.code))
                        .bind_text(3, std::string_view(reason.message))
                        .bind_text(4, std::string_view(reason.table))
                        .bind_text(5, std::string_view(reason.id))
                        .bind_integer(6, reason.depends_on)
                        .bind_integer(7, seq)
                        .run());
  }
  CONVOY_TRY(const auto text, text_of_mutation(connection, seq));
  CONVOY_TRY(auto insert,
             connection.prepare("insert or replace into convoy_parked_row (table_number, id, seq, "
                                "is_insert) values (?, ?, ?, ?)"));
  for (const auto& [row, deed] : deeds_in(tables, text)) {
    CONVOY_CHECK_OK(insert.bind_integer(1, row.table_number)
                        .bind_text(2, std::string_view(row.id))
                        .bind_integer(3, seq)
                        .bind_integer(4, deed.is_insert ? 1 : 0)
                        .run());
  }
  return ok_status();
}

Status park(Connection& connection, const Tables& tables, std::int64_t seq,
            const ParkingReason& reason, std::vector<RowKey>& stale) {
  CONVOY_CHECK_OK(note_parked(connection, tables, seq, reason));
  CONVOY_CHECK_OK(reopen_resolved(connection, seq));
  Overlay overlay(connection, tables);
  CONVOY_TRY(auto rows, overlay.release(seq));
  append(stale, std::move(rows));
  return ok_status();
}

Status unpark(Connection& connection, Overlay& overlay, base::Random& random, std::int64_t seq,
              std::vector<RowKey>& stale) {
  CONVOY_TRY(const auto text, text_of_mutation(connection, seq));
  const auto json = base::parse_json(text);
  if (!json.ok() || operations_in(*json) == nullptr) {
    return Error{.code = ErrorCode::InvalidState,
                 .message = "mutation " + std::to_string(seq) +
                            " can't be sent: what it does can't be read any more",
                 .hint = "Export it to keep what is left of it, then discard it."};
  }
  {
    CONVOY_TRY(auto update, connection.prepare(
                                "update convoy_mutation set state = ?, mid = 0, sender = '', uid = "
                                "?, depends_on = 0 where seq = ?"));
    const auto uid = base::uuid_v4(random);
    CONVOY_CHECK_OK(update.bind_integer(1, code_of(MutationState::Pending))
                        .bind_text(2, std::string_view(uid))
                        .bind_integer(3, seq)
                        .run());
  }
  CONVOY_CHECK_OK(forget_parked_rows(connection, seq));
  CONVOY_TRY(auto rows, overlay.enter(seq, text));
  append(stale, std::move(rows));
  return ok_status();
}

Status erase_mutation(Connection& connection, Overlay& overlay, std::int64_t seq,
                      const Departure& departure, std::vector<RowKey>& stale) {
  CONVOY_CHECK_OK(note_departure(connection, seq, departure));
  CONVOY_CHECK_OK(note_last_mutation(connection));
  CONVOY_CHECK_OK(reopen_resolved(connection, seq));
  CONVOY_CHECK_OK(forget_parked_rows(connection, seq));
  CONVOY_TRY(auto rows, overlay.release(seq));
  append(stale, std::move(rows));
  for (const char* sql : {"delete from convoy_mutation_need where seq = ?",
                          "delete from convoy_mutation where seq = ?"}) {
    CONVOY_TRY(auto remove, connection.prepare(sql));
    CONVOY_CHECK_OK(remove.bind_integer(1, seq).run());
  }
  return ok_status();
}

Result<std::optional<std::int64_t>> parked_need(Connection& connection, std::int64_t seq) {
  CONVOY_TRY(auto select, connection.prepare(
                              "select p.seq from convoy_mutation_need n join convoy_parked_row p "
                              "on p.table_number = n.table_number and p.id = n.id where n.seq = ? "
                              "and p.is_insert and p.seq <> n.seq order by p.seq limit 1"));
  CONVOY_TRY(const bool found, select.bind_integer(1, seq).step());
  if (!found) return std::optional<std::int64_t>();
  return std::optional(select.integer(0));
}

Result<std::vector<std::int64_t>> parked_with(Connection& connection, std::int64_t seq) {
  std::set<std::int64_t> all{seq};
  std::vector<std::int64_t> open{seq};
  while (!open.empty()) {
    const auto next = open.back();
    open.pop_back();
    CONVOY_TRY(auto select, connection.prepare("select seq from convoy_mutation where depends_on = "
                                               "?1 and depends_on > 0 and state = ?2"));
    select.bind_integer(1, next).bind_integer(2, code_of(MutationState::Parked));
    for (;;) {
      CONVOY_TRY(const bool more, select.step());
      if (!more) break;
      if (all.insert(select.integer(0)).second) open.push_back(select.integer(0));
    }
  }
  return std::vector<std::int64_t>(all.begin(), all.end());
}

Result<std::vector<std::int64_t>> dependents_of(Connection& connection, const Tables& tables,
                                                std::int64_t seq) {
  std::set<std::int64_t> all;
  std::vector<std::int64_t> open{seq};
  while (!open.empty()) {
    const auto next = open.back();
    open.pop_back();
    std::set<std::int64_t> found;
    CONVOY_CHECK_OK(add_dependents(connection, tables, next, found));
    CONVOY_TRY(const auto parked, parked_with(connection, next));
    found.insert(parked.begin(), parked.end());
    for (const auto other : found) {
      if (other != seq && all.insert(other).second) open.push_back(other);
    }
  }
  return std::vector<std::int64_t>(all.begin(), all.end());
}

}  // namespace convoy::store
