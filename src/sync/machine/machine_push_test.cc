// The half that sends: batches, numbers, outcomes, and what goes wrong on the way.
#include <algorithm>

#include <gtest/gtest.h>

#include "base/limits.h"
#include "sync/machine/test_machine.h"

namespace convoy::sync::machine {
namespace {

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

}  // namespace
}  // namespace convoy::sync::machine
