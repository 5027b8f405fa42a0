// convoy_push.
#include <algorithm>
#include <utility>

#include "base/time_text.h"
#include "sim/model_server.h"

namespace convoy::sim {
namespace {

using base::Json;

constexpr std::size_t kUidsKept = 64;

bool is_transient(const std::string& code) {
  for (const char* family : {"40", "53", "57", "58", "08", "XX"}) {
    if (code.starts_with(family)) return true;
  }
  return code == "55P03";
}

const TableSpec& spec_of(int table) { return tables()[static_cast<std::size_t>(table)]; }

// The given columns by number, in their types' own form.
SqlStatus read_values(int table, const Json* given, Values& values) {
  if (given == nullptr || given->object() == nullptr) return std::nullopt;
  for (const auto& [name, value] : *given->object()) {
    const int column = spec_of(table).find(name);
    const auto* spec =
        column < 0 ? nullptr : &spec_of(table).columns[static_cast<std::size_t>(column)];
    if (spec == nullptr || spec->is_readonly) {
      return SqlError{.code = "CV003",
                      .message = "column does not exist or may not be written",
                      .column = name};
    }
    auto kept = normalised(spec->type, value);
    if (!kept) return SqlError{.code = "22P02", .message = "invalid input syntax", .column = name};
    values[column] = *std::move(kept);
  }
  return std::nullopt;
}

Json null_if_empty(const std::string& text) { return text.empty() ? Json() : Json(text); }

}  // namespace

RpcReply ModelServer::push(const std::string& user, const Json& request) {
  const auto client_id = *request.find("client")->string();
  const auto& list = *request.find("mutations")->array();
  if (random_.chance(transient_errors_)) {
    if (mutant_ != Mutant::TransientRejected || list.empty()) {
      return random_.one_in(2) ? error(500, "40001", "could not serialize access")
                               : error(500, "57014", "canceling statement due to timeout");
    }
  }
  auto& client = clients_[client_id];
  client.user = user;
  if (auto refusal = refuse_numbers(client, list)) return *std::move(refusal);

  auto& transaction = store_.begin(clock_->now_ms(), user);
  const auto xid = transaction.xid;
  auto after = client;
  Json::Array outcomes;
  std::vector<std::string> applied;
  std::vector<std::pair<std::string, std::string>> rejected;  // With the code.
  for (const auto& mutation : list) {
    const auto mid = *mutation.find("mid")->integer();
    const auto uid = *mutation.find("uid")->string();
    if (mid <= after.last_mid && mutant_ != Mutant::NoDeduplication) {
      const auto kept = after.outcomes.find(mid);
      Json outcome;
      outcome.set("mid", mid);
      outcome.set("status", "applied");
      const bool is_known = kept != after.outcomes.end() && mutant_ != Mutant::OutcomeForgotten;
      outcomes.push_back(is_known ? kept->second : std::move(outcome));
      continue;
    }
    auto outcome = run_mutation(transaction, client_id, mid, mutation);
    const auto status = *outcome.find("status")->string();
    if (status == "rejected") {
      const auto code = *outcome.find("code")->string();
      if (is_transient(code) && mutant_ != Mutant::TransientRejected) {
        store_.roll_back(xid);
        return error(500, code, *outcome.find("message")->string());
      }
      rejected.emplace_back(uid, code);
    } else {
      applied.push_back(uid);
    }
    after.last_mid = std::max(mid, after.last_mid);
    after.uids.push_back(uid);
    if (after.uids.size() > kUidsKept) after.uids.erase(after.uids.begin());
    if (status != "applied") after.outcomes[mid] = outcome;
    outcomes.push_back(std::move(outcome));
  }
  for (const auto& uid : applied) {
    ++ledger_[uid].times_applied;
    ledger_[uid].is_known = true;
  }
  for (const auto& [uid, code] : rejected) {
    ledger_[uid].refusals.insert(code);
    ledger_[uid].is_known = true;
  }
  if (!applied.empty()) note_applied(transaction, applied.back());
  client = std::move(after);
  store_.commit(xid);
  if (!applied.empty()) ledger_[applied.back()].commit = store_.commits();

  auto reply = head("ok");
  reply.set("epoch", epoch_);
  reply.set("last_mid", client.last_mid);
  reply.set("server_time",
            base::format_timestamp(static_cast<double>(clock_->now_ms())).value_or(""));
  reply.set("outcomes", std::move(outcomes));
  return {.body = std::move(reply)};
}

// A gap, or numbers that another copy of the device used.
std::optional<RpcReply> ModelServer::refuse_numbers(const ModelClient& client,
                                                    const Json::Array& list) {
  const auto answer = [&](std::string_view status) {
    auto reply = head(status);
    reply.set("last_mid", client.last_mid);
    return RpcReply{.body = std::move(reply)};
  };
  if (list.empty()) return std::nullopt;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].find("mid")->integer() !=
        *list.front().find("mid")->integer() + static_cast<std::int64_t>(i)) {
      return error(400, "CV009", "convoy: malformed request");
    }
  }
  if (list.front().find("mid")->integer() > client.last_mid + 1) return answer("gap");
  if (mutant_ == Mutant::UidUnchecked) return std::nullopt;
  for (const auto& mutation : list) {
    const auto mid = *mutation.find("mid")->integer();
    if (mid > client.last_mid) break;
    const auto place = static_cast<std::int64_t>(client.uids.size()) - 1 - (client.last_mid - mid);
    if (place < 0 ||
        client.uids[static_cast<std::size_t>(place)] != *mutation.find("uid")->string()) {
      return answer("forked");
    }
  }
  return std::nullopt;
}

void ModelServer::note_applied(const Transaction& transaction, const std::string& uid) {
  for (const auto& [key, record] : transaction.writes) {
    const int revision = spec_of(key.first).find("revision");
    if (revision < 0 || !record.row) continue;
    ledger_[uid].revisions[key] =
        (*record.row)[static_cast<std::size_t>(revision)].integer().value_or(0);
  }
}

// A clock that runs ahead gets a minute.
Stamp ModelServer::stamp_of(const std::string& client, const Json& mutation) const {
  const auto now = static_cast<std::uint64_t>(clock_->now_ms());
  Stamp stamp{.hlc = now << 16U, .client = client};
  const auto* given = mutation.find("hlc");
  if (given == nullptr || given->string() == nullptr) return stamp;
  stamp.hlc = std::stoull(*given->string());
  const auto latest = (now + kMinute) << 16U | 0xffffU;
  if (mutant_ != Mutant::ClockBelieved) stamp.hlc = std::min<std::uint64_t>(stamp.hlc, latest);
  return stamp;
}

// In a subtransaction of its own: a refused one leaves nothing.
Json ModelServer::run_mutation(Transaction& transaction, const std::string& client,
                               std::int64_t mid, const Json& mutation) {
  const auto writes = transaction.writes;
  const auto shared = transaction.shared;
  Json::Array conflicts;
  SqlStatus problem;
  std::string table;
  std::string id;
  ModelRows rows(store_, clock_->now_ms(), mutant_);
  transaction.author = Authorship{.stamp = stamp_of(client, mutation), .columns = {}};
  const auto body = base::parse_json(*mutation.find("body")->string());
  const auto* ops = body.ok() ? body->find("ops") : nullptr;
  if (ops == nullptr || ops->array() == nullptr) {
    problem = SqlError{.code = "CV008", .message = "malformed mutation"};
  } else {
    for (const auto& operation : *ops->array()) {
      const auto* of_table = operation.find("table");
      const auto* of_id = operation.find("id");
      table = of_table != nullptr && of_table->string() ? *of_table->string() : "";
      id = of_id != nullptr && of_id->string() ? *of_id->string() : "";
      problem = apply(rows, transaction, operation, conflicts);
      if (problem) break;
    }
  }
  if (mutant_ == Mutant::TransientRejected && !problem && random_.chance(transient_errors_)) {
    problem = SqlError{.code = "40001", .message = "could not serialize access"};
  }
  Json outcome;
  outcome.set("mid", mid);
  if (!problem) {
    outcome.set("status", conflicts.empty() ? "applied" : "merged");
    if (!conflicts.empty()) outcome.set("conflicts", std::move(conflicts));
    return outcome;
  }
  if (mutant_ != Mutant::HalfMutation) {
    transaction.writes = writes;
    transaction.shared = shared;
  }
  outcome.set("status", "rejected");
  outcome.set("code", problem->code);
  outcome.set("message", problem->message);
  outcome.set("constraint", null_if_empty(problem->constraint));
  outcome.set("table", null_if_empty(table));
  outcome.set("id", null_if_empty(id));
  outcome.set("column", null_if_empty(problem->column));
  return outcome;
}

SqlStatus ModelServer::apply(ModelRows& rows, Transaction& transaction, const Json& operation,
                             Json::Array& conflicts) {
  const auto text = [&](const char* name) {
    const auto* member = operation.find(name);
    return member != nullptr && member->string() ? *member->string() : std::string();
  };
  const auto kind = text("op");
  const int table = find_table(text("table"));
  const Key key(table, text("id"));
  if (kind != "insert" && kind != "update" && kind != "delete") {
    return SqlError{.code = "CV008", .message = "malformed operation"};
  }
  if (table < 0 || spec_of(table).kind == TableKind::Unsynced) {
    return SqlError{.code = "CV002", .message = "table is not synced"};
  }
  if (spec_of(table).kind == TableKind::ReadOnly) {
    return SqlError{.code = "CV006", .message = "table is read only"};
  }
  const bool is_append_only = spec_of(table).kind == TableKind::AppendOnly;
  if (is_append_only && kind != "insert") {
    return SqlError{.code = "CV007", .message = "rows are only added to the table"};
  }
  Values given;
  Values base;
  if (auto error = read_values(table, operation.find("values"), given)) return error;
  if (auto error = read_values(table, operation.find("base"), base)) return error;

  const auto* record = store_.read(&transaction, key);
  const bool is_live = record != nullptr && record->row.has_value();
  const bool is_dead = record != nullptr && !is_live && !record->log.empty();
  const auto may = [&] {
    return rows.can_read(&transaction, transaction.user, key, *record) &&
           rows.can_write(&transaction, transaction.user, table, key.second, *record->row);
  };
  if (kind == "update") {
    if (is_live && may()) return apply_update(rows, transaction, key, given, &base, conflicts);
    if (mutant_ == Mutant::RowCountUnchecked) return std::nullopt;
    return SqlError{.code = "CV004", .message = "the row is gone"};
  }
  if (kind == "delete") {
    if (!is_live) return std::nullopt;
    if (may()) return rows.remove(transaction, key);
    if (mutant_ == Mutant::RowCountUnchecked) return std::nullopt;
    return SqlError{.code = "42501", .message = "the row may not be deleted"};
  }
  const auto* revive = operation.find("revive");
  const bool revives = revive != nullptr && *revive == Json(true) &&
                       (spec_of(table).resurrects && mutant_ != Mutant::RevivalRefused);
  if (is_dead && !revives && mutant_ != Mutant::IdsUsedAgain) {
    return SqlError{.code = "CV005", .message = "this row was deleted"};
  }
  if (is_live) {
    if (is_append_only) {
      return SqlError{.code = "CV007", .message = "rows are only added to the table"};
    }
    // A revival that comes second is the edit it was made from.
    const bool has_base = revives && operation.find("base") != nullptr;
    const auto* made_on = has_base && mutant_ != Mutant::RevivalOverwrites ? &base : nullptr;
    if (may()) return apply_update(rows, transaction, key, given, made_on, conflicts);
  }
  return rows.insert(transaction, key, given);
}

}  // namespace convoy::sim
