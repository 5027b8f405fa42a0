#include "sync/machine/protocol.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/time_text.h"
#include "schema/row_hash.h"
#include "sync/machine/reply_reader.h"

namespace convoy::sync::machine {
namespace {

using base::Json;

// Members that every request has.
Json request_head(const schema::ReplicaState& state) {
  Json request;
  request.set("protocol", kProtocolVersion);
  request.set("client", state.client_id);
  if (!state.epoch.empty()) request.set("epoch", state.epoch);
  return request;
}

ReplyStatus read_status(ReplyReader& read, const Json& json) {
  const auto status = read.string(json, "status");
  if (status == "reset") return ReplyStatus::Reset;
  if (status == "stale") return ReplyStatus::Stale;
  if (status == "scopes") return ReplyStatus::Scopes;
  if (status == "forked") return ReplyStatus::Forked;
  if (status == "gap") return ReplyStatus::Gap;
  if (status != "ok") read.fail("status");
  return ReplyStatus::Ok;
}

// A status other than ok ends the reading: such replies carry the new epoch at most.
bool read_head(ReplyReader& read, const Json& json, ReplyHead& head) {
  head.status = read_status(read, json);
  head.epoch = read.string_or(json, "epoch", "");
  head.reason = read.string_or(json, "reason", "");
  if (head.status == ReplyStatus::Reset && head.epoch.empty()) read.fail("epoch");
  return read.ok() && head.status == ReplyStatus::Ok;
}

// A server of an older version may leave it out.
std::optional<std::int64_t> read_server_time(ReplyReader& read, const Json& json) {
  const auto text = read.string_or(json, "server_time", "");
  if (text.empty()) return std::nullopt;
  const auto time = base::parse_timestamp(text);
  if (!time || !std::isfinite(*time)) {
    read.fail("server_time");
    return std::nullopt;
  }
  return static_cast<std::int64_t>(*time);
}

std::string read_snapshot(ReplyReader& read, const Json& json, std::string_view name) {
  auto text = read.string(json, name);
  if (!is_snapshot(text)) read.fail(name);
  return text;
}

// Scopes that share a base travel together; as a rule all of them do.
Json named_scopes(const schema::ReplicaState& state) {
  std::map<std::string, Json> by_base;
  for (const auto& [id, scope] : state.scopes) {
    if (!scope.base.empty()) by_base[scope.base].set(id, scope.visibility);
  }
  Json::Array scopes;
  for (auto& [base, ids] : by_base) {
    Json group;
    group.set("base", base);
    group.set("ids", std::move(ids));
    scopes.push_back(std::move(group));
  }
  return scopes;
}

bool have_one_base(const schema::ReplicaState& state) {
  if (state.scopes.empty() || state.scopes.begin()->second.base.empty()) return false;
  const auto& base = state.scopes.begin()->second.base;
  return std::ranges::all_of(state.scopes,
                             [&](const auto& entry) { return entry.second.base == base; });
}

// Scopes are ordered as the server orders UUIDs: their lower-case texts byte by byte.
Json brief_scopes(const schema::ReplicaState& state) {
  std::string text;
  for (const auto& [id, scope] : state.scopes) text += id + ' ' + scope.visibility + '\n';
  Json group;
  group.set("base", state.scopes.begin()->second.base);
  group.set("digest", schema::hash_text(schema::row_hash(text)));
  return Json::Array{std::move(group)};
}

schema::RowChanges read_group(ReplyReader& read, const Json& json) {
  schema::RowChanges group;
  group.table = read.string(json, "table");
  group.scope = read.string(json, "scope");
  for (const auto& column : read.array(json, "columns"))
    group.columns.push_back(read.text(column, "columns"));
  for (const auto& row : read.array(json, "rows")) {
    const auto* values = row.array();
    if (values == nullptr || values->size() != group.columns.size() + 1) {
      read.fail("rows");
      break;
    }
    group.ids.push_back(read.text(values->front(), "rows"));
    group.rows.emplace_back(values->begin() + 1, values->end());
  }
  for (const auto& id : read.array_or_empty(json, "gone"))
    group.gone.push_back(read.text(id, "gone"));
  return group;
}

// A rule is a word, or an object with options beside it.
std::string read_rule(ReplyReader& read, const Json& column) {
  const auto* rule = column.find("rule");
  if (rule != nullptr && rule->object() != nullptr) return read.string(*rule, "rule");
  return read.string_or(column, "rule", "");
}

schema::ServerSchema read_schema(ReplyReader& read, const Json& json) {
  schema::ServerSchema schema;
  schema.fingerprint = read.string(json, "fingerprint");
  for (const auto& entry : read.array(json, "tables")) {
    schema::ServerTable table{.name = read.string(entry, "name"),
                              .id = read.string(entry, "id"),
                              .conflict = read.string_or(entry, "conflict", "merge"),
                              .on_delete = read.string_or(entry, "on_delete", "delete_wins")};
    for (const auto& column : read.array(entry, "columns")) {
      table.columns.push_back({.name = read.string(column, "name"),
                               .type = read.string(column, "type"),
                               .is_nullable = read.boolean(column, "nullable"),
                               .is_writable = read.boolean(column, "write"),
                               .rule = read_rule(read, column)});
    }
    schema.tables.push_back(std::move(table));
  }
  return schema;
}

Json value_or_null(const Json& object, std::string_view name) {
  const auto* member = object.find(name);
  return member == nullptr ? Json() : *member;
}

schema::Conflict read_conflict(ReplyReader& read, const Json& json) {
  schema::Conflict conflict{.table = read.string(json, "table"),
                            .id = read.string(json, "id"),
                            .column = read.string(json, "column"),
                            .base = value_or_null(json, "base"),
                            .client = value_or_null(json, "client"),
                            .server = value_or_null(json, "server"),
                            .kept = read.string(json, "kept"),
                            .value = std::nullopt,
                            .rule = read.string_or(json, "rule", ""),
                            .reason = read.string_or(json, "reason", "")};
  if (conflict.kept == "merged") {
    const auto* value = json.find("value");
    if (value == nullptr) read.fail("conflicts.value");
    conflict.value = value_or_null(json, "value");
  } else if (conflict.kept != "server" && conflict.kept != "client") {
    read.fail("conflicts.kept");
  }
  return conflict;
}

schema::Outcome read_outcome(ReplyReader& read, const Json& json) {
  schema::Outcome outcome{.mid = read.integer(json, "mid")};
  const auto status = read.string(json, "status");
  if (status == "applied") {
    outcome.kind = schema::Outcome::Kind::Applied;
  } else if (status == "merged") {
    outcome.kind = schema::Outcome::Kind::Merged;
  } else if (status == "rejected") {
    outcome.kind = schema::Outcome::Kind::Rejected;
    outcome.code = read.string(json, "code");
    outcome.message = read.string_or(json, "message", "");
    outcome.table = read.string_or(json, "table", "");
    outcome.id = read.string_or(json, "id", "");
    outcome.column = read.string_or(json, "column", "");
    outcome.constraint = read.string_or(json, "constraint", "");
  } else {
    read.fail("outcomes.status");
  }
  for (const auto& conflict : read.array_or_empty(json, "conflicts")) {
    outcome.conflicts.push_back(read_conflict(read, conflict));
  }
  return outcome;
}

}  // namespace

Json pull_request(const schema::ReplicaState& state, Naming naming,
                  const std::optional<WindowPosition>& position, std::size_t limit) {
  Json request = request_head(state);
  if (!state.fingerprint.empty()) request.set("schema", state.fingerprint);
  request.set("scopes", naming == Naming::Brief && have_one_base(state) ? brief_scopes(state)
                                                                        : named_scopes(state));
  if (position) {
    request.set("target", position->target);
    request.set("after", position->after);
  }
  request.set("limit", static_cast<std::int64_t>(limit));
  return request;
}

Json backfill_request(const schema::ReplicaState& state, const schema::ScopeState& scope,
                      std::size_t limit) {
  Json request = request_head(state);
  request.set("scope", scope.id);
  if (scope.backfill_after) request.set("after", *scope.backfill_after);
  request.set("limit", static_cast<std::int64_t>(limit));
  return request;
}

Json push_request(const schema::ReplicaState& state,
                  const std::vector<schema::OutgoingMutation>& batch) {
  Json request = request_head(state);
  if (!batch.empty() && !batch.front().sender.empty()) request.set("client", batch.front().sender);
  Json::Array mutations;
  for (const auto& mutation : batch) {
    Json entry;
    entry.set("mid", mutation.mid);
    entry.set("uid", mutation.uid);
    if (mutation.hlc != 0) entry.set("hlc", std::to_string(mutation.hlc));
    entry.set("body", mutation.body);
    mutations.push_back(std::move(entry));
  }
  request.set("mutations", std::move(mutations));
  return request;
}

std::vector<schema::RowChanges> read_changes(ReplyReader& read, const Json& json) {
  std::vector<schema::RowChanges> changes;
  for (const auto& group : read.array(json, "changes")) {
    changes.push_back(read_group(read, group));
    if (!read.ok()) break;
  }
  return changes;
}

Result<PullReply> parse_pull_reply(const Json& json) {
  ReplyReader read;
  PullReply reply;
  if (read_head(read, json, reply)) {
    if (reply.epoch.empty()) read.fail("epoch");
    reply.target = read_snapshot(read, json, "target");
    reply.next = read_snapshot(read, json, "next");
    reply.after = value_or_null(json, "after");
    reply.more = read.boolean(json, "more");
    if (reply.more && reply.after.is_null()) read.fail("after");
    reply.changes = read_changes(read, json);
    for (const auto& [scope, visibility] : read.object_or_empty(json, "added")) {
      reply.added.emplace(scope, read.text(visibility, "added"));
    }
    for (const auto& scope : read.array_or_empty(json, "removed")) {
      reply.removed.push_back(read.text(scope, "removed"));
    }
    reply.last_mid = read.integer(json, "last_mid");
    reply.server_time_ms = read_server_time(read, json);
    if (const auto* schema = json.find("schema"); schema != nullptr && !schema->is_null()) {
      reply.schema = read_schema(read, *schema);
    }
  }
  CONVOY_CHECK_OK(read.status());
  return reply;
}

Result<BackfillReply> parse_backfill_reply(const Json& json) {
  ReplyReader read;
  BackfillReply reply;
  if (read_head(read, json, reply)) {
    if (const auto* visibility = json.find("visibility");
        visibility != nullptr && !visibility->is_null()) {
      reply.visibility = read.text(*visibility, "visibility");
      reply.next = read_snapshot(read, json, "next");
      reply.after = value_or_null(json, "after");
      reply.more = read.boolean(json, "more");
      if (reply.more && reply.after.is_null()) read.fail("after");
      reply.changes = read_changes(read, json);
      reply.total = read.integer_or(json, "total", 0);
    }
  }
  CONVOY_CHECK_OK(read.status());
  return reply;
}

Result<PushReply> parse_push_reply(const Json& json) {
  ReplyReader read;
  PushReply reply;
  if (read_head(read, json, reply)) {
    reply.last_mid = read.integer(json, "last_mid");
    reply.server_time_ms = read_server_time(read, json);
    for (const auto& outcome : read.array(json, "outcomes")) {
      reply.outcomes.push_back(read_outcome(read, outcome));
    }
  }
  CONVOY_CHECK_OK(read.status());
  return reply;
}

bool is_snapshot(std::string_view text) {
  const auto number = [&text](std::uint64_t& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{}) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
  };
  const auto colon = [&text] {
    if (text.empty() || text.front() != ':') return false;
    text.remove_prefix(1);
    return true;
  };
  std::uint64_t xmin = 0;
  std::uint64_t xmax = 0;
  if (!number(xmin) || !colon() || !number(xmax) || !colon() || xmin == 0 || xmin > xmax)
    return false;
  for (std::uint64_t xid = 0; !text.empty();) {
    if (!number(xid) || xid < xmin || xid >= xmax) return false;
    if (text.empty()) return true;
    if (text.front() != ',') return false;
    text.remove_prefix(1);
    if (text.empty()) return false;
  }
  return true;
}

}  // namespace convoy::sync::machine
