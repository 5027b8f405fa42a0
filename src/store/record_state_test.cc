// How a record stands, one by one and in a select.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/test_sync.h"

namespace convoy::store {
namespace {

using testing::code_of;
using testing::SyncTest;

struct RecordStateTest : SyncTest {
  RecordStateTest() { pull(projects({"p", "q"}, "Work")); }

  RecordState state(const std::string& id) { return *database.record_state("projects", id); }
};

TEST_F(RecordStateTest, GoesThroughAMutationsLife) {
  EXPECT_EQ(state("p"), RecordState::Synced);
  rename("p", "Mine");
  EXPECT_EQ(state("p"), RecordState::Pending);
  prepare();
  EXPECT_EQ(state("p"), RecordState::Sending);
  answer({{.mid = 1}});
  EXPECT_EQ(state("p"), RecordState::Sending);
  auto page = projects({"p"}, "Mine");
  page.acknowledged = 1;
  pull(page);
  EXPECT_EQ(state("p"), RecordState::Synced);
}

TEST_F(RecordStateTest, TheMostPressingComesFirst) {
  rename("p", "Bad");
  prepare();
  answer({refusal(1)});
  EXPECT_EQ(state("p"), RecordState::Parked);
  rename("p", "Good");
  EXPECT_EQ(state("p"), RecordState::Parked);
  ASSERT_TRUE(outbox.discard(1).ok());
  EXPECT_EQ(state("p"), RecordState::Pending);
  prepare();
  answer({{.mid = 2,
           .kind = schema::Outcome::Kind::Merged,
           .conflicts = {conflict("Good", "Theirs", "manual")}}});
  EXPECT_EQ(state("p"), RecordState::Conflict);
  CONVOY_ASSERT_OK(log.resolve(1, Resolution::Theirs));
  EXPECT_EQ(state("p"), RecordState::Sending) << "the change before is not confirmed yet";
}

TEST_F(RecordStateTest, IsAViewToJoin) {
  rename("p", "Mine");
  const auto rows = *database.select(
      "select p.id, coalesce(s.state, 'synced') as state from projects p left join "
      "convoy_record_state s on s.table_name = 'projects' and s.id = p.id order by p.id");
  EXPECT_EQ(rows.rows, (std::vector<std::vector<Value>>{{"p", "pending"}, {"q", "synced"}}));
}

TEST_F(RecordStateTest, KnowsTheTables) {
  EXPECT_EQ(code_of(database.record_state("project", "p")), ErrorCode::UnknownTable);
  EXPECT_EQ(state("nobody"), RecordState::Synced);
}

}  // namespace
}  // namespace convoy::store
