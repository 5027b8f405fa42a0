// What people can do with what waits to be sent, and with what was refused.
#include "convoy/outbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/uuid.h"
#include "store/test_sync.h"

namespace convoy::store {
namespace {

using schema::Outcome;
using testing::bodies;
using testing::code_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::SyncTest;

struct OutboxTest : SyncTest {
  OutboxTest() { pull(projects({"p", "q"}, "Work")); }

  // The first that is sent is refused, the others are applied.
  void refuse_first(const std::string& code = "23514") {
    const auto batch = prepare();
    ASSERT_FALSE(batch.empty());
    std::vector<Outcome> outcomes{refusal(batch[0].mid, code)};
    for (std::size_t i = 1; i < batch.size(); ++i) outcomes.push_back({.mid = batch[i].mid});
    answer(outcomes);
  }

  std::int64_t tasks() { return *database.count(from("tasks")); }
};

// --- Looking

TEST_F(OutboxTest, ListsWhatWaitsAndWhy) {
  rename("p", "Bad");
  rename("q", "Good");
  refuse_first();
  const auto entries = *outbox.list();
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].state, "parked");
  EXPECT_EQ(entries[0].code, "23514");
  EXPECT_EQ(entries[0].message, "no");
  EXPECT_EQ(entries[0].attempts, 1);
  EXPECT_EQ(entries[0].created_at_ms, fixture.clock.now);
  EXPECT_EQ(
      entries[0].operations,
      R"([{"op":"update","table":"projects","id":"p","values":{"name":"Bad"},"base":{"name":"Work"}}])");
  EXPECT_EQ(entries[1].state, "sent");
  EXPECT_EQ(outbox.find(1)->code, "23514");
  EXPECT_EQ(code_of(outbox.find(9)), ErrorCode::NotFound);
  EXPECT_EQ(code_of(outbox.retry(9)), ErrorCode::NotFound);
  EXPECT_EQ(code_of(outbox.discard(9)), ErrorCode::NotFound);
}

TEST_F(OutboxTest, ExportsALineForEach) {
  rename("p", "Bad");
  refuse_first();
  create("n", "New");
  std::vector<std::string> lines;
  CONVOY_ASSERT_OK(outbox.export_lines([&](std::string_view line) -> Status {
    lines.emplace_back(line);
    return ok_status();
  }));
  ASSERT_EQ(lines.size(), 2U);
  const auto first = *base::parse_json(lines[0]);
  EXPECT_EQ(*first.find("state")->string(), "parked");
  EXPECT_EQ(*first.find("code")->string(), "23514");
  EXPECT_EQ(*first.find("operations")->array()->front().find("id")->string(), "p");
  EXPECT_EQ(lines[0].find('\n'), std::string::npos);
  const auto stopped = outbox.export_lines(
      [](std::string_view) -> Status { return Error{.code = ErrorCode::DiskFull}; });
  EXPECT_EQ(code_of(stopped), ErrorCode::DiskFull);
}

// --- Trying again

TEST_F(OutboxTest, RetriesInTheOldPlaceUnderANewIdentity) {
  rename("p", "Bad");
  const auto uid = replica.queue()->front().uid;
  refuse_first();
  rename("q", "Later");
  EXPECT_EQ(name("p"), "Work");
  EXPECT_THAT(*outbox.retry(1), ElementsAre(1));
  EXPECT_EQ(name("p"), "Bad");
  const auto batch = prepare();
  ASSERT_EQ(batch.size(), 2U);
  EXPECT_THAT(batch[0].body, HasSubstr(R"("values":{"name":"Bad"},"base":{"name":"Work"})"));
  EXPECT_EQ(batch[0].mid, 2);
  EXPECT_NE(batch[0].uid, uid);
  EXPECT_EQ(outbox.find(1)->attempts, 2);
  // The reason stays until it goes well.
  EXPECT_EQ(outbox.find(1)->code, "23514");
  answer({{.mid = 2}, {.mid = 3}});
  EXPECT_EQ(outbox.find(1)->code, "");
}

TEST_F(OutboxTest, ARetriedOneLiesUnderLaterWrites) {
  rename("p", "First");
  refuse_first();
  pull(projects({"p"}, "Newer"));
  rename("p", "Second");
  ASSERT_TRUE(outbox.retry(1).ok());
  EXPECT_EQ(name("p"), "Second");
  ASSERT_TRUE(outbox.undo(2).ok());
  EXPECT_EQ(name("p"), "First");
  // Undone altogether, what the server had is there again.
  ASSERT_TRUE(outbox.undo(1).ok());
  EXPECT_EQ(name("p"), "Newer");
  EXPECT_EQ(*database.record_state("projects", "p"), RecordState::Synced);
}

TEST_F(OutboxTest, OnlyWhatIsParkedCanBeRetried) {
  rename("p", "Mine");
  const auto refused = outbox.retry(1);
  EXPECT_EQ(code_of(refused), ErrorCode::InvalidState);
  EXPECT_THAT(refused.error().message, HasSubstr("mutation 1 is pending"));
}

TEST_F(OutboxTest, EditsAndRetries) {
  rename("p", "Bad");
  refuse_first();
  EXPECT_EQ(code_of(outbox.edit(1, "projects", "q", {{"name", "x"}})), ErrorCode::NotFound);
  EXPECT_EQ(code_of(outbox.edit(1, "project", "p", {{"name", "x"}})), ErrorCode::UnknownTable);
  EXPECT_EQ(code_of(outbox.edit(1, "projects", "p", {{"nam", "x"}})), ErrorCode::UnknownColumn);
  EXPECT_EQ(code_of(outbox.edit(1, "projects", "p", {{"name", 5.0}})), ErrorCode::InvalidArgument);
  EXPECT_EQ(queue(), "1 parked");
  EXPECT_THAT(*outbox.edit(1, "projects", "p", {{"name", "Good"}}), ElementsAre(1));
  EXPECT_EQ(name("p"), "Good");
  EXPECT_THAT(prepare()[0].body, HasSubstr(R"("values":{"name":"Good"},"base":{"name":"Work"})"));
  EXPECT_EQ(code_of(outbox.edit(1, "projects", "p", {{"name", "x"}})), ErrorCode::InvalidState);
}

TEST_F(OutboxTest, AddsAValueThatWasMissing) {
  create_task("t", "p");
  refuse_first("23502");
  ASSERT_TRUE(outbox.edit(1, "tasks", "t", {{"rank", 3.0}}).ok());
  EXPECT_EQ((**database.find("tasks", "t")).number("rank"), 3.0);
  EXPECT_THAT(prepare()[0].body, HasSubstr(R"("rank":3)"));
}

// --- What depends on what

TEST_F(OutboxTest, AChildOfARefusedParentIsParkedWithItInsteadOfBeingSent) {
  create("n", "New");
  prepare(1);
  create_task("t", "n");
  create_task("u", "p");
  answer({refusal(1)});
  const auto batch = prepare();
  ASSERT_EQ(batch.size(), 1U);
  EXPECT_THAT(batch[0].body, HasSubstr("\"u\""));
  EXPECT_EQ(queue(), "1 parked, 2 parked, 3 sending");
  const auto child = *outbox.find(2);
  EXPECT_EQ(child.code, "DEPENDS");
  EXPECT_EQ(child.depends_on, 1);
  EXPECT_THAT(child.message, HasSubstr("mutation 1"));
  EXPECT_THAT(outbox.list()->front().dependents, ElementsAre(2));
  EXPECT_EQ(tasks(), 1);
}

TEST_F(OutboxTest, AChildWrittenAfterTheRefusalIsParkedToo) {
  create("n", "New");
  refuse_first();
  create_task("t", "n");
  EXPECT_THAT(prepare(), IsEmpty());
  EXPECT_EQ(outbox.find(2)->depends_on, 1);
}

TEST_F(OutboxTest, ParkingGoesDownTheGenerations) {
  create("n", "New");
  prepare();
  create_task("t", "n");
  write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("tasks", {{"project_id", "p"}, {"parent_id", "t"}}, "u"));
    return ok_status();
  });
  write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.update("tasks", "u", {{"title", "deep"}}));
    return ok_status();
  });
  answer({refusal(1)});
  EXPECT_THAT(prepare(), IsEmpty());
  EXPECT_EQ(queue(), "1 parked, 2 parked, 3 parked, 4 parked");
  EXPECT_THAT(*outbox.dependents(1), ElementsAre(2, 3, 4));
  const auto alone = outbox.retry(3);
  EXPECT_EQ(code_of(alone), ErrorCode::InvalidState);
  EXPECT_THAT(alone.error().hint, HasSubstr("Retry that one"));
  // Together, and in order.
  EXPECT_THAT(*outbox.retry(1), ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(tasks(), 2);
  const auto batch = prepare();
  // The last two were never sent: they go as one.
  ASSERT_EQ(batch.size(), 3U);
  EXPECT_THAT(batch[0].body, HasSubstr("\"projects\""));
  EXPECT_THAT(batch[2].body, HasSubstr("\"deep\""));
}

// Sent together, the server refuses both; they still belong together.
TEST_F(OutboxTest, AChildRefusedInTheSameBatchGoesWithItsParent) {
  create("n", "New");
  create_task("t", "n");
  prepare();
  answer({refusal(1), refusal(2, "23503")});
  EXPECT_EQ(outbox.find(2)->code, "23503");
  EXPECT_EQ(outbox.find(2)->depends_on, 1);
  EXPECT_THAT(*outbox.retry(1), ElementsAre(1, 2));
}

TEST_F(OutboxTest, ConfirmedParentsHoldNobodyBack) {
  create("n", "New");
  prepare();
  create_task("t", "n");
  answer({{.mid = 1}});
  auto page = projects({"n"}, "New");
  page.acknowledged = 1;
  pull(page);
  EXPECT_EQ(prepare().size(), 1U);
}

// --- Giving up

TEST_F(OutboxTest, DiscardTakesAlongWhatRestsOnIt) {
  create("n", "New");
  create_task("t", "n");
  rename("n", "Newer");
  create_task("u", "p");
  EXPECT_THAT(*outbox.dependents(1), ElementsAre(2, 3));
  EXPECT_EQ(queue(), "1 pending, 2 pending, 3 pending, 4 pending");
  EXPECT_THAT(*outbox.discard(1), ElementsAre(1, 2, 3));
  EXPECT_EQ(queue(), "4 pending");
  EXPECT_EQ(name("n"), "(none)");
  EXPECT_EQ(tasks(), 1);
}

TEST_F(OutboxTest, OtherColumnsOfTheSameRecordAreLeftAlone) {
  create_task("t", "p");
  prepare();
  answer({{.mid = 1}});
  const auto update = [&](const char* column, Value value) {
    write([&](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.update("tasks", "t", {{column, value}}));
      return ok_status();
    });
    ++fixture.clock.now;
  };
  update("title", "A");
  update("rank", 1.0);
  update("title", "B");
  // What was made on its value goes; what stands beside it stays.
  EXPECT_THAT(*outbox.dependents(2), ElementsAre(4));
  EXPECT_THAT(*outbox.discard(2), ElementsAre(2, 4));
  const auto task = **database.find("tasks", "t");
  EXPECT_EQ(task.text("title"), "t");
  EXPECT_EQ(task.number("rank"), 1.0);
}

// A deletion in between keeps the two changes apart: it is the second whose value counts.
TEST_F(OutboxTest, WhatATransactionLeftIsWhatLaterOnesRestOn) {
  write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.update("projects", "p", {{"name", "A"}}));
    CONVOY_CHECK_OK(writer.mark_deleted("projects", "q"));
    CONVOY_CHECK_OK(writer.update("projects", "p", {{"name", "B"}}));
    return ok_status();
  });
  rename("p", "C");
  EXPECT_THAT(*outbox.dependents(1), ElementsAre(2));
}

TEST_F(OutboxTest, DiscardsAParkedOneWithThoseParkedBecauseOfIt) {
  create("n", "New");
  prepare();
  create_task("t", "n");
  answer({refusal(1)});
  prepare();
  EXPECT_THAT(*outbox.discard(1), ElementsAre(1, 2));
  EXPECT_EQ(queue(), "");
  EXPECT_EQ(*database.record_state("tasks", "t"), RecordState::Synced);
}

TEST_F(OutboxTest, WhatIsOnItsWayCannotBeTakenBack) {
  rename("p", "Mine");
  prepare();
  for (const auto& refused : {outbox.discard(1), outbox.undo(1)}) {
    EXPECT_EQ(code_of(refused), ErrorCode::InvalidState);
    EXPECT_THAT(refused.error().message, HasSubstr("sending"));
  }
  answer({{.mid = 1}});
  EXPECT_EQ(code_of(outbox.undo(1)), ErrorCode::InvalidState);
  EXPECT_EQ(code_of(outbox.undo_last()), ErrorCode::NotFound);
  EXPECT_EQ(name("p"), "Mine");
}

TEST_F(OutboxTest, UndoIsAsIfItHadNeverBeenWritten) {
  create_task("t", "p");
  prepare();
  answer({{.mid = 1}});
  const auto before = *database.select("select * from tasks");
  write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.mark_deleted("projects", "p"));
    return ok_status();
  });
  EXPECT_EQ(tasks(), 0);
  EXPECT_THAT(*outbox.undo_last(), ElementsAre(2));
  EXPECT_EQ(name("p"), "Work");
  EXPECT_EQ(*database.select("select * from tasks"), before);
  EXPECT_EQ(*database.select("select count(*) from convoy_confirmed"),
            *database.select("select 0 as \"count(*)\""));
}

TEST_F(OutboxTest, TellsTheLifeOfAWriteToItsEnd) {
  const auto start = fixture.clock.now;
  rename("p", "A");
  auto story = *outbox.story(1);
  EXPECT_EQ(story.state, "pending");
  EXPECT_EQ(story.written_at_ms, start);
  EXPECT_EQ(story.operations,
            R"([{"op":"update","table":"projects","id":"p","columns":["name"]}])");
  fixture.clock.now += 10;
  prepare();
  fixture.clock.now += 20;
  answer({{.mid = 1, .kind = schema::Outcome::Kind::Merged}});
  story = *outbox.story(1);
  EXPECT_EQ(story.state, "sent");
  EXPECT_EQ(story.sent_at_ms, start + 10);
  EXPECT_EQ(story.answered_at_ms, start + 30);
  EXPECT_EQ(story.outcome, "merged");
  EXPECT_FALSE(story.left_at_ms);
  fixture.clock.now += 30;
  schema::PageCommit window;
  window.acknowledged = 1;
  pull(window);
  story = *outbox.story(1);
  EXPECT_EQ(story.state, "confirmed");
  EXPECT_EQ(story.left_at_ms, start + 60);
  EXPECT_EQ(story.mid, 1);
  EXPECT_EQ(story.attempts, 1);
  EXPECT_EQ(outbox.story(2).error().code, ErrorCode::NotFound);
}

TEST_F(OutboxTest, TellsOfWritesThatWereNeverSentThemselves) {
  rename("p", "A");
  rename("p", "B");
  rename("p", "C");
  ASSERT_TRUE(outbox.undo_last().ok());
  EXPECT_EQ(outbox.story(3)->state, "discarded");
  ASSERT_EQ(prepare().size(), 1U);
  const auto story = *outbox.story(2);
  EXPECT_EQ(story.state, "absorbed");
  EXPECT_EQ(story.absorbed_by, 1);
}

// People and programs remember numbers.
TEST_F(OutboxTest, ANumberIsNeverGivenTwice) {
  rename("p", "A");
  rename("p", "B");
  ASSERT_TRUE(outbox.undo_last().ok());
  ASSERT_TRUE(outbox.undo_last().ok());
  rename("p", "C");
  EXPECT_EQ(queue(), "3 pending");
  prepare();
  answer({{.mid = 1}});
  schema::PageCommit window;
  window.acknowledged = 1;
  pull(window);
  EXPECT_EQ(queue(), "");
  rename("p", "D");
  EXPECT_EQ(queue(), "4 pending");
}

TEST_F(OutboxTest, AParkedOneIsDiscardedNotUndone) {
  rename("p", "Bad");
  refuse_first();
  EXPECT_EQ(code_of(outbox.undo(1)), ErrorCode::InvalidState);
  EXPECT_THAT(*outbox.discard(1), ElementsAre(1));
}

// --- Sending little

TEST_F(OutboxTest, WritesOfOneRecordThatFollowEachOtherAreSentAsOne) {
  rename("p", "A");
  fixture.clock.now += 1;
  rename("p", "B");
  fixture.clock.now += 1;
  rename("p", "C");
  rename("q", "Other");
  rename("p", "D");
  const auto stamps = *replica.queue();
  const auto batch = prepare();
  ASSERT_EQ(batch.size(), 3U);
  EXPECT_EQ(
      batch[0].body,
      R"({"ops":[{"op":"update","table":"projects","id":"p","values":{"name":"C"},"base":{"name":"Work"}}]})");
  EXPECT_EQ(batch[0].hlc, stamps[2].hlc);
  EXPECT_THAT(batch[2].body, HasSubstr("\"D\""));
  EXPECT_EQ(queue(), "1 sending, 4 sending, 5 sending");
  EXPECT_EQ(name("p"), "D");
  answer({refusal(batch[0].mid), {.mid = batch[1].mid}, {.mid = batch[2].mid}});
  EXPECT_EQ(name("p"), "D");
}

// A copy of this file may send the first one as it is, or merge other writes into it: the server
// must not take the one for the other.
TEST_F(OutboxTest, WhatBecameOneHasAnIdentityOfItsOwn) {
  rename("p", "A");
  rename("p", "B");
  rename("q", "Alone");
  const auto before = *replica.queue();
  const auto batch = prepare();
  ASSERT_EQ(batch.size(), 2U);
  EXPECT_NE(batch[0].uid, before[0].uid);
  EXPECT_NE(batch[0].uid, before[1].uid);
  EXPECT_EQ(batch[1].uid, before[2].uid);
  EXPECT_EQ(prepare()[0].uid, batch[0].uid);
}

TEST_F(OutboxTest, ANewRecordIsSentAsItBecame) {
  create("n", "Draft");
  rename("n", "New");
  const auto batch = prepare();
  ASSERT_EQ(batch.size(), 1U);
  EXPECT_EQ(batch[0].body,
            R"({"ops":[{"op":"insert","table":"projects","id":"n","values":{"name":"New"}}]})");
  const auto record = **database.find("projects", "n");
  EXPECT_EQ(record.status, "created");
  EXPECT_EQ(record.changed, "");
}

TEST_F(OutboxTest, EachWriteCanBeUndoneByItselfUntilItIsSent) {
  rename("p", "A");
  rename("p", "B");
  ASSERT_TRUE(outbox.undo_last().ok());
  EXPECT_EQ(name("p"), "A");
}

TEST_F(OutboxTest, OneThatMayBeOnTheServerIsLeftAsItIs) {
  rename("p", "A");
  prepare();
  rename("p", "B");
  EXPECT_EQ(prepare().size(), 2U);
  // The new identity does not change that: the server may have them under the old one.
  ASSERT_TRUE(replica.fork().ok());
  EXPECT_EQ(prepare().size(), 2U);
}

TEST_F(OutboxTest, ATransactionOfSeveralRecordsStaysOne) {
  rename("p", "A");
  write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.update("projects", "p", {{"name", "B"}}));
    CONVOY_CHECK_OK(writer.update("projects", "q", {{"name", "B"}}));
    return ok_status();
  });
  rename("p", "C");
  EXPECT_EQ(prepare().size(), 3U);
}

// --- Poison

TEST_F(OutboxTest, TheNumberOfWhatTheServerNeverCountedIsTakenBack) {
  rename("p", "Poison");
  rename("q", "Good");
  const auto first = prepare();
  ASSERT_EQ(first.size(), 2U);
  auto poison = refusal(first[0].mid, "22P02");
  poison.is_counted = false;
  answer({poison});
  EXPECT_EQ(queue(), "1 parked, 2 pending");
  EXPECT_EQ(replica.load()->mid_assigned, 0);
  const auto again = prepare();
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].mid, 1);
}

}  // namespace
}  // namespace convoy::store
