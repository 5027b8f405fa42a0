// A long offline session goes out with work in proportion to it. What is counted is what SQLite's
// machine does, not time.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "store/database_impl.h"
#include "store/test_sync.h"

namespace convoy::store {
namespace {

using testing::Fixture;
using testing::page_of;
using testing::TemporaryFolder;

enum class Answers { Good, Refused };

// What SQLite's machine has done so far for the writing connection.
std::int64_t steps_of(Database& database) {
  const auto steps = database.impl().write(
      [](sql::Connection& connection) { return Result<std::int64_t>(connection.machine_steps()); });
  return steps.ok() ? *steps : 0;
}

// The work for the whole life of `count` mutations on `rows` records, in batches.
std::int64_t drain(int count, int rows, Answers answers, const std::string& path = ":memory:") {
  Fixture fixture;
  auto database = fixture.open(path);
  Replica replica(database);
  std::vector<std::string> ids;
  for (int i = 0; i < rows; ++i) ids.push_back("p" + std::to_string(i));
  EXPECT_TRUE(replica
                  .apply_page(page_of("s", 1, "projects", {"name"}, ids,
                                      std::vector<base::Json::Array>(ids.size(), {"Work"})))
                  .ok());
  for (int i = 0; i < count; ++i) {
    EXPECT_TRUE(database
                    .write([&](Writer& writer) -> Status {
                      CONVOY_CHECK_OK(writer.update("projects",
                                                    ids[static_cast<std::size_t>(i % rows)],
                                                    {{"name", std::to_string(i)}}));
                      return ok_status();
                    })
                    .ok());
  }
  const auto before = steps_of(database);
  std::int64_t sent = 0;
  std::int64_t last = 0;
  for (;;) {
    const auto batch = *replica.prepare_push(limits::kPushMutationsMax, limits::kPushBytesMax);
    if (batch.empty()) break;
    std::vector<schema::Outcome> outcomes;
    for (const auto& mutation : batch) {
      outcomes.push_back({.mid = mutation.mid});
      if (answers == Answers::Refused) {
        outcomes.back().kind = schema::Outcome::Kind::Rejected;
        outcomes.back().code = "23514";
      }
    }
    sent += static_cast<std::int64_t>(batch.size());
    last = batch.back().mid;
    EXPECT_TRUE(replica.apply_outcomes(outcomes).ok());
  }
  schema::PageCommit page;
  page.acknowledged = last;
  EXPECT_TRUE(replica.apply_page(page).ok());
  EXPECT_EQ(sent, rows == 1 ? 1 : count);
  const auto left = *replica.counts();
  EXPECT_EQ(left.pending, 0);
  EXPECT_EQ(left.parked, answers == Answers::Refused ? sent : 0);
  return steps_of(database) - before;
}

// Twice as many may take a little more than twice the work, for the depth of the trees; quadratic
// work would take four times.
void expect_proportional(int rows_of_small, int rows_of_large, Answers answers) {
  const auto small = drain(1000, rows_of_small, answers);
  const auto large = drain(2000, rows_of_large, answers);
  EXPECT_GT(small, 0);
  EXPECT_LT(large, small * 5 / 2) << small << " and " << large;
}

TEST(Drain, OfAsManyRecords) { expect_proportional(1000, 2000, Answers::Good); }

TEST(Drain, OfAFewRecordsInTurn) { expect_proportional(500, 500, Answers::Good); }

TEST(Drain, OfOneRecord) { expect_proportional(1, 1, Answers::Good); }

TEST(Drain, OfWhatIsAllRefused) { expect_proportional(1000, 2000, Answers::Refused); }

// Run by the test store.slow.
TEST(Drain, DISABLED_TenThousandMutationsInAFile) {
  const TemporaryFolder folder;
  EXPECT_GT(drain(10'000, 10'000, Answers::Good, folder.file()), 0);
}

}  // namespace
}  // namespace convoy::store
