#include "sync/machine/machine.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/limits.h"
#include "schema/verification.h"

namespace convoy::sync::machine {
namespace {

using base::Json;
using base::parse_json;

constexpr const char* kEpoch = "11111111-1111-4111-8111-111111111111";
constexpr const char* kScopeA = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa";
constexpr const char* kScopeB = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb";

Json json(const std::string& text) {
  auto parsed = parse_json(text);
  EXPECT_TRUE(parsed.ok()) << text;
  return parsed.ok() ? *parsed : Json();
}

Schema task_schema() {
  return {.version = 1,
          .tables = {
              {.name = "tasks",
               .columns = {
                   {.name = "title"},
                   {.name = "due", .type = ColumnType::Number, .pg_type = PgType::Timestamptz}}}}};
}

schema::ReplicaState fresh() { return {.client_id = "cccccccc-cccc-4ccc-8ccc-cccccccccccc"}; }

// A device that has synced scope A before.
schema::ReplicaState synced() {
  auto state = fresh();
  state.epoch = kEpoch;
  state.fingerprint = "f1";
  state.scopes[kScopeA] = {
      .id = kScopeA, .visibility = "owner:1", .base = "10:10:", .generation = 1};
  state.mid_assigned = 5;
  state.mid_seen = 5;
  return state;
}

std::string pull_reply(const std::string& members) {
  return R"({"status":"ok","protocol":1,"epoch":")" + std::string(kEpoch) +
         R"(","target":"20:20:","next":"20:20:","after":null,"more":false,"changes":[],"last_mid":5)" +
         (members.empty() ? "" : "," + members) + "}";
}

// Replaces the default members of `pull_reply`.
Json pull_with(std::initializer_list<std::pair<const char*, std::string>> members) {
  auto reply = json(pull_reply(""));
  for (const auto& [name, value] : members) reply.set(name, json(value));
  return reply;
}

std::string rows(const char* scope, const std::string& id) {
  return R"([{"table":"tasks","scope":")" + std::string(scope) +
         R"(","columns":["title","due"],"rows":[[")" + id + R"(","T",null]],"gone":[]}])";
}

template <class T>
T expect(Effect effect) {
  auto* found = std::get_if<T>(&effect);
  EXPECT_NE(found, nullptr) << "unexpected effect, index " << effect.index();
  if (found == nullptr) {
    if (auto* finish = std::get_if<Finish>(&effect); finish != nullptr && finish->error) {
      ADD_FAILURE() << finish->error->message;
    }
    return T{};
  }
  return std::move(*found);
}

Effect reply(Machine& machine, Json value) { return machine.on(Replied{std::move(value)}); }

// A machine with an empty outbox that has just sent its first pull.
Call first_pull(Machine& machine) {
  expect<PreparePush>(machine.start());
  return expect<Call>(machine.on(PushPrepared{}));
}

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

TEST(SyncMachine, SendsBatchesUntilTheOutboxIsEmpty) {
  const auto schema = task_schema();
  Machine machine(schema, synced());
  const auto prepare = expect<PreparePush>(machine.start());
  EXPECT_EQ(prepare.count_max, limits::kPushMutationsMax);
  const auto call =
      expect<Call>(machine.on(PushPrepared{{{.mid = 6, .uid = "u6", .body = R"({"ops":[]})"}}}));
  EXPECT_EQ(call.function, "convoy_push");
  EXPECT_EQ(call.request.find("mutations")->dump(),
            R"([{"mid":6,"uid":"u6","body":"{\"ops\":[]}"}])");

  const auto apply = expect<ApplyOutcomes>(reply(
      machine,
      json(
          R"({"status":"ok","last_mid":6,"outcomes":[{"mid":6,"status":"rejected","code":"23514","message":"no"}]})")));
  ASSERT_EQ(apply.outcomes.size(), 1U);
  EXPECT_EQ(apply.outcomes[0].code, "23514");
  EXPECT_EQ(machine.progress().parked, 1);
  expect<PreparePush>(machine.on(Applied{}));
  EXPECT_EQ(expect<Call>(machine.on(PushPrepared{})).function, "convoy_pull");
}

TEST(SyncMachine, RefusesAPushReplyThatLeavesAMutationUnanswered) {
  const auto schema = task_schema();
  Machine machine(schema, synced());
  machine.start();
  machine.on(
      PushPrepared{{{.mid = 6, .uid = "u", .body = "{}"}, {.mid = 7, .uid = "v", .body = "{}"}}});
  const auto finish = expect<Finish>(reply(
      machine, json(R"({"status":"ok","last_mid":7,"outcomes":[{"mid":6,"status":"applied"}]})")));
  ASSERT_TRUE(finish.error.has_value());
  EXPECT_EQ(finish.error->code, ErrorCode::BadReply);
}

TEST(SyncMachine, TakesANewClientIdWhenForked) {
  const auto schema = task_schema();
  for (const char* status : {R"({"status":"forked"})", R"({"status":"gap","last_mid":2})"}) {
    Machine machine(schema, synced());
    machine.start();
    machine.on(PushPrepared{{{.mid = 6, .uid = "u", .body = "{}"}}});
    expect<Fork>(reply(machine, json(status)));
    expect<PreparePush>(machine.on(Forked{"dddddddd-dddd-4ddd-8ddd-dddddddddddd"}));
    const auto call =
        expect<Call>(machine.on(PushPrepared{{{.mid = 1, .uid = "u", .body = "{}"}}}));
    EXPECT_EQ(call.request.find("client")->dump(), "\"dddddddd-dddd-4ddd-8ddd-dddddddddddd\"");
  }
}

// Of a batch whose reply was lost the server has the first; the second's number went to another
// copy of the file. With new numbers the first would be applied twice.
TEST(SyncMachine, LearnsWhatTheServerHasBeforeItTakesANewClientId) {
  const auto schema = task_schema();
  Machine machine(schema, synced());
  const schema::OutgoingMutation known{.mid = 4, .uid = "u4", .body = "{}"};
  const schema::OutgoingMutation clashing{.mid = 5, .uid = "u5", .body = "{}"};
  const auto forked = json(R"({"status":"forked","last_mid":5})");
  machine.start();
  machine.on(PushPrepared{{known, clashing}});
  EXPECT_EQ(expect<PreparePush>(reply(machine, forked)).count_max, 1U);
  machine.on(PushPrepared{{known}});
  const auto answer = R"({"status":"ok","last_mid":5,"outcomes":[{"mid":4,"status":"applied"}]})";
  EXPECT_EQ(expect<ApplyOutcomes>(reply(machine, json(answer))).outcomes.size(), 1U);
  expect<PreparePush>(machine.on(Applied{}));
  machine.on(PushPrepared{{clashing}});
  expect<Fork>(reply(machine, forked));
}

// What the server took under a former client id is asked for under that one: as new, it would be
// applied twice.
TEST(SyncMachine, AsksUnderTheClientIdItWasSentWith) {
  const auto schema = task_schema();
  Machine machine(schema, synced());
  machine.start();
  const schema::OutgoingMutation former{.mid = 9, .uid = "u", .body = "{}", .sender = "old"};
  const auto call = expect<Call>(machine.on(PushPrepared{{former}}));
  EXPECT_EQ(call.request.find("client")->dump(), "\"old\"");
  EXPECT_EQ(machine.state().mid_assigned, 5);
  const auto apply = expect<ApplyOutcomes>(reply(
      machine, json(R"({"status":"ok","last_mid":9,"outcomes":[{"mid":9,"status":"applied"}]})")));
  EXPECT_EQ(apply.answer.sender, "old");
  machine.on(Applied{});
  const auto next = expect<Call>(machine.on(PushPrepared{{{.mid = 6, .uid = "v", .body = "{}"}}}));
  EXPECT_EQ(next.request.find("client")->dump(), "\"cccccccc-cccc-4ccc-8ccc-cccccccccccc\"");
}

TEST(SyncMachine, RenumbersWhatTheServerDoesNotHaveUnderAFormerClientId) {
  const auto schema = task_schema();
  const schema::OutgoingMutation one{.mid = 3, .uid = "u", .body = "{}", .sender = "old"};
  const schema::OutgoingMutation two{.mid = 4, .uid = "v", .body = "{}", .sender = "old"};
  Machine machine(schema, synced());
  machine.start();
  machine.on(PushPrepared{{one, two}});
  // None of them.
  auto renumber = expect<Renumber>(reply(machine, json(R"({"status":"gap","last_mid":1})")));
  EXPECT_EQ(renumber.sender, "old");
  EXPECT_EQ(renumber.mids, (std::vector<std::int64_t>{3, 4}));
  EXPECT_EQ(expect<PreparePush>(machine.on(Applied{})).count_max, limits::kPushMutationsMax);
  // Perhaps some of them.
  machine.on(PushPrepared{{one, two}});
  const auto forked = json(R"({"status":"forked","last_mid":4})");
  EXPECT_EQ(expect<PreparePush>(reply(machine, forked)).count_max, 1U);
  machine.on(PushPrepared{{one}});
  renumber = expect<Renumber>(reply(machine, forked));
  EXPECT_EQ(renumber.mids, std::vector<std::int64_t>{3});
}

// The server could not read the call, and the number is a former client id's: it is nobody's to
// take back.
TEST(SyncMachine, ParksPoisonOfAFormerClientId) {
  const auto schema = task_schema();
  Machine machine(schema, synced());
  machine.start();
  machine.on(PushPrepared{{{.mid = 9, .uid = "u", .body = "{}", .sender = "old"}}});
  const auto apply = expect<ApplyOutcomes>(machine.on(
      Replied{Error{.code = ErrorCode::Rejected, .message = "bad", .sqlstate = "22P05"}}));
  EXPECT_EQ(apply.answer.sender, "old");
  machine.on(Applied{});
  EXPECT_EQ(machine.state().mid_assigned, 5);
}

TEST(SyncMachine, NoticesAForkInAPull) {
  const auto schema = task_schema();
  Machine machine(schema, synced());
  first_pull(machine);
  expect<Fork>(reply(machine, pull_with({{"last_mid", "6"}})));
}

TEST(SyncMachine, ForkingForeverEnds) {
  const auto schema = task_schema();
  Machine machine(schema, synced());
  machine.start();
  Effect effect = machine.on(PushPrepared{{{.mid = 6, .uid = "u", .body = "{}"}}});
  for (int i = 0; i < 10 && !std::holds_alternative<Finish>(effect); ++i) {
    effect = reply(machine, json(R"({"status":"forked"})"));
    if (std::holds_alternative<Finish>(effect)) break;
    machine.on(Forked{"d"});
    effect = machine.on(PushPrepared{{{.mid = 1, .uid = "u", .body = "{}"}}});
  }
  EXPECT_TRUE(expect<Finish>(effect).error.has_value());
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

// A device that writes before its first pull can't name an epoch: the reply does, and from then on
// the server can say that it has lost what it took.
TEST(SyncMachine, LearnsTheEpochFromItsFirstPush) {
  const auto schema = task_schema();
  Machine machine(schema, fresh());
  machine.start();
  const auto push = expect<Call>(machine.on(PushPrepared{{{.mid = 1, .uid = "u", .body = "{}"}}}));
  EXPECT_EQ(push.request.find("epoch"), nullptr);
  const auto apply = expect<ApplyOutcomes>(reply(
      machine,
      json(
          R"({"status":"ok","epoch":"e1","last_mid":1,"outcomes":[{"mid":1,"status":"applied"}]})")));
  EXPECT_EQ(apply.answer.epoch, "e1");
  EXPECT_EQ(machine.state().epoch, "");  // Not on disk yet.
  machine.on(Applied{});
  const auto pull = expect<Call>(machine.on(PushPrepared{}));
  EXPECT_EQ(pull.request.find("epoch")->dump(), "\"e1\"");
  // What counted as sent is sent again.
  const auto over = expect<StartOver>(reply(machine, json(R"({"status":"reset","epoch":"e2"})")));
  EXPECT_EQ(over.epoch, "e2");
}

TEST(SyncMachine, BelievesNoOutcomesOfAnotherLogThanItNamed) {
  const auto schema = task_schema();
  Machine machine(schema, synced());
  machine.start();
  machine.on(PushPrepared{{{.mid = 6, .uid = "u", .body = "{}"}}});
  const auto over = expect<StartOver>(reply(
      machine,
      json(
          R"({"status":"ok","epoch":"e2","last_mid":6,"outcomes":[{"mid":6,"status":"applied"}]})")));
  EXPECT_EQ(over.epoch, "e2");
}

TEST(SyncMachine, HalvesThePageWhenItIsTooMuch) {
  const auto schema = task_schema();
  Machine machine(schema, synced());
  first_pull(machine);
  const auto call = expect<Call>(machine.on(Replied{Error{.code = ErrorCode::ReplyTooLarge}}));
  EXPECT_EQ(call.request.find("limit")->integer(), 500);
}

TEST(SyncMachine, RetriesAfterASerializationFailureAFewTimes) {
  const auto schema = task_schema();
  Machine machine(schema, synced());
  machine.start();
  Effect effect = machine.on(PushPrepared{{{.mid = 6, .uid = "u", .body = "{}"}}});
  int calls = 0;
  while (std::holds_alternative<Call>(effect)) {
    ++calls;
    ASSERT_LT(calls, 20);
    effect = machine.on(Replied{Error{.code = ErrorCode::ServerError, .sqlstate = "40001"}});
  }
  EXPECT_EQ(calls, 4);
  EXPECT_EQ(expect<Finish>(effect).error->sqlstate, "40001");
}

TEST(SyncMachine, FindsThePoisonInABatchByHalves) {
  const auto schema = task_schema();
  Machine machine(schema, synced());
  machine.start();
  machine.on(
      PushPrepared{{{.mid = 6, .uid = "u", .body = "x"}, {.mid = 7, .uid = "v", .body = "y"}}});
  const Error poison{
      .code = ErrorCode::Rejected, .message = "bad text", .sqlstate = "22P05", .http_status = 400};
  EXPECT_EQ(expect<PreparePush>(machine.on(Replied{poison})).count_max, 1U);
  machine.on(PushPrepared{{{.mid = 6, .uid = "u", .body = "x"}}});
  const auto apply = expect<ApplyOutcomes>(machine.on(Replied{poison}));
  ASSERT_EQ(apply.outcomes.size(), 1U);
  EXPECT_EQ(apply.outcomes[0].mid, 6);
  EXPECT_EQ(apply.outcomes[0].code, "22P05");
  EXPECT_FALSE(apply.outcomes[0].is_counted);
  // The one behind it takes its number, so that the server sees no gap.
  EXPECT_EQ(expect<PreparePush>(machine.on(Applied{})).count_max, limits::kPushMutationsMax);
  EXPECT_EQ(machine.state().mid_assigned, 5);
  const auto call = expect<Call>(machine.on(PushPrepared{{{.mid = 6, .uid = "v", .body = "y"}}}));
  EXPECT_EQ(call.request.find("mutations")->array()->front().find("mid")->integer(), 6);
}

TEST(SyncMachine, FindsThePoisonAnywhereAndParksItAlone) {
  for (std::int64_t poison = 6; poison < 6 + 13; ++poison) {
    const auto schema = task_schema();
    Machine machine(schema, synced());
    std::vector<schema::OutgoingMutation> outbox;
    for (std::int64_t i = 6; i < 6 + 13; ++i) {
      outbox.push_back({.mid = i, .uid = std::to_string(i), .body = "{}"});
    }
    const auto uid = std::to_string(poison);
    std::vector<std::string> sent;
    std::vector<std::string> parked;
    int calls = 0;
    auto effect = machine.start();
    while (!outbox.empty()) {
      const auto prepare = expect<PreparePush>(std::move(effect));
      const auto count = std::min(outbox.size(), prepare.count_max);
      const std::vector<schema::OutgoingMutation> batch(
          outbox.begin(), outbox.begin() + static_cast<std::ptrdiff_t>(count));
      expect<Call>(machine.on(PushPrepared{batch}));
      ASSERT_LT(++calls, 20);
      if (std::ranges::find(batch, uid, &schema::OutgoingMutation::uid) == batch.end()) {
        std::string outcomes;
        for (const auto& mutation : batch) {
          sent.push_back(mutation.uid);
          outcomes += (outcomes.empty() ? "" : ",") + std::string(R"({"mid":)") +
                      std::to_string(mutation.mid) + R"(,"status":"applied"})";
        }
        effect =
            reply(machine, json(R"({"status":"ok","last_mid":)" + std::to_string(batch.back().mid) +
                                R"(,"outcomes":[)" + outcomes + "]}"));
      } else {
        effect = machine.on(Replied{
            Error{.code = ErrorCode::Rejected, .message = "bad text", .sqlstate = "22P05"}});
      }
      auto* apply = std::get_if<ApplyOutcomes>(&effect);
      if (apply == nullptr) continue;
      const bool is_poison = !apply->outcomes.front().is_counted;
      if (is_poison) parked.push_back(batch.front().uid);
      outbox.erase(outbox.begin(), outbox.begin() + static_cast<std::ptrdiff_t>(count));
      for (auto& mutation : outbox) mutation.mid -= is_poison ? 1 : 0;
      effect = machine.on(Applied{});
    }
    EXPECT_EQ(parked, std::vector<std::string>{uid});
    EXPECT_EQ(sent.size(), 12U);
  }
}

TEST(SyncMachine, SendsTheStampOfAMutationAsText) {
  const auto schema = task_schema();
  Machine machine(schema, synced());
  machine.start();
  const auto call = expect<Call>(
      machine.on(PushPrepared{{{.mid = 6, .uid = "u", .body = "{}", .hlc = 117309440000000001U}}}));
  EXPECT_EQ(call.request.find("mutations")->dump(),
            R"([{"mid":6,"uid":"u","hlc":"117309440000000001","body":"{}"}])");
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

// The answer to a push of one mutation with one conflict.
Effect reply_with_conflict(const std::string& members) {
  static const auto schema = task_schema();
  Machine machine(schema, synced());
  machine.start();
  machine.on(PushPrepared{{{.mid = 6, .uid = "u", .body = "{}"}}});
  return reply(
      machine,
      json(
          R"({"status":"ok","last_mid":6,"outcomes":[{"mid":6,"status":"merged","conflicts":[{"table":"tasks","id":"1","column":"title","base":"B","client":"C","server":"S",)" +
          members + "}]}]}"));
}

TEST(SyncMachine, ReadsWhatBecameOfAConflict) {
  const auto merged = expect<ApplyOutcomes>(
      reply_with_conflict(R"("kept":"merged","value":"CS","rule":"text","reason":"why")"));
  const auto& conflict = merged.outcomes[0].conflicts[0];
  EXPECT_EQ(conflict.kept, "merged");
  EXPECT_EQ(*conflict.value, Json("CS"));
  EXPECT_EQ(conflict.rule, "text");
  EXPECT_EQ(conflict.reason, "why");
  const auto manual =
      expect<ApplyOutcomes>(reply_with_conflict(R"("kept":"server","rule":"manual")"));
  EXPECT_FALSE(manual.outcomes[0].conflicts[0].value.has_value());
  EXPECT_TRUE(expect<Finish>(reply_with_conflict(R"("kept":"merged","rule":"text")")).error);
  EXPECT_TRUE(expect<Finish>(reply_with_conflict(R"("kept":"both","rule":"text")")).error);
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
