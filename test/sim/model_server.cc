#include "sim/model_server.h"

#include <algorithm>
#include <utility>

#include "base/time_text.h"
#include "base/uuid.h"

namespace convoy::sim {

using base::Json;

ModelServer::ModelServer(WorldClock& clock, Random random, Mutant mutant)
    : clock_(&clock), random_(random), mutant_(mutant), epoch_(base::uuid_v4(random_)) {}

std::string ModelServer::new_uuid() { return base::uuid_v4(random_); }

RpcReply ModelServer::error(int status, std::string code, std::string message) {
  Json body;
  body.set("code", std::move(code));
  body.set("message", std::move(message));
  body.set("details", Json());
  body.set("hint", Json());
  return {.status = status, .body = std::move(body)};
}

Json ModelServer::head(std::string_view status) {
  Json reply;
  reply.set("status", status);
  reply.set("protocol", 1);
  return reply;
}

RpcReply ModelServer::rpc(const std::string& user, std::string_view function,
                          const Json& arguments) {
  const auto* request = arguments.find("req");
  if (request == nullptr) return error(400, "CV009", "convoy: the request must be an object");
  if (auto refusal = refuse(user, *request)) return *std::move(refusal);
  if (function == "convoy_pull") return pull(user, *request);
  if (function == "convoy_backfill") return backfill(user, *request);
  if (function == "convoy_push") return push(user, *request);
  return error(404, "PGRST202", "Could not find the function");
}

std::optional<RpcReply> ModelServer::refuse(const std::string& user, const Json& request) {
  const auto* protocol = request.find("protocol");
  if (protocol == nullptr || protocol->integer() != 1) {
    return error(400, "CV001", "convoy: protocol version not supported");
  }
  const auto* client = request.find("client");
  if (client == nullptr || client->string() == nullptr) {
    return error(400, "CV009", "convoy: malformed request");
  }
  if (is_restored_) return error(400, "CV011", "convoy: this server was restored or cloned");
  const auto known = clients_.find(*client->string());
  if (known != clients_.end() && known->second.user != user) {
    return error(400, "CV010", "convoy: this device belongs to another user");
  }
  const auto* epoch = request.find("epoch");
  if (mutant_ != Mutant::EpochIgnored && epoch != nullptr && *epoch != Json(epoch_)) {
    auto reply = head("reset");
    reply.set("reason", "epoch");
    reply.set("epoch", epoch_);
    return RpcReply{.body = std::move(reply)};
  }
  return std::nullopt;
}

ModelServer::Session ModelServer::open_session(const std::string& user, const Json& request) {
  Session session{.user = user,
                  .client = *request.find("client")->string(),
                  .snapshot = store_.snapshot(),
                  .commits = store_.commits()};
  const auto known = clients_.find(session.client);
  if (known != clients_.end()) session.last_mid = known->second.last_mid;
  return session;
}

std::string ModelServer::remember(const Snapshot& snapshot, std::uint64_t commits) {
  auto given = snapshot;
  if (mutant_ == Mutant::XipDropped) {
    given.xip.clear();
    given.xmin = given.xmax;
  }
  auto text = given.text();
  snapshots_[text] = commits;
  snapshot_times_[text] = clock_->now_ms();
  std::uint64_t sequence = 0;
  if (mutant_ == Mutant::SequenceCursor) {
    for (const auto& [key, record] : std::as_const(store_).committed()) {
      for (const auto& entry : record.log) sequence = std::max(sequence, entry.sequence);
    }
  }
  snapshot_sequences_[text] = sequence;
  return text;
}

// --- Writers ------------------------------------------------------------------------------------

WriterId ModelServer::begin() {
  auto& transaction = store_.begin(clock_->now_ms());
  // Like any other id, but no snapshot ever lists it.
  transaction.subxid = store_.take_xid();
  return transaction.xid;
}

Done ModelServer::execute(WriterId writer, const Statement& statement) {
  auto* transaction = store_.find(writer);
  if (transaction == nullptr) return Done::Failed;
  const Key key(statement.table, statement.id);
  const auto* there = store_.read(transaction, key);
  const bool exists = there != nullptr && there->row.has_value();
  if (exists != (statement.kind != Statement::Kind::Insert)) return Done::Failed;
  // Ids are never used again, by anybody who is sane.
  if (!exists && there != nullptr && !there->log.empty()) return Done::Failed;
  const auto before = transaction->writes;
  const auto shared = transaction->shared;
  transaction->in_savepoint = statement.in_savepoint;
  ModelRows rows(store_, clock_->now_ms(), mutant_);
  SqlStatus error;
  switch (statement.kind) {
    case Statement::Kind::Insert:
      error = rows.insert(*transaction, key, statement.values);
      break;
    case Statement::Kind::Update: {
      auto values = statement.values;
      for (const auto& [column, more] : statement.additions) {
        const auto& now = (*there->row)[static_cast<std::size_t>(column)];
        values[column] = now.integer().value_or(0) + more;
      }
      error = rows.update(*transaction, key, values);
      break;
    }
    case Statement::Kind::Delete:
      error = rows.remove(*transaction, key);
      break;
  }
  if (!error) return Done::Yes;
  transaction->writes = before;
  transaction->shared = shared;
  return error->code == "55P03" ? Done::Blocked : Done::Failed;
}

void ModelServer::commit(WriterId writer) {
  if (store_.find(writer) != nullptr) store_.commit(writer);
}

void ModelServer::roll_back(WriterId writer) { store_.roll_back(writer); }

// --- What users see -----------------------------------------------------------------------------

std::vector<std::string> ModelServer::ids(int table) {
  std::vector<std::string> ids;
  store_.each(nullptr, table, [&](const Key& key, const Record&) { ids.push_back(key.second); });
  return ids;
}

View ModelServer::view(const std::string& user) {
  View view;
  for (int table = kSpaces; table < kTables; ++table) {
    store_.each(nullptr, table, [&](const Key& key, const Record& record) {
      if (can_see(user, key, record)) view.emplace(key, *record.row);
    });
  }
  return view;
}

bool ModelServer::can_see(const std::string& user, const Key& key, const Record& record) {
  return rows().can_read(nullptr, user, key, record);
}

bool ModelServer::can_change(const std::string& user, const Key& key, const Row& row) {
  return rows().can_write(nullptr, user, key.first, key.second, row);
}

std::map<std::string, std::string> ModelServer::roles(const std::string& user) {
  std::map<std::string, std::string> roles;
  store_.each(nullptr, kMembers, [&](const Key&, const Record& record) {
    const auto& row = *record.row;
    if (*row[kMemberUser].string() == user) {
      roles[*row[kMemberSpace].string()] = *row[kMemberRole].string();
    }
  });
  return roles;
}

std::map<std::string, std::string> ModelServer::scopes_of(const std::string& user) {
  const auto suffix = ":" + std::to_string(policy_epoch_);
  std::map<std::string, std::string> scopes{{std::string(kGlobalScope), "all" + suffix},
                                            {user, "self" + suffix}};
  for (const auto& [space, role] : roles(user)) {
    scopes[space] = (mutant_ == Mutant::RoleNotVisible ? "member" : role) + suffix;
  }
  return scopes;
}

std::optional<std::uint64_t> ModelServer::commits_seen(const std::string& snapshot) const {
  const auto found = snapshots_.find(snapshot);
  if (found == snapshots_.end()) return std::nullopt;
  return found->second;
}

std::optional<std::uint64_t> ModelServer::seen_since(const std::string& user,
                                                     const std::string& scope) {
  if (scope == kGlobalScope || scope == user) return policy_changed_;
  const auto* member = store_.read(nullptr, {kMembers, scope + "|" + user});
  if (member == nullptr || !member->row) return std::nullopt;
  return std::max(member->changed, policy_changed_);
}

// --- Care ---------------------------------------------------------------------------------------

void ModelServer::collect_garbage(std::int64_t keep_ms) {
  const auto xmin = store_.snapshot().xmin;
  for (auto& [key, record] : store_.committed()) {
    if (store_.is_locked(key)) continue;
    std::erase_if(record.log, [&](const LogEntry& entry) {
      const bool is_over = mutant_ == Mutant::GcWithoutXmin || entry.xid < xmin;
      if (!entry.is_dead || entry.dead_at >= clock_->now_ms() - keep_ms || !is_over) return false;
      gc_horizon_ = std::max(gc_horizon_, entry.xid);
      return true;
    });
  }
}

void ModelServer::bump_policy() {
  ++policy_epoch_;
  store_.note_commit();
  policy_changed_ = store_.commits();
}

void ModelServer::back_up() {
  backup_ = Backup{.records = store_.committed(),
                   .clients = clients_,
                   .ledger = ledger_,
                   .gc_horizon = gc_horizon_};
}

void ModelServer::restore() {
  if (!backup_ || is_restored_) return;
  store_.roll_back_all();
  store_.committed() = backup_->records;
  clients_ = backup_->clients;
  gc_horizon_ = backup_->gc_horizon;
  for (auto& [uid, entry] : ledger_) {
    const auto kept = backup_->ledger.find(uid);
    entry.is_known = kept != backup_->ledger.end() && kept->second.is_known;
    if (kept == backup_->ledger.end()) {
      entry.is_lost = true;
      entry.times_applied = 0;
    }
    entry.revisions.clear();
  }
  backup_.reset();
  is_restored_ = true;
  // Nobody's cursors fit any more, though nobody is told before the release.
  epoch_ = new_uuid();
}

void ModelServer::after_restore() {
  // Whoever has a transaction open would stamp it with an id that is older than the new log.
  store_.roll_back_all();
  // Another cluster counts from the beginning.
  store_.restart_xids();
  const auto xid = store_.take_xid();
  store_.note_commit();
  for (auto& [key, record] : store_.committed()) {
    record.changed = store_.commits();
    for (auto& entry : record.log) entry.xid = xid;
  }
  epoch_ = new_uuid();
  gc_horizon_ = 0;
  policy_changed_ = store_.commits();
  snapshots_.clear();
  is_restored_ = false;
}

}  // namespace convoy::sim
