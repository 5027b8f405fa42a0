#include "sync/machine/verifier.h"

#include <algorithm>
#include <set>
#include <utility>

#include "schema/row_hash.h"
#include "sync/machine/reply_reader.h"

namespace convoy::sync::machine {
namespace {

using base::Json;

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

// Each table with its columns, in the order they are hashed.
Json columns_of(const Schema& schema, const std::map<std::string, std::string>& stopped) {
  Json columns{Json::Object{}};
  for (const auto& table : schema.tables) {
    if (table.is_local_only || stopped.contains(table.name)) continue;
    Json::Array names;
    for (const auto& column : table.columns) names.emplace_back(column.name);
    columns.set(table.name, std::move(names));
  }
  return columns;
}

std::uint64_t read_hash(ReplyReader& read, const Json& json) {
  const auto hash = schema::parse_hash(read.text(json, "hash"));
  if (!hash) read.fail("hash");
  return hash.value_or(0);
}

schema::Buckets read_buckets(ReplyReader& read, const Json& json) {
  schema::Buckets buckets;
  for (const auto& entry : read.array(json, "buckets")) {
    const auto* parts = entry.array();
    const auto number =
        parts != nullptr && parts->size() == 3 ? (*parts)[0].integer() : std::nullopt;
    const auto rows = number ? (*parts)[1].integer() : std::nullopt;
    if (!rows || *number < 0 || *number >= schema::kBuckets) {
      read.fail("buckets");
      break;
    }
    buckets[static_cast<int>(*number)] = {.rows = *rows, .hash = read_hash(read, (*parts)[2])};
  }
  return buckets;
}

schema::RowsHash sum(const schema::Buckets& buckets) {
  schema::RowsHash all;
  for (const auto& [number, bucket] : buckets) all.add(bucket);
  return all;
}

std::vector<int> differing(const schema::Buckets& here, const schema::Buckets& there) {
  std::set<int> numbers;
  for (const auto& [number, bucket] : here) numbers.insert(number);
  for (const auto& [number, bucket] : there) numbers.insert(number);
  std::vector<int> result;
  const auto at = [](const schema::Buckets& buckets, int number) {
    const auto found = buckets.find(number);
    return found == buckets.end() ? schema::RowsHash{} : found->second;
  };
  std::ranges::copy_if(numbers, std::back_inserter(result),
                       [&](int number) { return at(here, number) != at(there, number); });
  return result;
}

}  // namespace

Verifier::Verifier(const Schema& local, schema::ReplicaState state)
    : local_(&local), state_(std::move(state)) {}

VerifierEffect Verifier::start() {
  for (const auto& [id, scope] : state_.scopes) {
    // One that is under way is compared when it is here.
    if (scope.is_backfilling || scope.base.empty()) {
      ++result_.scopes_behind;
    } else {
      scopes_.push_back(&scope);
    }
  }
  return next_scope();
}

VerifierEffect Verifier::next_scope() {
  if (scopes_.empty()) return done();
  scope_ = scopes_.back();
  scopes_.pop_back();
  step_ = Step::HashingScope;
  return HashScope{.scope = scope_->id};
}

VerifierEffect Verifier::next_table() {
  if (differing_.empty()) return next_scope();
  table_ = std::move(differing_.back());
  differing_.pop_back();
  step_ = Step::ComparingBuckets;
  return call();
}

// Asks for what the step needs.
VerifierEffect Verifier::call() {
  Json request;
  request.set("protocol", kProtocolVersion);
  request.set("client", state_.client_id);
  request.set("epoch", state_.epoch);
  request.set("scope", scope_->id);
  request.set("visibility", scope_->visibility);
  request.set("base", scope_->base);
  request.set("columns", columns_of(*local_, state_.stopped));
  if (step_ != Step::ComparingTables) request.set("table", table_.table);
  if (step_ == Step::FetchingRows) {
    Json::Array numbers;
    for (const int bucket : buckets_) numbers.emplace_back(bucket);
    request.set("buckets", std::move(numbers));
  }
  return Call{.function = "convoy_verify", .request = std::move(request)};
}

VerifierEffect Verifier::on(VerifierEvent event) {
  return std::visit(Overloaded{
                        [this](ScopeHashed& hashed) { return on_hashed(std::move(hashed.hashes)); },
                        [this](Replied& replied) {
                          if (!replied.reply.ok()) return done(std::move(replied.reply).error());
                          return on_reply(*replied.reply);
                        },
                        [this](Repaired& repaired) -> VerifierEffect {
                          table_.rows_repaired = repaired.rows;
                          if (step_ == Step::Restarting) {
                            table_.is_repaired = true;
                            result_.differences.push_back(std::move(table_));
                            differing_.clear();
                            return next_scope();
                          }
                          step_ = Step::HashingAgain;
                          return HashScope{.scope = scope_->id};
                        },
                        [this](Failed& failed) { return done(std::move(failed.error)); },
                    },
                    event);
}

VerifierEffect Verifier::on_hashed(schema::ScopeHashes hashes) {
  here_ = std::move(hashes);
  if (step_ == Step::HashingScope) {
    step_ = Step::ComparingTables;
    return call();
  }
  table_.is_repaired = differing(here_.tables[table_.table], there_).empty();
  result_.differences.push_back(std::move(table_));
  return next_table();
}

VerifierEffect Verifier::on_reply(const Json& json) {
  ReplyReader read;
  const auto status = read.string(json, "status");
  // Another log, or a server that lags: a sync finds out, and does what is to be done.
  if (status == "reset" || status == "stale") return skip_scope();
  if (status != "ok") read.fail("status");
  const bool is_behind = read.boolean(json, "behind");
  if (!read.ok()) return done(read.status().error());
  if (is_behind) return skip_scope();
  switch (step_) {
    case Step::ComparingTables:
      return compare_tables(json);
    case Step::ComparingBuckets:
      return compare_buckets(json);
    default:
      return repair(json);
  }
}

VerifierEffect Verifier::compare_tables(const Json& json) {
  ReplyReader read;
  ++result_.scopes;
  std::set<std::string> told;
  for (const auto& entry : read.array(json, "tables")) {
    const auto name = read.string(entry, "table");
    const schema::RowsHash there{
        .rows = read.integer(entry, "rows"),
        .hash = read_hash(read, entry.find("hash") == nullptr ? Json() : *entry.find("hash"))};
    const auto found = here_.tables.find(name);
    if (found == here_.tables.end()) continue;
    told.insert(name);
    const auto here = sum(found->second);
    result_.rows += there.rows;
    if (here == there) continue;
    differing_.push_back(
        {.scope = scope_->id, .table = name, .rows_here = here.rows, .rows_there = there.rows});
  }
  if (!read.ok()) return done(read.status().error());
  for (const auto& [name, buckets] : here_.tables) {
    auto& left_out = result_.tables_left_out;
    const bool is_new = std::ranges::find(left_out, name) == left_out.end();
    if (!told.contains(name) && is_new) left_out.push_back(name);
  }
  // Parents before children, as the server lists them.
  std::ranges::reverse(differing_);
  return next_table();
}

VerifierEffect Verifier::compare_buckets(const Json& json) {
  ReplyReader read;
  there_ = read_buckets(read, json);
  if (!read.ok()) return done(read.status().error());
  buckets_ = differing(here_.tables[table_.table], there_);
  table_.buckets = static_cast<std::int64_t>(buckets_.size());
  // The server's rows have changed since it was asked for the tables.
  if (buckets_.empty()) return next_table();
  step_ = Step::FetchingRows;
  return call();
}

VerifierEffect Verifier::repair(const Json& json) {
  ReplyReader read;
  if (const auto* too_many = json.find("too_many");
      too_many != nullptr && too_many->boolean() != nullptr && *too_many->boolean()) {
    step_ = Step::Restarting;
    return RestartBackfill{.scope = scope_->id};
  }
  auto changes = read_changes(read, json);
  if (!read.ok()) return done(read.status().error());
  step_ = Step::Repairing;
  return RepairBuckets{{.scope = scope_->id,
                        .table = table_.table,
                        .buckets = buckets_,
                        .changes = std::move(changes)}};
}

// What was found so far of it counts; the rest waits for the next time.
VerifierEffect Verifier::skip_scope() {
  ++result_.scopes_behind;
  if (step_ != Step::ComparingTables) --result_.scopes;
  differing_.clear();
  return next_scope();
}

VerifierEffect Verifier::done(std::optional<Error> error) {
  step_ = Step::Done;
  return VerificationDone{.result = std::move(result_), .error = std::move(error)};
}

}  // namespace convoy::sync::machine
