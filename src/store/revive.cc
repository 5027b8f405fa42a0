#include "store/revive.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/uuid.h"
#include "store/mutation_text.h"
#include "store/replica.h"
#include "store/rows.h"

namespace convoy::store {
namespace {

using base::Json;
using sql::Connection;

struct Stored {
  std::int64_t seq = 0;
  std::int64_t mid = 0;
  MutationState state = MutationState::Pending;
  std::string body;
  std::optional<std::string> replay;
};

// The mutations on a row, in order.
Result<std::vector<Stored>> mutations_on(Connection& connection, const TableInfo& info,
                                         std::string_view id) {
  CONVOY_TRY(auto select,
             connection.prepare("select m.seq, m.mid, m.state, m.body, m.replay from "
                                "convoy_mutation_row r join convoy_mutation m on m.seq = r.seq "
                                "where r.table_number = ? and r.id = ? order by r.seq"));
  select.bind_integer(1, info.number).bind_text(2, id);
  std::vector<Stored> found;
  for (;;) {
    CONVOY_TRY(const bool row, select.step());
    if (!row) return found;
    found.push_back({.seq = select.integer(0),
                     .mid = select.integer(1),
                     .state = static_cast<MutationState>(select.integer(2)),
                     .body = select.text(3),
                     .replay = std::nullopt});
    if (!select.is_null(4)) found.back().replay = select.text(4);
  }
}

// The first operation on the row; null if the text has none.
Json* first_on(Json& text, std::string_view table, std::string_view id) {
  auto* operations = operations_in(text);
  if (operations == nullptr) return nullptr;
  const auto found = std::ranges::find_if(
      *operations, [&](const Json& operation) { return concerns(operation, table, id); });
  return found == operations->end() ? nullptr : &*found;
}

// "insert", "update" or "delete" of the row's first operation that is sent; "" if there is none.
std::string kind_on(const Stored& mutation, std::string_view table, std::string_view id) {
  auto text = base::parse_json(mutation.body);
  auto* operation = text.ok() ? first_on(*text, table, id) : nullptr;
  return operation == nullptr ? std::string() : std::string(text_of(*operation, "op"));
}

// All that the server lets a device write.
Json::Object all_values(const TableInfo& info, const TableRules& rules, const Row& row) {
  auto values = to_wire(*info.table, row.values);
  std::erase_if(values, [&](const Json::Member& member) {
    return rules.read_only_columns.contains(member.first);
  });
  return values;
}

void replace(Json::Object& values, const Json::Object* with) {
  if (with == nullptr) return;
  for (const auto& [name, value] : *with) {
    const auto found = std::ranges::find(values, name, &Json::Member::first);
    if (found != values.end()) found->second = value;
  }
}

// `values` are those the whole mutation leaves; this is what they are after its first update of the
// row alone. (Or the steps of a counter that follow would count twice.)
Json::Object values_after_first(Json::Array& operations, Json& first, Json::Object values) {
  const auto table = text_of(first, "table");
  const auto id = text_of(first, "id");
  for (auto at = operations.rbegin(); at != operations.rend() && &*at != &first; ++at) {
    if (concerns(*at, table, id)) replace(values, members_of(*at, "base"));
  }
  replace(values, members_of(first, "values"));
  return values;
}

// The values before the update: should somebody else have revived the row, the server merges them
// with that row's. Nothing if the update knows none.
std::optional<Json::Object> values_before(const Json& update, Json::Object values) {
  const auto* base = update.find("base");
  if (base == nullptr || base->object() == nullptr) return std::nullopt;
  for (auto& [name, value] : values) {
    if (const auto* former = base->find(name)) value = *former;
  }
  return values;
}

// The text with the row's first update as an insert; nothing if there is none.
std::optional<std::string> with_insert(const std::string& text, std::string_view table,
                                       std::string_view id, Json::Object values) {
  auto json = base::parse_json(text);
  auto* operation = json.ok() ? first_on(*json, table, id) : nullptr;
  if (operation == nullptr || text_of(*operation, "op") != "update") return std::nullopt;
  values = values_after_first(*operations_in(*json), *operation, std::move(values));
  Json insert;
  insert.set("op", "insert");
  insert.set("table", table);
  insert.set("id", id);
  insert.set("values", values);
  if (auto base = values_before(*operation, values)) insert.set("base", *std::move(base));
  insert.set("revive", true);
  *operation = std::move(insert);
  return json->dump();
}

Result<bool> rewrite(Connection& connection, Overlay& overlay, const TableRules& rules,
                     const TableInfo& info, std::string_view id, const Stored& mutation) {
  CONVOY_TRY(const auto row, overlay.show_until(info, id, mutation.seq));
  if (!row) return false;
  const auto values = all_values(info, rules, *row);
  const auto body = with_insert(mutation.body, info.table->name, id, values);
  if (!body) return false;
  CONVOY_TRY(auto update,
             connection.prepare("update convoy_mutation set body = ?, replay = coalesce(?, replay) "
                                "where seq = ?"));
  update.bind_text(1, std::string_view(*body)).bind_null(2).bind_integer(3, mutation.seq);
  const auto replay =
      mutation.replay ? with_insert(*mutation.replay, info.table->name, id, values) : std::nullopt;
  if (replay) update.bind_text(2, std::string_view(*replay));
  CONVOY_CHECK_OK(update.run());
  overlay.forget(mutation.seq);
  return true;
}

// Keeps its place in the outbox.
Status send_again(Connection& connection, base::Random& random, std::int64_t seq) {
  CONVOY_TRY(auto update,
             connection.prepare("update convoy_mutation set state = ?, mid = 0, sender "
                                "= '', uid = ? where seq = ?"));
  const auto uid = base::uuid_v4(random);
  return update.bind_integer(1, static_cast<std::int64_t>(MutationState::Pending))
      .bind_text(2, std::string_view(uid))
      .bind_integer(3, seq)
      .run();
}

}  // namespace

Status revive_gone(Connection& connection, Overlay& overlay, ServerRules& rules,
                   const TableInfo& info, std::string_view id) {
  CONVOY_TRY(const auto* table_rules, rules.of(info));
  if (table_rules->on_delete != kResurrectRule) return ok_status();
  CONVOY_TRY(const auto mutations, mutations_on(connection, info, id));
  for (const auto& mutation : mutations) {
    // One with a number may be on the server already: it is repeated as it was, or refused.
    if (mutation.state != MutationState::Pending || mutation.mid != 0) continue;
    const auto kind = kind_on(mutation, info.table->name, id);
    if (kind.empty()) continue;
    if (kind != "update") return ok_status();
    CONVOY_TRY(const bool done, rewrite(connection, overlay, *table_rules, info, id, mutation));
    static_cast<void>(done);
    return ok_status();
  }
  return ok_status();
}

Result<bool> revive_refused(Connection& connection, Overlay& overlay, ServerRules& rules,
                            base::Random& random, std::int64_t seq, const TableInfo& info,
                            std::string_view id) {
  CONVOY_TRY(const auto* table_rules, rules.of(info));
  if (table_rules->on_delete != kResurrectRule) return false;
  CONVOY_TRY(const auto mutations, mutations_on(connection, info, id));
  for (const auto& mutation : mutations) {
    if (mutation.seq == seq) {
      CONVOY_TRY(const bool done, rewrite(connection, overlay, *table_rules, info, id, mutation));
      if (!done) return false;
      break;
    }
    // One before it waits to make the row anew.
    const bool waits = mutation.state == MutationState::Pending;
    if (waits && kind_on(mutation, info.table->name, id) == "insert") break;
  }
  CONVOY_CHECK_OK(send_again(connection, random, seq));
  return true;
}

}  // namespace convoy::store
