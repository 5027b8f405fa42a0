// The half that receives, and rounds as a whole.
#include <algorithm>

#include <gtest/gtest.h>

#include "base/limits.h"
#include "schema/verification.h"
#include "sync/machine/test_machine.h"

namespace convoy::sync::machine {
namespace {

TEST(SyncMachine, AnIdleRoundIsOnePullThatMovesTheCursor) {
  const auto schema = task_schema();
  Machine machine(schema, synced());
  const auto call = first_pull(machine);
  EXPECT_EQ(call.function, "convoy_pull");
  EXPECT_EQ(
      call.request.dump(),
      R"({"protocol":1,"client":"cccccccc-cccc-4ccc-8ccc-cccccccccccc","epoch":"11111111-1111-4111-8111-111111111111",)"
      R"("schema":"f1","scopes":[{"base":"10:10:","digest":"f81e9ca64a9aa8fd"}],"limit":1000})");

  const auto apply = expect<ApplyPage>(reply(machine, pull_with({})));
  ASSERT_EQ(apply.page.scopes_saved.size(), 1U);
  EXPECT_EQ(apply.page.scopes_saved[0].base, "20:20:");
  EXPECT_EQ(apply.page.acknowledged, 5);
  EXPECT_FALSE(expect<Finish>(machine.on(Applied{})).error.has_value());
}

TEST(SyncMachine, NamesItsScopesWhereTheServerKnowsOthers) {
  const auto schema = task_schema();
  Machine machine(schema, synced());
  first_pull(machine);
  const auto call = expect<Call>(reply(machine, json(R"({"status":"scopes","protocol":1})")));
  EXPECT_EQ(call.function, "convoy_pull");
  EXPECT_EQ(call.request.find("scopes")->dump(),
            R"([{"base":"10:10:","ids":{"aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa":"owner:1"}}])");
  // Once they are named there is nothing left to ask for.
  EXPECT_EQ(expect<Finish>(reply(machine, json(R"({"status":"scopes"})"))).error->code,
            ErrorCode::BadReply);
}

TEST(SyncMachine, NamesScopesThatHaveNotOneCursor) {
  const auto schema = task_schema();
  auto state = synced();
  state.scopes[kScopeB] = {
      .id = kScopeB, .visibility = "viewer:1", .base = "9:9:", .generation = 1};
  Machine machine(schema, state);
  EXPECT_EQ(first_pull(machine).request.find("scopes")->dump(),
            R"([{"base":"10:10:","ids":{"aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa":"owner:1"}},)"
            R"({"base":"9:9:","ids":{"bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb":"viewer:1"}}])");
}

TEST(SyncMachine, MovesTheCursorOnlyWithTheLastPageAndToTheFirstPagesNext) {
  const auto schema = task_schema();
  Machine machine(schema, synced());
  first_pull(machine);

  auto page = expect<ApplyPage>(
      reply(machine, pull_with({{"more", "true"}, {"after", R"(["x",1])"}, {"last_mid", "5"}})));
  EXPECT_TRUE(page.page.scopes_saved.empty());
  EXPECT_FALSE(page.page.acknowledged.has_value());

  const auto call = expect<Call>(machine.on(Applied{}));
  EXPECT_EQ(call.request.find("target")->dump(), "\"20:20:\"");
  EXPECT_EQ(call.request.find("after")->dump(), R"(["x",1])");
  EXPECT_EQ(call.request.find("scopes")->dump(),
            R"([{"base":"10:10:","digest":"f81e9ca64a9aa8fd"}])");

  page = expect<ApplyPage>(reply(machine, pull_with({{"next", "\"30:30:\""}})));
  ASSERT_EQ(page.page.scopes_saved.size(), 1U);
  EXPECT_EQ(page.page.scopes_saved[0].base, "20:20:");
}

TEST(SyncMachine, AcknowledgesWhatTheFirstPageHadSeenWithTheLastPage) {
  const auto schema = task_schema();
  auto state = synced();
  state.mid_assigned = 9;
  Machine machine(schema, state);
  first_pull(machine);
  reply(machine, pull_with({{"more", "true"}, {"after", "[1]"}, {"last_mid", "7"}}));
  machine.on(Applied{});
  const auto page = expect<ApplyPage>(reply(machine, pull_with({{"last_mid", "9"}})));
  EXPECT_EQ(page.page.acknowledged, 7);
}

TEST(SyncMachine, BackFillsAGainedScopeThenPullsAgain) {
  const auto schema = task_schema();
  auto state = fresh();
  state.mid_assigned = 1;
  Machine machine(schema, state);
  first_pull(machine);
  const std::string added = R"({")" + std::string(kScopeA) + R"(":"owner:1"})";
  auto page = expect<ApplyPage>(reply(machine, pull_with({{"added", added}, {"last_mid", "1"}})));
  EXPECT_FALSE(page.page.acknowledged.has_value()) << "its rows are not here yet";
  ASSERT_EQ(page.page.scopes_saved.size(), 1U);
  EXPECT_TRUE(page.page.scopes_saved[0].is_backfilling);

  auto call = expect<Call>(machine.on(Applied{}));
  EXPECT_EQ(call.function, "convoy_backfill");
  EXPECT_EQ(call.request.find("after"), nullptr);
  const auto backfill = [&](const char* next, bool more, const char* id) {
    Json answer = json(R"({"status":"ok","visibility":"owner:1","total":2})");
    answer.set("next", next);
    answer.set("more", more);
    if (more) answer.set("after", json("[1,\"x\"]"));
    answer.set("changes", json(rows(kScopeA, id)));
    return answer;
  };
  page = expect<ApplyPage>(reply(machine, backfill("15:15:", true, "1")));
  EXPECT_EQ(page.page.scopes_saved[0].base, "15:15:");
  EXPECT_EQ(page.page.scopes_saved[0].backfill_after->dump(), "[1,\"x\"]");
  EXPECT_TRUE(page.page.backfills_finished.empty());

  call = expect<Call>(machine.on(Applied{}));
  EXPECT_EQ(call.request.find("after")->dump(), "[1,\"x\"]");
  page = expect<ApplyPage>(reply(machine, backfill("18:18:", false, "2")));
  EXPECT_EQ(page.page.scopes_saved[0].base, "15:15:") << "the first page's snapshot";
  EXPECT_EQ(page.page.backfills_finished, std::vector<std::string>{kScopeA});

  call = expect<Call>(machine.on(Applied{}));
  EXPECT_EQ(call.function, "convoy_pull");
  EXPECT_EQ(call.request.find("scopes")->array()->front().find("base")->dump(), "\"15:15:\"");
  page = expect<ApplyPage>(reply(machine, pull_with({{"last_mid", "1"}})));
  EXPECT_EQ(page.page.acknowledged, 1);
  EXPECT_FALSE(expect<Finish>(machine.on(Applied{})).error.has_value());
  EXPECT_EQ(machine.progress().rows_received, 2);
  EXPECT_EQ(machine.progress().scopes_gained, 1);
}

TEST(SyncMachine, ResumesABackFillThatWasCutOff) {
  const auto schema = task_schema();
  auto state = synced();
  state.scopes[kScopeA].is_backfilling = true;
  state.scopes[kScopeA].backfill_after = json("[1,\"m\"]");
  Machine machine(schema, state);
  first_pull(machine);
  reply(machine, pull_with({}));
  const auto call = expect<Call>(machine.on(Applied{}));
  EXPECT_EQ(call.function, "convoy_backfill");
  EXPECT_EQ(call.request.find("after")->dump(), "[1,\"m\"]");
}

TEST(SyncMachine, RemovesALostScope) {
  const auto schema = task_schema();
  Machine machine(schema, synced());
  first_pull(machine);
  const auto page = expect<ApplyPage>(
      reply(machine, pull_with({{"removed", "[\"" + std::string(kScopeA) + "\"]"}})));
  EXPECT_EQ(page.page.scopes_removed, std::vector<std::string>{kScopeA});
  EXPECT_TRUE(page.page.scopes_saved.empty());
  expect<Finish>(machine.on(Applied{}));
  EXPECT_TRUE(machine.state().scopes.empty());
}

TEST(SyncMachine, RemovesAScopeThatIsLostInTheMiddleOfAWindow) {
  const auto schema = task_schema();
  Machine machine(schema, synced());
  first_pull(machine);
  reply(machine, pull_with({{"more", "true"}, {"after", "[1]"}}));
  machine.on(Applied{});
  const auto page = expect<ApplyPage>(
      reply(machine, pull_with({{"removed", "[\"" + std::string(kScopeA) + "\"]"}})));
  EXPECT_EQ(page.page.scopes_removed, std::vector<std::string>{kScopeA});
  EXPECT_TRUE(page.page.scopes_saved.empty()) << "its cursor must not move past what was left out";
}

TEST(SyncMachine, BackFillsAgainWhenVisibilityChanges) {
  const auto schema = task_schema();
  Machine machine(schema, synced());
  first_pull(machine);
  const std::string id = kScopeA;
  const auto page = expect<ApplyPage>(reply(
      machine,
      pull_with({{"removed", "[\"" + id + "\"]"}, {"added", "{\"" + id + "\":\"viewer:1\"}"}})));
  EXPECT_TRUE(page.page.scopes_removed.empty()) << "rows stay until the back-fill has ended";
  ASSERT_EQ(page.page.scopes_saved.size(), 1U);
  EXPECT_EQ(page.page.scopes_saved[0].generation, 2);
  EXPECT_TRUE(page.page.scopes_saved[0].base.empty());
  EXPECT_EQ(expect<Call>(machine.on(Applied{})).function, "convoy_backfill");
}

TEST(SyncMachine, DropsAScopeThatEndsDuringItsBackFill) {
  const auto schema = task_schema();
  auto state = synced();
  state.scopes[kScopeA].is_backfilling = true;
  Machine machine(schema, state);
  first_pull(machine);
  reply(machine, pull_with({}));
  machine.on(Applied{});
  const auto page = expect<ApplyPage>(reply(machine, json(R"({"status":"ok","visibility":null})")));
  EXPECT_EQ(page.page.scopes_removed, std::vector<std::string>{kScopeA});
}

TEST(SyncMachine, NoticesAForkInAPull) {
  const auto schema = task_schema();
  Machine machine(schema, synced());
  first_pull(machine);
  expect<Fork>(reply(machine, pull_with({{"last_mid", "6"}})));
}

TEST(SyncMachine, StartsOverAtANewEpochAndKeepsScopesThatAreOfferedAgain) {
  const auto schema = task_schema();
  auto state = synced();
  state.scopes[kScopeB] = {
      .id = kScopeB, .visibility = "owner:1", .base = "10:10:", .generation = 1};
  Machine machine(schema, state);
  first_pull(machine);
  const auto over = expect<StartOver>(
      reply(machine, json(R"({"status":"reset","epoch":"e2","reason":"epoch"})")));
  EXPECT_EQ(over.epoch, "e2");
  expect<PreparePush>(machine.on(Applied{}));
  const auto call = expect<Call>(machine.on(PushPrepared{}));
  EXPECT_EQ(call.request.find("epoch")->dump(), "\"e2\"");
  EXPECT_EQ(call.request.find("scopes")->dump(), "[]");
  const auto page = expect<ApplyPage>(
      reply(machine, pull_with({{"added", "{\"" + std::string(kScopeA) + "\":\"owner:1\"}"}})));
  EXPECT_EQ(page.page.scopes_removed, std::vector<std::string>{kScopeB});
  ASSERT_EQ(page.page.scopes_saved.size(), 1U);
  EXPECT_EQ(page.page.scopes_saved[0].generation, 2)
      << "so that rows the back-fill does not bring are removed";
}

TEST(SyncMachine, HalvesThePageWhenItIsTooMuch) {
  const auto schema = task_schema();
  Machine machine(schema, synced());
  first_pull(machine);
  const auto call = expect<Call>(machine.on(Replied{Error{.code = ErrorCode::ReplyTooLarge}}));
  EXPECT_EQ(call.request.find("limit")->integer(), 500);
}

TEST(SyncMachine, HandsOnTheServersTime) {
  const auto schema = task_schema();
  Machine machine(schema, synced());
  machine.start();
  machine.on(PushPrepared{{{.mid = 6, .uid = "u", .body = "{}"}}});
  const auto outcomes = expect<ApplyOutcomes>(reply(
      machine,
      json(
          R"({"status":"ok","last_mid":6,"server_time":"1970-01-01T00:00:01.5Z","outcomes":[{"mid":6,"status":"applied"}]})")));
  EXPECT_EQ(outcomes.answer.server_time_ms, 1500);
  machine.on(Applied{});
  machine.on(PushPrepared{});
  const auto page =
      expect<ApplyPage>(reply(machine, pull_with({{"server_time", "\"1970-01-01T00:00:02Z\""}})));
  EXPECT_EQ(page.page.server_time_ms, 2000);
}

TEST(SyncMachine, HandsOnTheServersRules) {
  const auto schema = task_schema();
  Machine machine(schema, synced());
  first_pull(machine);
  const auto apply = expect<ApplyPage>(reply(
      machine,
      pull_with(
          {{"schema",
            R"({"fingerprint":"f2","tables":[{"name":"tasks","id":"id","conflict":"merge","on_delete":"resurrect","columns":[)"
            R"({"name":"title","type":"text","nullable":false,"write":true,"rule":{"rule":"text","unit":"line"}},)"
            R"({"name":"due","type":"timestamp with time zone","nullable":true,"write":false,"rule":"latest"}]}]})"}})));
  const auto& table = apply.page.server_schema->tables.at(0);
  EXPECT_EQ(table.on_delete, "resurrect");
  EXPECT_EQ(table.columns[0].rule, "text");
  EXPECT_EQ(table.columns[1].rule, "latest");
  EXPECT_FALSE(table.columns[1].is_writable);
}

TEST(SyncMachine, EndsWithTheErrorAndLosesNothingWhenOffline) {
  const auto schema = task_schema();
  Machine machine(schema, synced());
  first_pull(machine);
  const auto finish =
      expect<Finish>(machine.on(Replied{Error{.code = ErrorCode::Offline, .message = "no route"}}));
  EXPECT_EQ(finish.error->code, ErrorCode::Offline);
}

constexpr const char* kTitle = R"({"name":"title","type":"text","nullable":false,"write":true})";
constexpr const char* kDue =
    R"({"name":"due","type":"timestamp with time zone","nullable":true,"write":true})";

// A server whose table of tasks has these columns.
std::string server_schema(const std::string& columns) {
  return R"({"fingerprint":"f2","tables":[{"name":"tasks","id":"id","conflict":"merge","columns":[)" +
         columns + "]}]}";
}

TEST(SyncMachine, StopsATableThatDoesNotFitAndGoesOnWithTheRest) {
  const auto schema = task_schema();
  const auto stopped = [&](const std::string& server) {
    Machine machine(schema, synced());
    first_pull(machine);
    const auto page = expect<ApplyPage>(
        reply(machine, pull_with({{"schema", server}, {"changes", rows(kScopeA, "1")}})));
    EXPECT_EQ(page.page.changes.size(), page.page.stopped.empty() ? 1U : 0U);
    EXPECT_EQ(page.page.server_schema->fingerprint, "f2");
    EXPECT_EQ(page.page.scopes_saved.at(0).base, "20:20:") << "the other tables are up to date";
    EXPECT_FALSE(expect<Finish>(machine.on(Applied{})).error.has_value());
    EXPECT_EQ(machine.state().stopped, page.page.stopped);
    return page.page.stopped;
  };
  using Stopped = std::map<std::string, std::string>;
  const auto both = std::string(kTitle) + "," + kDue;
  EXPECT_EQ(stopped(server_schema(kTitle)),
            (Stopped{{"tasks", "the server has no column \"due\""}}));
  EXPECT_EQ(
      stopped(server_schema(std::string(kTitle) +
                            R"(,{"name":"due","type":"text","nullable":true,"write":true})")),
      (Stopped{{"tasks", "the server's type text of \"due\" does not fit this program's schema"}}));
  EXPECT_EQ(stopped(R"({"fingerprint":"f2","tables":[]})"),
            (Stopped{{"tasks", "the server does not sync this table"}}));
  EXPECT_EQ(stopped(server_schema(both +
                                  R"(,{"name":"new","type":"text","nullable":true,"write":true})")),
            Stopped());
}

TEST(SyncMachine, BackFillsAgainWhenATableFitsAgain) {
  const auto schema = task_schema();
  auto state = synced();
  state.stopped["tasks"] = "the server has no column \"due\"";
  Machine machine(schema, state);
  first_pull(machine);
  const auto page = expect<ApplyPage>(
      reply(machine, pull_with({{"schema", server_schema(std::string(kTitle) + "," + kDue)}})));
  EXPECT_TRUE(page.page.stopped.empty());
  ASSERT_EQ(page.page.scopes_saved.size(), 1U);
  EXPECT_TRUE(page.page.scopes_saved[0].is_backfilling);
  EXPECT_EQ(page.page.scopes_saved[0].generation, 2);
  EXPECT_EQ(expect<Call>(machine.on(Applied{})).function, "convoy_backfill");
  EXPECT_EQ(machine.progress().recoveries,
            (std::vector<schema::Recovery>{{.step = "back_fill_again", .cause = "tasks"}}));
}

TEST(SyncMachine, LeavesStoppedTablesOutOfBackFills) {
  const auto schema = task_schema();
  auto state = synced();
  state.stopped["tasks"] = "?";
  schema::restart(state.scopes[kScopeA]);
  Machine machine(schema, state);
  first_pull(machine);
  reply(machine, pull_with({{"added", "{\"" + std::string(kScopeA) + "\":\"owner:1\"}"}}));
  expect<Call>(machine.on(Applied{}));
  const auto page = expect<ApplyPage>(
      reply(machine,
            json(R"({"status":"ok","epoch":")" + std::string(kEpoch) +
                 R"(","visibility":"owner:1","next":"20:20:","more":false,"total":1,"changes":)" +
                 rows(kScopeA, "1") + "}")));
  EXPECT_TRUE(page.page.changes.empty());
}

TEST(SyncMachine, NotesWhatItDidToGetOn) {
  const auto schema = task_schema();
  Machine machine(schema, synced());
  first_pull(machine);
  machine.on(Replied{Error{.code = ErrorCode::Timeout, .message = "", .sqlstate = "57014"}});
  reply(machine, json(R"({"status":"reset","epoch":"e2","reason":"horizon"})"));
  EXPECT_EQ(machine.progress().recoveries,
            (std::vector<schema::Recovery>{{.step = "smaller_pages", .cause = "57014"},
                                           {.step = "start_over", .cause = "horizon"}}));
}

TEST(SyncMachine, RefusesRowsOfAScopeItDidNotAskFor) {
  const auto schema = task_schema();
  Machine machine(schema, synced());
  first_pull(machine);
  EXPECT_TRUE(expect<Finish>(reply(machine, pull_with({{"changes", rows(kScopeB, "1")}})))
                  .error.has_value());
}

class BrokenPullReply : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(BrokenPullReply, ChangesNothing) {
  const auto schema = task_schema();
  Machine machine(schema, synced());
  first_pull(machine);
  const auto& [member, value] = GetParam();
  const auto finish = expect<Finish>(reply(machine, pull_with({{member, value}})));
  ASSERT_TRUE(finish.error.has_value());
  EXPECT_EQ(finish.error->code, ErrorCode::BadReply);
  EXPECT_EQ(machine.state().scopes.at(kScopeA).base, "10:10:");
}

INSTANTIATE_TEST_SUITE_P(
    All, BrokenPullReply,
    testing::Values(
        std::pair{"status", "\"fine\""}, std::pair{"status", "1"}, std::pair{"next", "\"x\""},
        std::pair{"next", "\"20:10:\""}, std::pair{"target", "null"}, std::pair{"more", "\"no\""},
        std::pair{"more", "true"}, std::pair{"changes", "{}"}, std::pair{"changes", "[1]"},
        std::pair{"last_mid", "1.5"}, std::pair{"removed", "[1]"}, std::pair{"added", "[]"},
        std::pair{"epoch", "null"}, std::pair{"server_time", "\"soon\""},
        std::pair{"changes", R"([{"table":"tasks","scope":"s","columns":["a"],"rows":[["1"]]}])"},
        std::pair{"changes", R"([{"table":"tasks","scope":"s","columns":["a"],"rows":[[1,2]]}])"}));

TEST(Snapshot, KnowsPostgresForm) {
  for (const char* good :
       {"1:1:", "10:20:", "10:20:10,15", "18446744073709551615:18446744073709551615:"}) {
    EXPECT_TRUE(is_snapshot(good)) << good;
  }
  for (const char* bad : {"", "1", "1:1", "0:1:", "2:1:", "1:2:2", "1:2:,", "1:3:1,",
                          "a:b:", "1:2: ", "-1:2:", "5:9:3"}) {
    EXPECT_FALSE(is_snapshot(bad)) << bad;
  }
}

}  // namespace
}  // namespace convoy::sync::machine
