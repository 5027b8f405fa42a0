// Conflicts as they are kept, and how open ones are decided.
#include "convoy/conflicts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "store/test_sync.h"

namespace convoy::store {
namespace {

using schema::Outcome;
using testing::bodies;
using testing::code_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::SyncTest;

struct ConflictTest : SyncTest {
  ConflictTest() { pull(projects({"p", "q"}, "Work")); }

  // p's name was written here and elsewhere; the window has not come yet.
  void disagree(const std::string& client, const std::string& server,
                const std::string& rule = "manual") {
    rename("p", client);
    const auto batch = prepare();
    ASSERT_EQ(batch.size(), 1U);
    mid = batch[0].mid;
    answer({{.mid = mid,
             .kind = Outcome::Kind::Merged,
             .conflicts = {conflict(client, server, rule)}}});
  }

  // The window comes with what the server kept.
  void show(const std::string& value) {
    auto page = projects({"p"}, value);
    page.acknowledged = mid;
    pull(page);
  }

  ConflictInfo only() {
    const auto all = log.list();
    EXPECT_EQ(all->size(), 1U);
    return all->empty() ? ConflictInfo{} : all->back();
  }

  std::int64_t mid = 0;
};

TEST_F(ConflictTest, ASettledOneIsHistory) {
  disagree("Mine", "Theirs", "server_wins");
  const auto entry = only();
  EXPECT_EQ(entry.state, ConflictState::Settled);
  EXPECT_EQ(entry.base, "\"Work\"");
  EXPECT_EQ(entry.client, "\"Mine\"");
  EXPECT_EQ(entry.server, "\"Theirs\"");
  EXPECT_EQ(entry.value, "");
  EXPECT_EQ(replica.counts()->conflicts, 1);
  EXPECT_EQ(replica.counts()->conflicts_open, 0);
  const auto refused = log.resolve(entry.number, Resolution::Mine);
  EXPECT_EQ(code_of(refused), ErrorCode::InvalidState);
  EXPECT_EQ(code_of(log.resolve(99, Resolution::Mine)), ErrorCode::NotFound);
  EXPECT_EQ(code_of(log.find(99)), ErrorCode::NotFound);
}

TEST_F(ConflictTest, AMergedOneKeepsWhatItBecame) {
  rename("p", "Mine");
  prepare();
  auto merged = conflict("Mine", "Theirs", "text", "merged");
  merged.value = "Mine and theirs";
  merged.reason = "both changed it";
  answer({{.mid = 1, .kind = Outcome::Kind::Merged, .conflicts = {merged}}});
  EXPECT_EQ(only().kept, "merged");
  EXPECT_EQ(only().value, "\"Mine and theirs\"");
  EXPECT_EQ(only().reason, "both changed it");
  EXPECT_EQ(only().state, ConflictState::Settled);
}

TEST_F(ConflictTest, AnOpenOneBlocksNothing) {
  disagree("Mine", "Theirs");
  EXPECT_EQ(only().state, ConflictState::Open);
  EXPECT_EQ(replica.counts()->conflicts_open, 1);
  rename("q", "Other");
  EXPECT_EQ(prepare().size(), 1U);
  show("Theirs");
  EXPECT_EQ(name("p"), "Theirs");
  EXPECT_EQ(only().state, ConflictState::Open);
}

TEST_F(ConflictTest, MineIsOneOrdinaryWriteOnTheServersValue) {
  disagree("Mine", "Theirs");
  show("Theirs");
  CONVOY_ASSERT_OK(log.resolve(1, Resolution::Mine));
  EXPECT_EQ(name("p"), "Mine");
  EXPECT_THAT(
      bodies(database),
      ElementsAre(
          R"({"ops":[{"op":"update","table":"projects","id":"p","values":{"name":"Mine"},"base":{"name":"Theirs"}}]})"));
  EXPECT_EQ(only().state, ConflictState::Resolved);
  EXPECT_EQ(only().resolution, "mine");
  EXPECT_EQ(only().resolved_at_ms, fixture.clock.now);
}

// The device still shows its own value then: the write must not be taken for no change.
TEST_F(ConflictTest, MineIsSentAlsoBeforeThePullHasShownTheirs) {
  disagree("Mine", "Theirs");
  EXPECT_EQ(name("p"), "Mine");
  CONVOY_ASSERT_OK(log.resolve(1, Resolution::Mine));
  const auto batch = prepare();
  ASSERT_EQ(batch.size(), 1U);
  EXPECT_THAT(batch[0].body, HasSubstr(R"("values":{"name":"Mine"},"base":{"name":"Theirs"})"));
  show("Theirs");
  EXPECT_EQ(name("p"), "Mine");
}

TEST_F(ConflictTest, TheirsWritesNothingThatIsThere) {
  disagree("Mine", "Theirs");
  show("Theirs");
  CONVOY_ASSERT_OK(log.resolve(1, Resolution::Theirs));
  EXPECT_EQ(queue(), "");
  EXPECT_EQ(only().resolution, "theirs");
  EXPECT_EQ(replica.counts()->conflicts_open, 0);
}

TEST_F(ConflictTest, TheirsShowsAtOnce) {
  disagree("Mine", "Theirs");
  CONVOY_ASSERT_OK(log.resolve(1, Resolution::Theirs));
  EXPECT_EQ(name("p"), "Theirs");
}

TEST_F(ConflictTest, TakesAnotherValue) {
  disagree("Mine", "Theirs");
  EXPECT_EQ(code_of(log.resolve(1, 5.0)), ErrorCode::InvalidArgument);
  EXPECT_EQ(only().state, ConflictState::Open);
  CONVOY_ASSERT_OK(log.resolve(1, Value("Both")));
  EXPECT_EQ(name("p"), "Both");
  EXPECT_EQ(only().resolution, "value");
}

TEST_F(ConflictTest, AnyOtherWriteOfTheColumnResolvesIt) {
  disagree("Mine", "Theirs");
  show("Theirs");
  rename("q", "Unconcerned");
  EXPECT_EQ(only().state, ConflictState::Open);
  rename("p", "New");
  EXPECT_EQ(only().state, ConflictState::Resolved);
  EXPECT_EQ(only().resolution, "written");
}

TEST_F(ConflictTest, UndoingTheWriteOpensItAgain) {
  disagree("Mine", "Theirs");
  show("Theirs");
  CONVOY_ASSERT_OK(log.resolve(1, Resolution::Mine));
  ASSERT_TRUE(outbox.undo_last().ok());
  EXPECT_EQ(name("p"), "Theirs");
  EXPECT_EQ(only().state, ConflictState::Open);
  EXPECT_EQ(only().resolution, "");
  EXPECT_FALSE(only().resolved_at_ms.has_value());
}

TEST_F(ConflictTest, AWriteThatIsRefusedOpensItAgain) {
  disagree("Mine", "Theirs");
  show("Theirs");
  CONVOY_ASSERT_OK(log.resolve(1, Resolution::Mine));
  answer({refusal(prepare()[0].mid)});
  EXPECT_EQ(only().state, ConflictState::Open);
}

// Two writes become one before they are sent: what the second had resolved is the first's doing.
TEST_F(ConflictTest, StaysResolvedWhenItsWriteBecomesPartOfAnother) {
  disagree("Mine", "Theirs");
  show("Theirs");
  rename("p", "Draft");
  ASSERT_TRUE(outbox.undo_last().ok());
  CONVOY_ASSERT_OK(log.resolve(1, Resolution::Mine));
  rename("p", "Better");
  const auto batch = prepare();
  ASSERT_EQ(batch.size(), 1U);
  EXPECT_THAT(batch[0].body, HasSubstr(R"("values":{"name":"Better"},"base":{"name":"Theirs"})"));
  EXPECT_EQ(only().state, ConflictState::Resolved);
  answer({refusal(batch[0].mid)});
  EXPECT_EQ(only().state, ConflictState::Open);
}

TEST_F(ConflictTest, ANewerOneTakesThePlaceOfTheOpenOne) {
  disagree("Mine", "Theirs");
  rename("p", "Mine 2");
  prepare();
  answer({{.mid = 2,
           .kind = Outcome::Kind::Merged,
           .conflicts = {conflict("Mine 2", "Theirs 2", "manual")}}});
  // The local write resolved the first; the server says that they still disagree.
  auto open = *log.list({.state = ConflictState::Open});
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(open[0].server, "\"Theirs 2\"");
  prepare();
  answer({});
  // Told of the same column again without a write in between.
  rename("q", "Other");
  prepare();
  answer({{.mid = 3,
           .kind = Outcome::Kind::Merged,
           .conflicts = {conflict("Mine 3", "Theirs 3", "manual")}}});
  const auto replaced = *log.list({.state = ConflictState::Open});
  ASSERT_EQ(replaced.size(), 1U);
  EXPECT_EQ(replaced[0].number, open[0].number);
  EXPECT_EQ(replaced[0].client, "\"Mine 3\"");
  EXPECT_EQ(replaced[0].server, "\"Theirs 3\"");
}

TEST_F(ConflictTest, AnOpenOneFollowsTheServersValue) {
  disagree("Mine", "Theirs");
  show("Theirs");
  show("Newer");
  EXPECT_EQ(only().server, "\"Newer\"");
  CONVOY_ASSERT_OK(log.resolve(1, Resolution::Theirs));
  EXPECT_EQ(name("p"), "Newer");
}

TEST_F(ConflictTest, IsOverWhenTheServerComesToTheSameValue) {
  disagree("Mine", "Theirs");
  show("Mine");
  EXPECT_EQ(only().state, ConflictState::Resolved);
  EXPECT_EQ(only().resolution, "agreed");
}

TEST_F(ConflictTest, IsOverWithTheRecord) {
  disagree("Mine", "Theirs");
  show("Theirs");
  pull(gone("p"));
  EXPECT_EQ(only().state, ConflictState::Resolved);
  EXPECT_EQ(only().resolution, "deleted");
}

TEST_F(ConflictTest, IsOverWithTheScope) {
  disagree("Mine", "Theirs");
  show("Theirs");
  schema::PageCommit page;
  page.scopes_removed = {"s"};
  pull(page);
  EXPECT_EQ(only().resolution, "deleted");
}

TEST_F(ConflictTest, StaysWithARecordThatMovesToAnotherScope) {
  disagree("Mine", "Theirs");
  show("Theirs");
  auto page = gone("p");
  page.scopes_saved.push_back({.id = "t", .visibility = "v", .base = "1:1:", .generation = 1});
  auto moved = projects({"p"}, "Theirs").changes[0];
  moved.scope = "t";
  page.changes.push_back(moved);
  pull(page);
  EXPECT_EQ(only().state, ConflictState::Open);
}

TEST_F(ConflictTest, IsOverWithALocalDeletionUntilThatIsUndone) {
  disagree("Mine", "Theirs");
  show("Theirs");
  write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.mark_deleted("projects", "p"));
    return ok_status();
  });
  EXPECT_EQ(only().resolution, "deleted");
  ASSERT_TRUE(outbox.undo_last().ok());
  EXPECT_EQ(only().state, ConflictState::Open);
}

TEST_F(ConflictTest, FiltersByStateAndRecord) {
  disagree("Mine", "Theirs");
  disagree("Mine 2", "Theirs", "server_wins");
  ASSERT_EQ(log.list()->size(), 2U);
  EXPECT_EQ(log.list({.state = ConflictState::Settled})->size(), 1U);
  EXPECT_EQ(log.list({.table = "projects", .id = "p"})->size(), 2U);
  EXPECT_EQ(log.list({.table = "projects", .id = "q"})->size(), 0U);
  EXPECT_EQ(log.list({.table = "tasks"})->size(), 0U);
  EXPECT_EQ(log.find(2)->rule, "server_wins");
}

TEST_F(ConflictTest, KeepsABoundedHistoryAndEveryOpenOne) {
  disagree("Mine", "Theirs");
  std::vector<schema::Conflict> many(static_cast<std::size_t>(limits::kConflictsKeptMax) + 5,
                                     conflict("Mine", "Theirs", "server_wins"));
  rename("q", "Other");
  prepare();
  answer({{.mid = 2, .kind = Outcome::Kind::Merged, .conflicts = many}});
  EXPECT_EQ(log.list({.state = ConflictState::Settled})->size(),
            static_cast<std::size_t>(limits::kConflictsKeptMax));
  EXPECT_EQ(log.list({.state = ConflictState::Open})->size(), 1U);
}

}  // namespace
}  // namespace convoy::store
