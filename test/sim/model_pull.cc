// convoy_pull and convoy_backfill.
#include <algorithm>
#include <tuple>
#include <utility>

#include "base/time_text.h"
#include "schema/row_hash.h"
#include "sim/model_server.h"

namespace convoy::sim {
namespace {

using base::Json;

const char* type_name(Type type) {
  switch (type) {
    case Type::Text:
      return "text";
    case Type::Uuid:
      return "uuid";
    case Type::Integer:
      return "integer";
    case Type::Boolean:
      return "boolean";
    case Type::Timestamp:
      return "timestamp with time zone";
    case Type::Json:
      return "jsonb";
  }
  return "";
}

std::string iso(std::int64_t ms) {
  return base::format_timestamp(static_cast<double>(ms)).value_or("");
}

constexpr std::string_view kFingerprint = "1";

}  // namespace

void ModelServer::interrupt() {
  if (interruption_) interruption_();
}

bool ModelServer::is_new(const LogEntry& entry, const Snapshot& base) const {
  switch (mutant_) {
    case Mutant::TimeCursor:
      return entry.began_at > snapshot_times_.at(base.text());
    case Mutant::SequenceCursor:
      return entry.sequence > snapshot_sequences_.at(base.text());
    case Mutant::MaxXidCursor:
      return entry.xid >= base.xmax;
    case Mutant::XminExclusive:
      return entry.xid > base.xmin;
    default:
      return !base.sees(entry.xid);
  }
}

// The next log entries of a window, in page order.
std::vector<ModelServer::Place> ModelServer::changes(const std::map<std::string, Snapshot>& bases,
                                                     const Snapshot& target,
                                                     const std::optional<Place>& after) {
  std::vector<Place> places;
  for (const auto& [key, record] : std::as_const(store_).committed()) {
    for (const auto& entry : record.log) {
      const auto base = bases.find(entry.scope);
      if (base == bases.end() || !is_new(entry, base->second) || !target.sees(entry.xid)) continue;
      places.push_back(
          {.scope = entry.scope, .xid = entry.xid, .key = key, .is_dead = entry.is_dead});
    }
  }
  const auto order = [](const Place& place) {
    return std::tie(place.scope, place.xid, place.key.first, place.key.second);
  };
  if (after) {
    std::erase_if(places, [&](const Place& place) { return !(order(place) > order(*after)); });
  }
  std::ranges::sort(places, [&](const Place& a, const Place& b) { return order(a) < order(b); });
  return places;
}

// The rows of a page, by table and scope, as the caller sees them.
Json ModelServer::rows_of(const std::string& user, const std::vector<Place>& places,
                          bool tell_gone) {
  struct Group {
    Json::Array rows;
    Json::Array gone;
  };

  std::map<std::pair<int, std::string>, Group> groups;
  auto access = rows();
  for (const auto& place : places) {
    auto& group = groups[{place.key.first, place.scope}];
    const auto* record = store_.read(nullptr, place.key);
    const bool is_here = !place.is_dead || mutant_ == Mutant::UnscopedPut;
    const bool is_shown =
        record != nullptr && is_here && record->row &&
        (mutant_ == Mutant::DefinerPull || access.can_read(nullptr, user, place.key, *record));
    if (is_shown) {
      Json::Array row{place.key.second};
      row.insert(row.end(), record->row->begin(), record->row->end());
      group.rows.emplace_back(std::move(row));
    } else if (tell_gone) {
      group.gone.emplace_back(place.key.second);
    }
  }
  Json::Array result;
  for (auto& [where, group] : groups) {
    if (group.rows.empty() && group.gone.empty()) continue;
    const auto& spec = tables()[static_cast<std::size_t>(where.first)];
    Json::Array columns;
    for (const auto& column : spec.columns) columns.emplace_back(column.name);
    Json entry;
    entry.set("table", spec.name);
    entry.set("scope", where.second);
    entry.set("columns", std::move(columns));
    entry.set("rows", std::move(group.rows));
    entry.set("gone", std::move(group.gone));
    result.push_back(std::move(entry));
  }
  return result;
}

Json ModelServer::schema() {
  Json::Array list;
  for (const auto& spec : tables()) {
    if (spec.kind == TableKind::Unsynced) continue;
    Json::Array columns;
    for (const auto& column : spec.columns) {
      Json entry;
      entry.set("name", column.name);
      entry.set("type", type_name(column.type));
      entry.set("nullable", column.is_nullable);
      entry.set("write", !column.is_readonly && spec.kind != TableKind::ReadOnly);
      if (column.rule != Rule::ServerWins) entry.set("rule", name_of(column.rule));
      columns.push_back(std::move(entry));
    }
    Json table;
    table.set("name", spec.name);
    table.set("id", "id");
    table.set("conflict", spec.kind == TableKind::Merge        ? "merge"
                          : spec.kind == TableKind::AppendOnly ? "append_only"
                                                               : "read_only");
    table.set("on_delete", spec.resurrects ? "resurrect" : "delete_wins");
    table.set("columns", std::move(columns));
    list.push_back(std::move(table));
  }
  Json schema;
  schema.set("fingerprint", kFingerprint);
  schema.set("tables", std::move(list));
  return schema;
}

RpcReply ModelServer::pull(const std::string& user, const Json& request) {
  auto session = open_session(user, request);
  const auto limit = std::min(
      static_cast<std::size_t>(request.find("limit")->integer().value_or(1000)), page_rows_);
  const auto scopes = scopes_of(user);
  std::map<std::string, std::pair<Snapshot, std::string>> named;  // To base and visibility.
  for (const auto& group : *request.find("scopes")->array()) {
    const auto base = Snapshot::parse(*group.find("base")->string());
    if (!base) return error(400, "CV009", "convoy: malformed request");
    if (const auto* digest = group.find("digest")) {
      std::string text;
      for (const auto& [scope, visibility] : scopes) {
        text += scope + " " + visibility + "\n";
        named[scope] = {*base, visibility};
      }
      if (*digest->string() == schema::hash_text(schema::row_hash(text))) continue;
      return {.body = head("scopes")};
    }
    for (const auto& [scope, visibility] : *group.find("ids")->object()) {
      named[scope] = {*base, *visibility.string()};
    }
  }
  std::optional<Snapshot> target;
  if (const auto* text = request.find("target")) target = Snapshot::parse(*text->string());
  std::optional<Place> after;
  if (const auto* json = request.find("after"); json != nullptr && !json->is_null()) {
    const auto& list = *json->array();
    after = Place{.scope = *list[0].string(),
                  .xid = static_cast<Xid>(std::stoull(*list[1].string())),
                  .key = {static_cast<int>(*list[2].integer()), *list[3].string()}};
  }

  for (const auto& [scope, known] : named) {
    const bool is_too_old = gc_horizon_ > 0 && known.first.xmin <= gc_horizon_;
    if (is_too_old && mutant_ != Mutant::HorizonIgnored) {
      auto reply = head("reset");
      reply.set("reason", "horizon");
      reply.set("epoch", epoch_);
      return {.body = std::move(reply)};
    }
    if (known.first.xmax > session.snapshot.xmax) return {.body = head("stale")};
  }

  // Scopes gained, lost, or seen with other eyes than before.
  Json added(Json::Object{});
  Json::Array removed;
  std::map<std::string, Snapshot> kept;
  std::map<std::string, Snapshot> asked;
  for (const auto& [scope, known] : named) {
    const auto now = scopes.find(scope);
    const bool is_same = now != scopes.end() && now->second == known.second;
    if (is_same) kept[scope] = known.first;
    if (!is_same) removed.emplace_back(scope);
    asked[scope] = known.first;
  }
  for (const auto& [scope, visibility] : scopes) {
    if (!kept.contains(scope)) added.set(scope, visibility);
  }

  if (!target) target = session.snapshot;
  const bool filters_late = mutant_ == Mutant::FilterAfterLimit;
  auto places = changes(filters_late ? asked : kept, *target, after);
  const bool more = places.size() > limit;
  if (more) places.resize(limit);
  const auto last = places.empty() ? Place{} : places.back();
  bool goes_on = more;
  if (filters_late) {
    std::erase_if(places, [&](const Place& place) { return !kept.contains(place.scope); });
    if (places.size() < limit) goes_on = false;  // "A short page is the last."
  }
  if (mutant_ == Mutant::VolatilePull) interrupt();
  auto rows = rows_of(user, places, true);

  auto reply = head("ok");
  reply.set("epoch", epoch_);
  reply.set("target", target->text());
  if (mutant_ == Mutant::VolatilePull) {
    session.snapshot = store_.snapshot();
    session.commits = store_.commits();
  }
  reply.set("next", remember(session.snapshot, session.commits));
  if (goes_on) {
    reply.set("after", Json::Array{last.scope, std::to_string(last.xid),
                                   std::int64_t{last.key.first}, last.key.second});
  } else {
    reply.set("after", Json());
  }
  reply.set("more", goes_on);
  reply.set("changes", std::move(rows));
  if (!after) reply.set("added", std::move(added));
  reply.set("removed", std::move(removed));
  reply.set("last_mid", session.last_mid);
  reply.set("server_time", iso(clock_->now_ms()));
  const auto* fingerprint = request.find("schema");
  if (fingerprint == nullptr || *fingerprint != Json(kFingerprint)) reply.set("schema", schema());
  interrupt();
  return {.body = std::move(reply)};
}

RpcReply ModelServer::backfill(const std::string& user, const Json& request) {
  const auto session = open_session(user, request);
  const auto limit = std::min(
      static_cast<std::size_t>(request.find("limit")->integer().value_or(1000)), page_rows_);
  const auto scope = *request.find("scope")->string();
  std::optional<Key> after;
  if (const auto* json = request.find("after"); json != nullptr && !json->is_null()) {
    after = Key(static_cast<int>(*(*json->array())[0].integer()), *(*json->array())[1].string());
  }
  const auto scopes = scopes_of(user);
  const auto sees = scopes.find(scope);

  std::vector<Place> places;
  std::int64_t total = 0;
  for (const auto& [key, record] : std::as_const(store_).committed()) {
    const auto* home = record.home();
    if (sees == scopes.end() || home == nullptr || home->scope != scope) continue;
    ++total;
    if (!after || key > *after) places.push_back({.scope = scope, .key = key});
  }
  const bool more = places.size() > limit;
  if (more) places.resize(limit);

  auto reply = head("ok");
  reply.set("epoch", epoch_);
  reply.set("scope", scope);
  reply.set("visibility", sees == scopes.end() ? Json() : Json(sees->second));
  reply.set("next", remember(session.snapshot, session.commits));
  reply.set("after", more ? Json(Json::Array{std::int64_t{places.back().key.first},
                                             places.back().key.second})
                          : Json());
  reply.set("more", more);
  reply.set("changes", rows_of(user, places, false));
  if (!after) reply.set("total", total);
  interrupt();
  return {.body = std::move(reply)};
}

}  // namespace convoy::sim
