// The rebase against a model that is too simple to be wrong: after every step the table is the
// confirmed rows with the pending mutations replayed.
#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "convoy/outbox.h"
#include "store/database_impl.h"
#include "store/test_support.h"

namespace convoy::store {
namespace {

using base::Json;
using schema::Outcome;
using testing::Fixture;
using testing::TemporaryFolder;

struct Shown {
  std::string status;
  std::string changed;
  Json a;
  Json b;

  bool operator==(const Shown&) const = default;
};

// RapidCheck looks for this name.
// NOLINTNEXTLINE(readability-identifier-naming)
void showValue(const Shown& shown, std::ostream& out) {
  out << shown.status << " [" << shown.changed << "] " << shown.a.dump() << " " << shown.b.dump();
}

using Table = std::map<std::string, Shown>;

Schema item_schema() {
  Schema schema;
  schema.tables.push_back(
      {.name = "items",
       .columns = {{.name = "a"}, {.name = "b", .type = ColumnType::Number, .is_optional = true}},
       .ids = IdKind::Watermelon});
  return schema;
}

struct Confirmed {
  std::string scope;
  std::int64_t generation = 0;
  Json a;
  Json b;
};

struct Mutation {
  std::int64_t seq = 0;
  std::string body;
  MutationState state = MutationState::Pending;
  std::int64_t mid = 0;
  bool was_sent = false;
  std::set<std::string> needs = {};  // Rows that nobody had confirmed, and that it did not make.

  [[nodiscard]] std::vector<Json> operations() const {
    return *base::parse_json(body)->find("ops")->array();
  }

  [[nodiscard]] bool makes(const std::string& id) const {
    return std::ranges::any_of(operations(), [&](const Json& operation) {
      return *operation.find("op")->string() == "insert" && *operation.find("id")->string() == id;
    });
  }
};

// As it says in replica.h, in the plainest words.
bool may_merge(const Mutation& earlier, const Mutation& later) {
  if (earlier.was_sent || later.was_sent) return false;
  const auto one = earlier.operations();
  const auto other = later.operations();
  return one.size() == 1 && other.size() == 1 && *one[0].find("id") == *other[0].find("id") &&
         *one[0].find("op")->string() != "delete" && *other[0].find("op")->string() == "update";
}

class Model {
 public:
  std::map<std::string, Confirmed> confirmed;
  std::map<std::string, std::int64_t> scopes;
  std::vector<Mutation> mutations;

  [[nodiscard]] Table shown() const {
    Table table;
    for (const auto& [id, row] : confirmed) table[id] = {"synced", "", row.a, row.b};
    for (const auto& mutation : mutations) {
      if (mutation.state == MutationState::Parked) continue;
      const auto body = *base::parse_json(mutation.body);
      std::set<std::string> created;  // By this mutation: further changes belong to the creation.
      for (const auto& operation : *body.find("ops")->array()) replay(table, operation, created);
    }
    return table;
  }

  // Whether it needs a row that a parked one would make.
  [[nodiscard]] bool is_stuck(const Mutation& mutation) const {
    return std::ranges::any_of(mutation.needs, [&](const std::string& id) {
      return std::ranges::any_of(mutations, [&](const Mutation& other) {
        return other.state == MutationState::Parked && other.seq != mutation.seq && other.makes(id);
      });
    });
  }

  void forget(const std::string& scope, std::int64_t generation) {
    std::erase_if(confirmed, [&](const auto& entry) {
      return entry.second.scope == scope && entry.second.generation < generation;
    });
  }

 private:
  static void replay(Table& table, const Json& operation, std::set<std::string>& created) {
    const auto id = *operation.find("id")->string();
    const auto kind = *operation.find("op")->string();
    if (kind == "delete") {
      if (table.contains(id)) table[id].status = "deleted";
      return;
    }
    if (kind == "insert" && !table.contains(id)) {
      table[id] = {"created", "", "", nullptr};
      created.insert(id);
    }
    const bool is_tracked = !created.contains(id);
    if (!table.contains(id)) return;
    auto& row = table[id];
    for (const auto& [column, value] : *operation.find("values")->object()) {
      (column == "a" ? row.a : row.b) = value;
      if (!is_tracked) continue;
      if (("," + row.changed + ",").find("," + column + ",") == std::string::npos) {
        row.changed += (row.changed.empty() ? "" : ",") + column;
      }
      if (row.status == "synced") row.status = "updated";
    }
  }
};

Table table_of(Database& database) {
  auto result = database.impl().read([](sql::Connection& connection) -> Result<Table> {
    CONVOY_TRY(auto select,
               connection.prepare(R"(select "id", "_status", "_changed", "a", "b" from "items")"));
    Table table;
    for (;;) {
      CONVOY_TRY(const bool row, select.step());
      if (!row) return table;
      table[select.text(0)] = {select.text(1), select.text(2), select.text(3),
                               select.is_null(4) ? Json() : Json::from_double(select.real(4))};
    }
  });
  EXPECT_TRUE(result.ok());
  return result.ok() ? *result : Table{};
}

class History {
 public:
  explicit History(std::uint64_t seed, std::string path = ":memory:")
      : random_(seed), path_(std::move(path)), database_(fixture_.open(path_, item_schema())) {}

  void step() {
    switch (pick(15)) {
      case 0:
      case 1:
      case 2:
        return write();
      case 3:
      case 4:
        return put();
      case 5:
        return gone();
      case 6:
        return send();
      case 7:
        return outcome();
      case 8:
        return acknowledge();
      case 9:
        return pick(3) == 0 ? remove_scope() : put();
      case 10:
        return pick(3) == 0 ? backfill() : write();
      case 11:
      case 12:
        return retry();
      case 13:
        return discard();
      default:
        return pick(4) == 0 ? fork() : reopen();
    }
  }

  void check() {
    const auto got = table_of(database_);
    const auto wanted = model_.shown();
    RC_ASSERT(got == wanted);
    std::vector<std::int64_t> states;
    std::vector<std::int64_t> expected;
    const auto queue = *Replica(database_).queue();
    for (const auto& entry : queue) states.push_back(static_cast<int>(entry.state));
    for (const auto& entry : model_.mutations) expected.push_back(static_cast<int>(entry.state));
    RC_ASSERT(states == expected);
    RC_ASSERT(Replica(database_).counts()->rows ==
              static_cast<std::int64_t>(model_.confirmed.size()));
  }

  void reopen() {
    if (path_ == ":memory:") return;
    database_ = fixture_.open(path_, item_schema());
  }

 private:
  std::size_t pick(std::size_t bound) { return random_() % bound; }

  std::string id() { return std::string(1, static_cast<char>('a' + pick(5))); }

  std::string scope() { return pick(2) == 0 ? "s" : "t"; }

  Json text() { return std::string(1, static_cast<char>('A' + pick(4))); }

  Json number() { return pick(3) == 0 ? Json() : Json(static_cast<std::int64_t>(pick(4))); }

  Fields fields() {
    Fields fields;
    if (pick(2) == 0) fields.emplace_back("a", *text().string());
    if (pick(2) == 0) {
      const auto value = number();
      fields.emplace_back("b", value.is_null() ? Value(Null{}) : Value(*value.real()));
    }
    return fields;
  }

  Replica replica() { return Replica(database_); }

  void write() {
    const auto before = replica().queue()->size();
    // Refusals of single calls (no such record, exists already) are part of it.
    RC_ASSERT(database_
                  .write([&](Writer& writer) -> Status {
                    for (std::size_t i = 0; i <= pick(3); ++i) {
                      const auto kind = pick(4);
                      if (kind == 0) static_cast<void>(writer.create("items", fields(), id()));
                      if (kind == 1 || kind == 2) {
                        static_cast<void>(writer.update("items", id(), fields()));
                      }
                      if (kind == 3) static_cast<void>(writer.mark_deleted("items", id()));
                    }
                    return ok_status();
                  })
                  .ok());
    const auto queue = *replica().queue();
    if (queue.size() == before) return;
    Mutation mutation{.seq = queue.back().seq, .body = queue.back().body};
    for (const auto& operation : mutation.operations()) {
      const auto id = *operation.find("id")->string();
      if (!mutation.makes(id) && !model_.confirmed.contains(id)) mutation.needs.insert(id);
    }
    model_.mutations.push_back(std::move(mutation));
  }

  schema::PageCommit page(const std::string& scope) {
    if (!model_.scopes.contains(scope)) model_.scopes[scope] = 1;
    return testing::page_of(scope, model_.scopes[scope], "items", {"b", "a"}, {}, {});
  }

  void add_row(schema::PageCommit& page, const std::string& scope) {
    const auto row_id = id();
    Confirmed row{.scope = scope, .generation = model_.scopes[scope], .a = text(), .b = number()};
    page.changes[0].ids.push_back(row_id);
    page.changes[0].rows.push_back({row.b, row.a});
    model_.confirmed[row_id] = row;
  }

  void put() {
    const auto where = scope();
    auto commit = page(where);
    for (std::size_t i = 0; i <= pick(3); ++i) add_row(commit, where);
    RC_ASSERT(replica().apply_page(commit).ok());
  }

  void gone() {
    const auto where = scope();
    const auto row_id = id();
    auto commit = page(where);
    commit.changes[0].gone.push_back(row_id);
    const auto row = model_.confirmed.find(row_id);
    if (row != model_.confirmed.end() && row->second.scope == where) model_.confirmed.erase(row);
    RC_ASSERT(replica().apply_page(commit).ok());
  }

  void remove_scope() {
    const auto where = scope();
    schema::PageCommit commit;
    commit.scopes_removed.push_back(where);
    model_.forget(where, 1'000'000);
    model_.scopes.erase(where);
    RC_ASSERT(replica().apply_page(commit).ok());
  }

  void backfill() {
    const auto where = scope();
    ++model_.scopes[where];
    auto commit = page(where);
    for (std::size_t i = 0; i < pick(3); ++i) add_row(commit, where);
    commit.backfills_finished.push_back(where);
    model_.forget(where, model_.scopes[where]);
    RC_ASSERT(replica().apply_page(commit).ok());
  }

  // Whether the next one's number does not follow that of the batch's last, because one between
  // them was parked: it goes in a call of its own.
  bool leaves_gap(const std::vector<std::vector<std::size_t>>& chosen, std::size_t next) {
    if (chosen.empty()) return false;
    const auto& all = model_.mutations;
    const auto fresh = std::ranges::count_if(
        chosen, [&](const auto& group) { return all[group.front()].mid == 0; });
    const auto last = all[chosen.back().front()].mid;
    const auto number = all[next].mid != 0 ? all[next].mid : mid_ + fresh + 1;
    return number != (last != 0 ? last : mid_ + fresh) + 1;
  }

  // What is to be sent, and what becomes part of it; parks what is stuck on the way there.
  std::vector<std::vector<std::size_t>> choose(std::size_t count) {
    auto& all = model_.mutations;
    for (;;) {
      std::vector<std::vector<std::size_t>> chosen;
      std::vector<std::size_t> stuck;
      bool is_full = count == 0;
      for (const auto state : {MutationState::Sending, MutationState::Pending}) {
        for (std::size_t i = 0; i < all.size() && !is_full; ++i) {
          if (all[i].state != state) continue;
          if (state == MutationState::Pending && model_.is_stuck(all[i])) {
            stuck.push_back(i);
          } else if (!chosen.empty() && may_merge(all[chosen.back().front()], all[i])) {
            chosen.back().push_back(i);
          } else if (chosen.size() == count || leaves_gap(chosen, i)) {
            is_full = true;
          } else {
            chosen.push_back({i});
          }
        }
      }
      if (stuck.empty()) return chosen;
      for (const auto i : stuck) all[i].state = MutationState::Parked;
    }
  }

  void send() {
    const auto count = pick(3);
    const auto sent = *replica().prepare_push(count, 1 << 20);
    const auto chosen = choose(count);
    RC_ASSERT(sent.size() == chosen.size());
    std::set<std::int64_t> merged;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      auto& first = model_.mutations[chosen[i].front()];
      if (chosen[i].size() == 1) RC_ASSERT(first.body == sent[i].body);
      // Whether it says the same shows in the table.
      first.body = sent[i].body;
      if (first.mid == 0) first.mid = ++mid_;
      RC_ASSERT(first.mid == sent[i].mid);
      first.state = MutationState::Sending;
      first.was_sent = true;
      for (std::size_t k = 1; k < chosen[i].size(); ++k) {
        merged.insert(model_.mutations[chosen[i][k]].seq);
      }
    }
    std::erase_if(model_.mutations,
                  [&](const Mutation& mutation) { return merged.contains(mutation.seq); });
  }

  void retry() {
    const auto found = std::ranges::find(model_.mutations, MutationState::Parked, &Mutation::state);
    if (found == model_.mutations.end()) return;
    const bool is_stuck = model_.is_stuck(*found);
    const auto numbers = Outbox(database_).retry(found->seq);
    RC_ASSERT(numbers.ok() != is_stuck);
    if (!numbers.ok()) return;
    RC_ASSERT(std::ranges::find(*numbers, found->seq) != numbers->end());
    for (auto& mutation : model_.mutations) {
      if (std::ranges::find(*numbers, mutation.seq) == numbers->end()) continue;
      RC_ASSERT(mutation.state == MutationState::Parked);
      mutation.state = MutationState::Pending;
      mutation.mid = 0;
    }
  }

  // Of any one: what is under way stays, the rest goes with what depends on it.
  void discard() {
    if (model_.mutations.empty()) return;
    const auto& mutation = model_.mutations[pick(model_.mutations.size())];
    const auto seq = mutation.seq;
    const bool may_go =
        mutation.state == MutationState::Pending || mutation.state == MutationState::Parked;
    const auto numbers = Outbox(database_).discard(seq);
    RC_ASSERT(numbers.ok() == may_go);
    if (!may_go) return;
    RC_ASSERT(std::ranges::find(*numbers, seq) != numbers->end());
    std::erase_if(model_.mutations, [&](const Mutation& other) {
      if (std::ranges::find(*numbers, other.seq) == numbers->end()) return false;
      RC_ASSERT(other.seq >= seq);
      RC_ASSERT(other.state == MutationState::Pending || other.state == MutationState::Parked);
      return true;
    });
  }

  void outcome() {
    const auto found =
        std::ranges::find(model_.mutations, MutationState::Sending, &Mutation::state);
    if (found == model_.mutations.end()) return;
    const bool is_rejected = pick(3) == 0;
    const auto kind = is_rejected ? Outcome::Kind::Rejected : Outcome::Kind::Applied;
    RC_ASSERT(replica().apply_outcomes({{.mid = found->mid, .kind = kind}}).ok());
    found->state = is_rejected ? MutationState::Parked : MutationState::Sent;
  }

  void acknowledge() {
    const auto mid = static_cast<std::int64_t>(pick(static_cast<std::size_t>(mid_) + 1));
    schema::PageCommit commit;
    commit.acknowledged = mid;
    std::erase_if(model_.mutations, [&](const Mutation& mutation) {
      return (mutation.state == MutationState::Sent || mutation.state == MutationState::Sending) &&
             mutation.mid <= mid;
    });
    RC_ASSERT(replica().apply_page(commit).ok());
  }

  void fork() {
    RC_ASSERT(replica().fork().ok());
    mid_ = 0;
    for (auto& mutation : model_.mutations) {
      mutation.mid = 0;
      if (mutation.state == MutationState::Sending) mutation.state = MutationState::Pending;
    }
  }

  std::mt19937_64 random_;
  std::string path_;
  Fixture fixture_;
  Database database_;
  Model model_;
  std::int64_t mid_ = 0;
};

RC_GTEST_PROP(Rebase, TheTableIsConfirmedPlusPending, (std::uint64_t seed)) {
  History run(seed);
  for (int i = 0; i < 40; ++i) {
    run.step();
    run.check();
  }
}

// Two operations, because a deletion lies between them, and yet one creation: also when the row is
// put together again.
TEST(Rebase, AChangeInTheCreatingTransactionIsNotTracked) {
  Fixture fixture;
  auto database = fixture.open(":memory:", item_schema());
  const auto write = [&](const std::function<Status(Writer&)>& work) {
    EXPECT_TRUE(database.write(work).ok());
  };
  write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("items", {}, "other"));
    return ok_status();
  });
  write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("items", {}, "e"));
    CONVOY_CHECK_OK(writer.mark_deleted("items", "other"));
    CONVOY_CHECK_OK(writer.update("items", "e", {{"b", 1.0}}));
    return ok_status();
  });
  write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.update("items", "e", {{"a", "A"}}));
    return ok_status();
  });
  Replica replica(database);
  ASSERT_EQ(replica.prepare_push(3, 1 << 20)->size(), 3U);
  ASSERT_TRUE(replica.apply_outcomes({{.mid = 3, .kind = Outcome::Kind::Rejected}}).ok());
  EXPECT_EQ(table_of(database).at("e").changed, "");
}

TEST(RebaseOnDisk, TheSameAfterReopening) {
  const TemporaryFolder folder;
  // Few and short: each commit waits for the disk.
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    History run(seed, folder.file(std::to_string(seed)));
    for (int i = 0; i < 15; ++i) run.step();
    run.reopen();
    run.check();
  }
}

}  // namespace
}  // namespace convoy::store
