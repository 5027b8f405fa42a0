// The database as sync sees it: pages, numbers, outcomes, acknowledgements.
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/uuid.h"
#include "store/test_support.h"

namespace convoy::store {
namespace {

using base::Json;
using schema::Outcome;
using testing::code_of;
using ::testing::ElementsAre;
using testing::Fixture;
using ::testing::HasSubstr;
using testing::page_of;

constexpr std::size_t kManyBytes = 1 << 20;

struct ReplicaTest : ::testing::Test {
  schema::PageCommit projects(std::vector<std::string> ids, const std::string& name,
                              const std::string& scope = "s", std::int64_t generation = 1) {
    std::vector<Json::Array> rows(ids.size(), Json::Array{Json(name)});
    return page_of(scope, generation, "projects", {"name"}, std::move(ids), std::move(rows));
  }

  void rename(const std::string& id, const std::string& name) {
    CONVOY_ASSERT_OK(database.write([&](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.update("projects", id, {{"name", name}}));
      return ok_status();
    }));
  }

  std::string name(const std::string& id) {
    const auto found = database.find("projects", id);
    return found.ok() && found->has_value() ? std::string((*found)->text("name")) : "(none)";
  }

  Fixture fixture;
  Database database = fixture.open();
  Replica replica{database};
};

TEST_F(ReplicaTest, StartsWithAnIdentityOnly) {
  const auto state = *replica.load();
  EXPECT_TRUE(base::is_uuid(state.client_id));
  EXPECT_EQ(state.epoch, "");
  EXPECT_TRUE(state.scopes.empty());
  EXPECT_EQ(state.mid_assigned, 0);
}

TEST_F(ReplicaTest, KeepsWhatAPageSays) {
  auto page = projects({"p"}, "Work");
  page.scopes_saved[0].is_backfilling = true;
  page.scopes_saved[0].backfill_after = *base::parse_json(R"([3,"x"])");
  page.scopes_saved[0].rows_expected = 7;
  page.epoch = "e";
  page.server_schema = schema::ServerSchema{.fingerprint = "f", .tables = {}};
  CONVOY_ASSERT_OK(replica.apply_page(page));
  const auto state = *replica.load();
  EXPECT_EQ(state.scopes.at("s"), page.scopes_saved[0]);
  EXPECT_EQ(state.epoch, "e");
  EXPECT_EQ(state.fingerprint, "f");
  EXPECT_EQ(name("p"), "Work");
  EXPECT_EQ(replica.counts()->rows, 1);
}

// Everything that the files of a database hold.
std::string bytes_of(const std::string& path) {
  std::string bytes;
  for (const char* suffix : {"", "-wal"}) {
    std::ifstream file(path + suffix, std::ios::binary);
    bytes.append(std::istreambuf_iterator<char>(file), {});
  }
  return bytes;
}

TEST_F(ReplicaTest, NothingOfALostScopeStaysInTheFile) {
  const testing::TemporaryFolder folder;
  const auto path = folder.file();
  auto schema = testing::task_schema();
  auto& column = schema.tables[0].columns[0];
  ASSERT_EQ(column.name, "name");
  column.is_searchable = true;
  auto file = fixture.open(path, schema);
  Replica its_replica(file);
  std::vector<std::string> ids;
  for (int i = 0; i < 200; ++i) ids.push_back("secret-id-" + std::to_string(i));
  CONVOY_ASSERT_OK(its_replica.apply_page(projects(ids, "topsecret words", "lost")));
  CONVOY_ASSERT_OK(its_replica.apply_page(projects({"kept"}, "harmless", "mine")));
  EXPECT_NE(bytes_of(path).find("topsecret"), std::string::npos);
  schema::PageCommit page;
  page.scopes_removed = {"lost"};
  CONVOY_ASSERT_OK(its_replica.apply_page(page));
  const auto left = bytes_of(path);
  EXPECT_EQ(left.find("topsecret"), std::string::npos);
  EXPECT_EQ(left.find("secret-id"), std::string::npos);
  EXPECT_NE(left.find("harmless"), std::string::npos);
}

TEST_F(ReplicaTest, SkipsWhatItDoesNotKnow) {
  auto page = page_of("s", 1, "projects", {"extra", "name"}, {"p"}, {{1, "Work"}});
  page.changes.push_back({.table = "strangers",
                          .scope = "s",
                          .columns = {"a"},
                          .ids = {"1"},
                          .rows = {{Json(1)}},
                          .gone = {"2"}});
  page.changes.push_back({.table = "projects",
                          .scope = "unknown",
                          .columns = {"name"},
                          .ids = {"q"},
                          .rows = {{Json("Q")}},
                          .gone = {"p"}});
  CONVOY_ASSERT_OK(replica.apply_page(page));
  EXPECT_EQ(name("p"), "Work");
  EXPECT_EQ(name("q"), "(none)");
}

TEST_F(ReplicaTest, RefusesAPageThatDoesNotFitAsAWhole) {
  auto page = projects({"p"}, "Work");
  page.changes.push_back({.table = "projects",
                          .scope = "s",
                          .columns = {"name"},
                          .ids = {"q"},
                          .rows = {{Json(5)}},
                          .gone = {}});
  auto status = replica.apply_page(page);
  EXPECT_EQ(code_of(status), ErrorCode::SchemaMismatch);
  EXPECT_THAT(status.error().message, HasSubstr("projects.name"));
  EXPECT_EQ(name("p"), "(none)");
  EXPECT_TRUE(replica.load()->scopes.empty());
  status = replica.apply_page(page_of("s", 1, "projects", {"nam"}, {"p"}, {{"Work"}}));
  EXPECT_EQ(code_of(status), ErrorCode::SchemaMismatch);
  EXPECT_THAT(status.error().message, HasSubstr("projects.name"));
  EXPECT_EQ(code_of(replica.apply_page(page_of("s", 1, "projects", {"name"}, {"p"}, {{}}))),
            ErrorCode::BadReply);
  EXPECT_EQ(code_of(replica.apply_page(page_of("s", 1, "projects", {"name"}, {"p"}, {}))),
            ErrorCode::BadReply);
}

TEST_F(ReplicaTest, NumbersMutationsOnce) {
  CONVOY_ASSERT_OK(replica.apply_page(projects({"p", "q", "r"}, "Work")));
  rename("p", "1");
  rename("q", "2");
  rename("r", "3");
  const auto first = *replica.prepare_push(2, kManyBytes);
  ASSERT_EQ(first.size(), 2U);
  EXPECT_EQ(first[0].mid, 1);
  EXPECT_EQ(first[1].mid, 2);
  const auto again = *replica.prepare_push(50, kManyBytes);
  ASSERT_EQ(again.size(), 3U);
  EXPECT_EQ(again[0].uid, first[0].uid);
  EXPECT_EQ(again[2].mid, 3);
  EXPECT_EQ(replica.load()->mid_assigned, 3);
  EXPECT_EQ((*replica.queue())[0].attempts, 2);
  // One is sent, however few bytes there are.
  EXPECT_EQ(replica.prepare_push(50, 1)->size(), 1U);
  EXPECT_EQ(replica.prepare_push(0, kManyBytes)->size(), 0U);
}

TEST_F(ReplicaTest, RebasesPendingChangesColumnByColumn) {
  const std::vector<std::string> columns{"project_id", "parent_id", "title",     "rank",
                                         "done",       "details",   "updated_at"};
  const auto row = [](const char* title, int rank) {
    return Json::Array{"p", nullptr, title, rank, false, nullptr, "2026-01-01 00:00:00+00"};
  };
  CONVOY_ASSERT_OK(replica.apply_page(page_of("s", 1, "tasks", columns, {"t"}, {row("A", 1)})));
  CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.update("tasks", "t", {{"title", "Mine"}}));
    return ok_status();
  }));
  CONVOY_ASSERT_OK(
      replica.apply_page(page_of("s", 1, "tasks", columns, {"t"}, {row("Theirs", 2)})));
  auto task = **database.find("tasks", "t");
  EXPECT_EQ(task.text("title"), "Mine");
  EXPECT_EQ(task.number("rank"), 2.0);
  EXPECT_EQ(task.changed, "updated_at,title");
  // Sent, then shown by the window: the confirmed row remains.
  CONVOY_ASSERT_OK(replica.prepare_push(50, kManyBytes));
  CONVOY_ASSERT_OK(replica.apply_outcomes({{.mid = 1}}));
  EXPECT_EQ((**database.find("tasks", "t")).text("title"), "Mine");
  auto page = page_of("s", 1, "tasks", columns, {"t"}, {row("Merged", 3)});
  page.acknowledged = 1;
  CONVOY_ASSERT_OK(replica.apply_page(page));
  task = **database.find("tasks", "t");
  EXPECT_EQ(task.text("title"), "Merged");
  EXPECT_EQ(task.status, "synced");
  EXPECT_EQ(task.changed, "");
  EXPECT_TRUE(replica.queue()->empty());
  EXPECT_EQ(replica.load()->mid_seen, 1);
}

TEST_F(ReplicaTest, ParksWhatIsRefused) {
  CONVOY_ASSERT_OK(replica.apply_page(projects({"p"}, "Work")));
  rename("p", "Bad");
  CONVOY_ASSERT_OK(replica.prepare_push(50, kManyBytes));
  fixture.clock.now += 5;
  rename("p", "Good");
  CONVOY_ASSERT_OK(replica.prepare_push(50, kManyBytes));
  const Outcome refusal{.mid = 2,
                        .kind = Outcome::Kind::Rejected,
                        .conflicts = {},
                        .code = "23514",
                        .message = "no",
                        .table = "projects",
                        .id = "p"};
  CONVOY_ASSERT_OK(replica.apply_outcomes({{.mid = 1}, refusal}));
  EXPECT_EQ(name("p"), "Bad");
  // Told twice, it is parked once; an acknowledgement does not touch it.
  CONVOY_ASSERT_OK(replica.apply_outcomes({refusal}));
  schema::PageCommit page;
  page.acknowledged = 2;
  CONVOY_ASSERT_OK(replica.apply_page(page));
  EXPECT_EQ(name("p"), "Work");
  const auto queue = *replica.queue();
  ASSERT_EQ(queue.size(), 1U);
  EXPECT_EQ(queue[0].state, MutationState::Parked);
  EXPECT_EQ(queue[0].code, "23514");
  EXPECT_EQ(queue[0].message, "no");
  EXPECT_EQ(queue[0].id, "p");
  const auto counts = *replica.counts();
  EXPECT_EQ(counts.pending, 0);
  EXPECT_EQ(counts.parked, 1);
  EXPECT_FALSE(counts.oldest_pending_ms.has_value());
}

TEST_F(ReplicaTest, CountsAConflictOnceThatIsToldTwice) {
  CONVOY_ASSERT_OK(replica.apply_page(projects({"p"}, "Work")));
  rename("p", "Mine");
  EXPECT_EQ(replica.counts()->oldest_pending_ms, fixture.clock.now);
  CONVOY_ASSERT_OK(replica.prepare_push(50, kManyBytes));
  const Outcome merged{.mid = 1,
                       .kind = Outcome::Kind::Merged,
                       .conflicts = {{.table = "projects",
                                      .id = "p",
                                      .column = "name",
                                      .base = "Work",
                                      .client = "Mine",
                                      .server = "Theirs",
                                      .kept = "server",
                                      .value = std::nullopt,
                                      .rule = "server_wins",
                                      .reason = ""}}};
  CONVOY_ASSERT_OK(replica.apply_outcomes({merged}));
  CONVOY_ASSERT_OK(replica.apply_outcomes({merged}));
  EXPECT_EQ(replica.counts()->conflicts, 1);
}

TEST_F(ReplicaTest, MovesRowsBetweenScopes) {
  CONVOY_ASSERT_OK(replica.apply_page(projects({"p", "q"}, "Work", "s")));
  auto page = projects({"p"}, "Moved", "t");
  page.changes.push_back({.table = "projects",
                          .scope = "s",
                          .columns = {},
                          .ids = {},
                          .rows = {},
                          .gone = {"p", "q", "nobody"}});
  CONVOY_ASSERT_OK(replica.apply_page(page));
  EXPECT_EQ(name("p"), "Moved");
  EXPECT_EQ(name("q"), "(none)");
}

TEST_F(ReplicaTest, RemovesAScopeAndKeepsItsPendingMutations) {
  CONVOY_ASSERT_OK(replica.apply_page(projects({"p", "q"}, "Work", "s")));
  CONVOY_ASSERT_OK(replica.apply_page(projects({"r"}, "Rest", "t")));
  rename("p", "Mine");
  schema::PageCommit page;
  page.scopes_removed = {"s", "never had"};
  CONVOY_ASSERT_OK(replica.apply_page(page));
  EXPECT_EQ(name("p"), "(none)");
  EXPECT_EQ(name("q"), "(none)");
  EXPECT_EQ(name("r"), "Rest");
  EXPECT_EQ(replica.counts()->pending, 1);
  CONVOY_ASSERT_OK(replica.apply_page(projects({"p"}, "Back", "s")));
  EXPECT_EQ(name("p"), "Mine");
}

TEST_F(ReplicaTest, ABackfillRemovesWhatItDidNotBring) {
  CONVOY_ASSERT_OK(replica.apply_page(projects({"p", "q"}, "Work", "s", 1)));
  auto page = projects({"q"}, "New", "s", 2);
  page.backfills_finished = {"s"};
  CONVOY_ASSERT_OK(replica.apply_page(page));
  EXPECT_EQ(name("p"), "(none)");
  EXPECT_EQ(name("q"), "New");
}

TEST_F(ReplicaTest, StartsOverWithRowsAndOutbox) {
  CONVOY_ASSERT_OK(replica.apply_page(projects({"p"}, "Work", "s", 3)));
  rename("p", "Mine");
  CONVOY_ASSERT_OK(replica.start_over("new"));
  const auto state = *replica.load();
  EXPECT_EQ(state.epoch, "new");
  EXPECT_EQ(state.scopes.at("s").base, "");
  EXPECT_TRUE(state.scopes.at("s").is_backfilling);
  EXPECT_EQ(state.scopes.at("s").generation, 4);
  EXPECT_EQ(name("p"), "Mine");
  EXPECT_EQ(replica.counts()->pending, 1);
}

TEST_F(ReplicaTest, SendsAgainWhatANewLogMayHaveLost) {
  CONVOY_ASSERT_OK(replica.apply_page(projects({"p"}, "Work")));
  rename("p", "Mine");
  ASSERT_EQ(replica.prepare_push(50, kManyBytes)->size(), 1U);
  CONVOY_ASSERT_OK(replica.apply_outcomes({{.mid = 1}}));
  ASSERT_TRUE(replica.prepare_push(50, kManyBytes)->empty());
  CONVOY_ASSERT_OK(replica.start_over("new"));
  const auto again = *replica.prepare_push(50, kManyBytes);
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].mid, 1);
  EXPECT_EQ(name("p"), "Mine");
}

TEST_F(ReplicaTest, KeepsTheEpochThatAPushLearnt) {
  CONVOY_ASSERT_OK(
      replica.apply_outcomes({}, {.server_time_ms = std::nullopt, .epoch = "first", .sender = ""}));
  EXPECT_EQ(replica.load()->epoch, "first");
  CONVOY_ASSERT_OK(replica.apply_outcomes({}));
  EXPECT_EQ(replica.load()->epoch, "first");
}

// The server refuses a call whose numbers are not consecutive.
TEST_F(ReplicaTest, SendsAgainWithoutAGapWhereOneWasParked) {
  CONVOY_ASSERT_OK(replica.apply_page(projects({"p", "q", "r"}, "Work")));
  // Of one record they would be sent as one.
  for (const char* id : {"p", "q", "r"}) rename(id, "Mine");
  ASSERT_EQ(replica.prepare_push(50, kManyBytes)->size(), 3U);
  CONVOY_ASSERT_OK(replica.apply_outcomes(
      {{.mid = 1}, {.mid = 2, .kind = schema::Outcome::Kind::Rejected}, {.mid = 3}}));
  CONVOY_ASSERT_OK(replica.start_over("new"));
  rename("p", "4");
  const auto next = [&] {
    std::vector<std::int64_t> mids;
    const auto batch = *replica.prepare_push(50, kManyBytes);
    for (const auto& mutation : batch) mids.push_back(mutation.mid);
    if (!mids.empty()) CONVOY_EXPECT_OK(replica.apply_outcomes({{.mid = mids.back()}}));
    return mids;
  };
  EXPECT_EQ(next(), (std::vector<std::int64_t>{1}));
  EXPECT_EQ(next(), (std::vector<std::int64_t>{3, 4}));
}

TEST_F(ReplicaTest, ForksWithNewNumbers) {
  CONVOY_ASSERT_OK(replica.apply_page(projects({"p", "q", "r"}, "Work")));
  rename("p", "1");
  rename("q", "2");
  rename("r", "3");
  CONVOY_ASSERT_OK(replica.prepare_push(2, kManyBytes));
  CONVOY_ASSERT_OK(replica.apply_outcomes({{.mid = 1}}));
  const auto before = replica.load()->client_id;
  const auto after = *replica.fork();
  EXPECT_NE(before, after);
  EXPECT_EQ(replica.load()->client_id, after);
  const auto sent = *replica.prepare_push(50, kManyBytes);
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(sent[0].mid, 1);
  EXPECT_EQ(sent[1].mid, 2);
  // The one the server has under the old id leaves with the next window.
  EXPECT_EQ((*replica.queue())[0].mid, 1);
  schema::PageCommit page;
  page.acknowledged = 0;
  CONVOY_ASSERT_OK(replica.apply_page(page));
  EXPECT_EQ(replica.queue()->size(), 2U);
}

// It was sent under the old id, and the server, restored or not, is asked for it under that one.
TEST_F(ReplicaTest, SendsAgainUnderTheFormerIdWhatWasSentUnderIt) {
  CONVOY_ASSERT_OK(replica.apply_page(projects({"p", "q", "r"}, "Work")));
  rename("p", "1");
  rename("q", "2");
  ASSERT_EQ(replica.prepare_push(50, kManyBytes)->size(), 2U);
  CONVOY_ASSERT_OK(replica.apply_outcomes({{.mid = 1}, {.mid = 2}}));
  const auto former = replica.load()->client_id;
  ASSERT_TRUE(replica.fork().ok());
  rename("r", "3");
  ASSERT_EQ(replica.prepare_push(50, kManyBytes)->size(), 1U);
  CONVOY_ASSERT_OK(replica.start_over("new"));

  auto batch = *replica.prepare_push(50, kManyBytes);
  ASSERT_EQ(batch.size(), 2U);
  EXPECT_EQ(batch[0].sender, former);
  EXPECT_EQ(batch[0].mid, 1);
  EXPECT_EQ(batch[1].mid, 2);
  // The present id's number 1 is another mutation's.
  CONVOY_ASSERT_OK(replica.apply_outcomes(
      {{.mid = 1}}, {.server_time_ms = std::nullopt, .epoch = std::nullopt, .sender = former}));
  CONVOY_ASSERT_OK(replica.renumber(former, {2}));
  batch = *replica.prepare_push(50, kManyBytes);
  ASSERT_EQ(batch.size(), 2U);
  EXPECT_EQ(batch[0].sender, "");
  EXPECT_EQ(batch[0].mid, 1);
  EXPECT_EQ(batch[1].mid, 2);
  EXPECT_EQ(replica.load()->mid_assigned, 2);
  CONVOY_ASSERT_OK(replica.apply_outcomes({{.mid = 1}, {.mid = 2}}));
  schema::PageCommit page;
  page.acknowledged = 2;
  CONVOY_ASSERT_OK(replica.apply_page(page));
  EXPECT_TRUE(replica.queue()->empty());
}

// Forking once more does not touch what has a number under an id before.
TEST_F(ReplicaTest, AFormerIdsNumbersOutliveTheNextFork) {
  CONVOY_ASSERT_OK(replica.apply_page(projects({"p"}, "Work")));
  rename("p", "1");
  ASSERT_EQ(replica.prepare_push(50, kManyBytes)->size(), 1U);
  CONVOY_ASSERT_OK(replica.apply_outcomes({{.mid = 1}}));
  const auto former = replica.load()->client_id;
  ASSERT_TRUE(replica.fork().ok());
  CONVOY_ASSERT_OK(replica.start_over("new"));
  ASSERT_TRUE(replica.fork().ok());
  const auto batch = *replica.prepare_push(50, kManyBytes);
  ASSERT_EQ(batch.size(), 1U);
  EXPECT_EQ(batch[0].sender, former);
  EXPECT_EQ(batch[0].mid, 1);
}

TEST_F(ReplicaTest, RemembersRuns) {
  EXPECT_FALSE(replica.last_run(false)->has_value());
  CONVOY_ASSERT_OK(
      replica.record_run({.started_at_ms = 1, .finished_at_ms = 2, .rows_received = 3}));
  for (int i = 0; i < 300; ++i) {
    CONVOY_ASSERT_OK(replica.record_run({.started_at_ms = 4, .error_code = "Offline"}));
  }
  EXPECT_EQ((*replica.last_run(true))->rows_received, 3);
  EXPECT_EQ((*replica.last_run(false))->error_code, "Offline");
  EXPECT_EQ(replica.runs(1000)->size(), static_cast<std::size_t>(kSyncRunsMax) + 1);
  EXPECT_EQ(replica.runs(2)->size(), 2U);
}

TEST_F(ReplicaTest, TheHistorySaysWhyAndHowLongAndTrafficOutlivesIt) {
  const SyncRun run{.started_at_ms = 1,
                    .finished_at_ms = 9,
                    .cause = "doorbell",
                    .error_code = "Refused",
                    .error_message = "no",
                    .error_hint = "ask",
                    .push_ms = 2,
                    .pull_ms = 3,
                    .back_fill_ms = 4,
                    .bytes_up = 10,
                    .bytes_down = 20};
  CONVOY_ASSERT_OK(replica.record_run(run));
  const auto kept = *replica.runs(1);
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].cause, "doorbell");
  EXPECT_EQ(kept[0].error_hint, "ask");
  EXPECT_EQ(kept[0].push_ms + kept[0].pull_ms + kept[0].back_fill_ms, 9);
  for (int i = 0; i < 300; ++i) CONVOY_ASSERT_OK(replica.record_run({.bytes_up = 1}));
  EXPECT_EQ(replica.traffic()->bytes_up, 310);
  EXPECT_EQ(replica.traffic()->bytes_down, 20);
}

TEST_F(ReplicaTest, SaysHowFarTheOutboxIs) {
  CONVOY_ASSERT_OK(replica.apply_page(projects({"p", "q"}, "Work")));
  EXPECT_FALSE(replica.outbox()->first_unsent.has_value());
  rename("p", "1");
  rename("q", "2");
  const auto waiting = *replica.queue();
  ASSERT_EQ(waiting.size(), 2U);
  EXPECT_EQ(replica.outbox()->first_unsent, waiting[0].seq);
  EXPECT_EQ(replica.outbox()->last, waiting[1].seq);
  const auto batch = *replica.prepare_push(1, 1'000'000);
  EXPECT_EQ(replica.outbox()->first_unsent, waiting[0].seq) << "on its way is not there";
  CONVOY_ASSERT_OK(
      replica.apply_outcomes({{.mid = batch[0].mid, .kind = schema::Outcome::Kind::Applied}}));
  EXPECT_EQ(replica.outbox()->first_unsent, waiting[1].seq);
  EXPECT_EQ(replica.outbox()->first_unconfirmed, waiting[0].seq);
  const auto next = *replica.prepare_push(1, 1'000'000);
  CONVOY_ASSERT_OK(replica.apply_outcomes({{.mid = next[0].mid,
                                            .kind = schema::Outcome::Kind::Rejected,
                                            .code = "CV004",
                                            .message = "gone"}}));
  EXPECT_FALSE(replica.outbox()->first_unsent.has_value());
  EXPECT_EQ((*replica.first_parked({waiting[0].seq, waiting[1].seq}))->message, "gone");
  EXPECT_FALSE((*replica.first_parked({waiting[0].seq})).has_value());
  EXPECT_FALSE((*replica.first_parked({waiting[0].seq, waiting[1].seq + 1})).has_value());
  EXPECT_EQ(*replica.waiting(), std::vector{waiting[0].seq});
}

}  // namespace
}  // namespace convoy::store
