// Live queries of all kinds beside a history of commits of all kinds: whatever happened, each
// result is what a fresh read gives, and whoever follows the differences has it, too.
#include <algorithm>
#include <functional>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "live/test_support.h"
#include "store/replica.h"
#include "store/test_support.h"

namespace convoy::live {
namespace {

using base::Json;
using schema::Outcome;
using store::testing::Fixture;
using store::testing::page_of;
using store::testing::TemporaryFolder;
using testing::followed;
using testing::ManualExecutor;

Schema item_schema() {
  Column list{.name = "list_id", .is_optional = true, .is_indexed = true};
  list.references = Reference{.table = "lists", .on_delete = OnDelete::Cascade};
  Schema schema;
  schema.tables.push_back(
      {.name = "lists", .columns = {{.name = "name"}}, .ids = IdKind::Watermelon});
  schema.tables.push_back(
      {.name = "items",
       .columns = {list,
                   {.name = "word"},
                   {.name = "rank", .type = ColumnType::Number, .is_optional = true},
                   {.name = "done", .type = ColumnType::Boolean}},
       .ids = IdKind::Watermelon});
  return schema;
}

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}

  int pick(int below) { return static_cast<int>(random_() % static_cast<std::uint64_t>(below)); }

  bool one_in(int chances) { return pick(chances) == 0; }

  std::string word() { return {static_cast<char>('a' + pick(5))}; }

  Value rank() { return one_in(5) ? Value() : Value(static_cast<double>(pick(12))); }

  std::string item() { return "i" + std::to_string(pick(160)); }

  std::string list() { return "l" + std::to_string(pick(4)); }

 private:
  std::mt19937_64 random_;
};

Condition some_condition(Dice& dice, int depth) {
  switch (dice.pick(depth > 0 ? 9 : 7)) {
    case 0:
      return where("word", eq(dice.word()));
    case 1:
      return where("word", neq(dice.word()));
    case 2:
      return where("rank", gte(static_cast<double>(dice.pick(12))));
    case 3:
      return where("rank", eq(dice.rank()));
    case 4:
      return where("done", eq(dice.one_in(2)));
    case 5:
      return where("word", one_of({dice.word(), dice.word()}));
    case 6:
      return where("_status", neq("synced"));
    case 7:
      return any_of({some_condition(dice, depth - 1), some_condition(dice, depth - 1)});
    default:
      return all_of({some_condition(dice, depth - 1), some_condition(dice, depth - 1)});
  }
}

Query some_query(Dice& dice) {
  auto query = from("items");
  if (dice.one_in(2)) query.conditions.push_back(some_condition(dice, 2));
  // Not followed, but read again.
  if (dice.one_in(6)) query.conditions.push_back(on("lists", {where("name", eq(dice.word()))}));
  if (dice.one_in(8))
    query.conditions.push_back(sql_expression("rank > (select count(*) from lists)"));
  static const std::vector<std::string> columns{"word",    "rank", "done",
                                                "list_id", "id",   "_changed"};
  for (int i = dice.pick(3); i > 0; --i) {
    const auto& column = columns[static_cast<std::size_t>(dice.pick(6))];
    query.order.push_back(dice.one_in(2) ? asc(column) : desc(column));
  }
  if (dice.one_in(2)) query.limit = dice.pick(12);
  if (dice.one_in(4)) query.offset = dice.pick(20);
  return query;
}

// Holds a subscription and checks each delivery against the one before.
class Follower {
 public:
  Follower(Database& database, const Query& query, Executor* deliver_on)
      : query_(query),
        rows_subscription_(*observe(database, query,
                                    [this](const Result<LiveRows>& now) { take(*now); },
                                    {.deliver_on = deliver_on})),
        count_subscription_(*observe_count(database, query,
                                           [this](const Result<std::int64_t>& now) {
                                             RC_ASSERT(now.ok());
                                             RC_ASSERT(count_ != *now);
                                             count_ = *now;
                                           },
                                           {.deliver_on = deliver_on})) {
    if (query_.order.empty()) query_.order.push_back(asc("id"));
  }

  void check(Database& database) const {
    const auto wanted = *database.fetch(query_);
    RC_ASSERT(rows_.size() == wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) RC_ASSERT(*rows_[i] == wanted[i]);
    RC_ASSERT(count_ == static_cast<std::int64_t>(wanted.size()));
  }

 private:
  void take(const LiveRows& now) {
    RC_ASSERT(now.is_first == !has_begun_);
    if (has_begun_) {
      RC_ASSERT(!now.differences.empty());
      RC_ASSERT(followed(rows_, now.rows, now.differences) == now.rows);
      // What is not named has not changed, and what is named has.
      for (const auto& step : now.differences) {
        if (step.kind != DifferenceKind::Changed) continue;
        RC_ASSERT(*rows_[step.from] != *now.rows[step.to]);
        RC_ASSERT(rows_[step.from]->id == now.rows[step.to]->id);
      }
    }
    has_begun_ = true;
    rows_ = now.rows;
  }

  Query query_;
  bool has_begun_ = false;
  Rows rows_;
  std::int64_t count_ = -1;
  Subscription rows_subscription_;
  Subscription count_subscription_;
};

class History {
 public:
  explicit History(std::uint64_t seed, const std::string& path = ":memory:")
      : dice_(seed), database_(open(path)), replica_(database_) {
    if (path != ":memory:") other_ = std::make_unique<Database>(fixture_.open(path, item_schema()));
    write(database_, [&](Writer& writer) { return load(writer, 130); });
  }

  void step() {
    switch (dice_.pick(14)) {
      case 0:
        return follow();
      case 1:
        if (!followers_.empty()) followers_.erase(followers_.begin());
        return;
      case 2:
        return put();
      case 3:
        return dice_.one_in(3) ? lose_scope() : put();
      case 4:
        return sync_outbox();
      case 5:
        return write(database_, [&](Writer& writer) { return thin_out(writer); });
      case 6:
        return roll_back();
      case 7:
        return write(other_ ? *other_ : database_, [&](Writer& writer) { return change(writer); });
      case 8:
        return write(database_, [&](Writer& writer) { return load(writer, dice_.pick(60)); });
      default:
        return write(database_, [&](Writer& writer) { return change(writer); });
    }
  }

  // Lets some of what waits be worked out.
  void work() {
    if (dice_.one_in(2)) return;
    if (other_) RC_ASSERT(look_for_commits(database_).ok());
    background_.run();
    if (dice_.one_in(2)) ui_.run();
  }

  void check() {
    if (other_) RC_ASSERT(look_for_commits(database_).ok());
    background_.run();
    ui_.run();
    for (const auto& follower : followers_) follower->check(database_);
  }

 private:
  Database open(const std::string& path) {
    auto options = fixture_.options(path, item_schema());
    options.background = &background_;
    return *Database::open(std::move(options));
  }

  void follow() {
    if (followers_.size() > 12) followers_.erase(followers_.begin());
    followers_.push_back(
        std::make_unique<Follower>(database_, some_query(dice_), dice_.one_in(2) ? &ui_ : nullptr));
  }

  static void write(Database& database, const std::function<Status(Writer&)>& work) {
    const auto status = database.write(work);
    if (status.ok()) return;
    RC_ASSERT(status.error().code == ErrorCode::Cancelled ||
              status.error().code == ErrorCode::UnsentWrites);
  }

  Fields some_fields() {
    Fields fields;
    if (dice_.one_in(2)) fields.emplace_back("word", dice_.word());
    if (dice_.one_in(2)) fields.emplace_back("rank", dice_.rank());
    if (dice_.one_in(3)) fields.emplace_back("done", dice_.one_in(2));
    if (dice_.one_in(4)) fields.emplace_back("list_id", dice_.list());
    return fields;
  }

  // One row several times, too.
  Status change(Writer& writer) {
    const auto id = dice_.item();
    for (int i = 1 + dice_.pick(5); i > 0; --i) {
      CONVOY_CHECK_OK(change_one(writer, dice_.one_in(2) ? id : dice_.item()));
    }
    return ok_status();
  }

  Status change_one(Writer& writer, const std::string& id) {
    if (dice_.one_in(8)) return change_list(writer, dice_.list());
    CONVOY_TRY(const auto found, writer.find("items", id));
    if (!found) {
      const auto created = writer.create("items", some_fields(), id);
      if (!created.ok() && created.error().code != ErrorCode::AlreadyExists) return created.error();
      return ok_status();
    }
    switch (dice_.pick(5)) {
      case 0:
        CONVOY_CHECK_OK(writer.mark_deleted("items", id));
        return ok_status();
      case 1: {
        const auto erased = writer.erase("items", id);
        if (!erased.ok() && erased.error().code != ErrorCode::UnsentWrites) return erased.error();
        return ok_status();
      }
      default:
        CONVOY_CHECK_OK(writer.update("items", id, some_fields()));
        return ok_status();
    }
  }

  Status change_list(Writer& writer, const std::string& id) {
    CONVOY_TRY(const auto found, writer.find("lists", id));
    if (!found) {
      const auto created = writer.create("lists", {{"name", dice_.word()}}, id);
      if (!created.ok() && created.error().code != ErrorCode::AlreadyExists) return created.error();
    } else if (dice_.one_in(3)) {
      CONVOY_CHECK_OK(writer.mark_deleted("lists", id));  // With its items.
    } else {
      CONVOY_CHECK_OK(writer.update("lists", id, {{"name", dice_.word()}}));
    }
    return ok_status();
  }

  // Many rows of one kind, as if a window's reserve were meant.
  Status thin_out(Writer& writer) {
    CONVOY_TRY(const auto records, writer.fetch(some_query(dice_)));
    for (const auto& record : records) CONVOY_CHECK_OK(writer.mark_deleted("items", record.id));
    return ok_status();
  }

  Status load(Writer& writer, int count) {
    std::vector<std::vector<Value>> rows;
    std::set<std::string> ids;
    for (int i = 0; i < count; ++i) ids.insert(dice_.item());
    for (const auto& id : ids) rows.push_back({id, dice_.word(), dice_.rank()});
    CONVOY_CHECK_OK(writer.load("items", std::vector<std::string>{"id", "word", "rank"}, rows));
    return ok_status();
  }

  void roll_back() {
    write(database_, [&](Writer& writer) -> Status {
      CONVOY_CHECK_OK(change(writer));
      return Error{.code = ErrorCode::Cancelled, .message = "no"};
    });
  }

  // Sync's pages: rows come, go, and change their scope.
  void put() {
    const auto scope = "s" + std::to_string(dice_.pick(2));
    std::vector<std::string> ids;
    std::vector<Json::Array> rows;
    for (int i = dice_.pick(8); i > 0; --i) {
      ids.push_back(dice_.item());
      const auto rank = dice_.rank();
      rows.push_back({Json(dice_.list()), Json(dice_.word()),
                      is_null(rank) ? Json() : Json::from_double(std::get<double>(rank)),
                      Json(dice_.one_in(2))});
    }
    auto page =
        page_of(scope, generation_, "items", {"list_id", "word", "rank", "done"}, ids, rows);
    for (int i = dice_.pick(4); i > 0; --i) page.changes[0].gone.push_back(dice_.item());
    RC_ASSERT(replica_.apply_page(page).ok());
  }

  void lose_scope() {
    schema::PageCommit page;
    page.scopes_removed = {"s" + std::to_string(dice_.pick(2))};
    RC_ASSERT(replica_.apply_page(page).ok());
  }

  // Some mutations are accepted, one is refused, and a window shows what is settled.
  void sync_outbox() {
    const auto sent = *replica_.prepare_push(4, 1 << 20);
    std::vector<Outcome> outcomes;
    for (const auto& mutation : sent) {
      Outcome outcome{.mid = mutation.mid};
      if (dice_.one_in(4)) {
        outcome.kind = Outcome::Kind::Rejected;
        outcome.code = "23514";
      }
      outcomes.push_back(outcome);
    }
    RC_ASSERT(replica_.apply_outcomes(outcomes).ok());
    if (sent.empty() || dice_.one_in(3)) return;
    schema::PageCommit page;
    page.acknowledged = sent.back().mid;
    RC_ASSERT(replica_.apply_page(page).ok());
  }

  Dice dice_;
  Fixture fixture_;
  ManualExecutor background_;
  ManualExecutor ui_;
  Database database_;
  std::unique_ptr<Database> other_;
  store::Replica replica_;
  std::vector<std::unique_ptr<Follower>> followers_;
  std::int64_t generation_ = 1;
};

RC_GTEST_PROP(LiveModel, ResultsAreWhatAFreshReadGives, (std::uint64_t seed)) {
  History history(seed);
  for (int i = 0; i < 40; ++i) {
    history.step();
    history.work();
    if (i % 5 == 0) history.check();
  }
  history.check();
}

TEST(LiveModelOnDisk, TheSameBesideAnotherWriter) {
  const TemporaryFolder folder;
  // Few and short: each commit waits for the disk.
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    History history(seed, folder.file(std::to_string(seed)));
    for (int i = 0; i < 25; ++i) {
      history.step();
      history.work();
    }
    history.check();
  }
}

}  // namespace
}  // namespace convoy::live
