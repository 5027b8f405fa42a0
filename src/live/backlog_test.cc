#include "live/backlog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"

namespace convoy::live {
namespace {

std::shared_ptr<const store::Commit> commit(std::uint64_t number, const std::string& table,
                                            std::size_t rows) {
  auto commit = std::make_shared<store::Commit>();
  commit->number = number;
  commit->tables.push_back({.name = table, .rows = std::vector<store::RowChange>(rows)});
  return commit;
}

TEST(Backlog, KeepsCommitsInTheirOrder) {
  Backlog backlog;
  backlog.add(commit(1, "a", limits::kBacklogRowsMax / 2));
  backlog.add(commit(2, "b", limits::kBacklogRowsMax / 2 - 2));
  const auto taken = backlog.take();
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_EQ(taken[0]->number, 1U);
  EXPECT_EQ(taken[1]->number, 2U);
  EXPECT_TRUE(backlog.take().empty());
}

TEST(Backlog, ForgetsRowsBeyondTheLimitButNotWhatWasTouched) {
  Backlog backlog;
  auto foreign = std::make_shared<store::Commit>();
  foreign->number = 1;
  foreign->is_foreign = true;
  backlog.add(foreign);
  backlog.add(commit(2, "a", limits::kBacklogRowsMax / 2));
  backlog.add(commit(3, "b", limits::kBacklogRowsMax / 2));
  backlog.add(commit(4, "a", 1));
  const auto taken = backlog.take();
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_EQ(taken[0]->number, 3U);
  EXPECT_TRUE(taken[0]->is_foreign);
  ASSERT_EQ(taken[0]->tables.size(), 2U);
  for (const auto& change : taken[0]->tables) {
    EXPECT_FALSE(change.is_complete);
    EXPECT_TRUE(change.rows.empty());
  }
  EXPECT_EQ(taken[1]->number, 4U);
  EXPECT_TRUE(taken[1]->tables[0].is_complete);
  // A commit without rows costs memory, too.
  for (std::size_t i = 0; i < 3 * limits::kBacklogRowsMax; ++i) backlog.add(commit(5 + i, "a", 0));
  EXPECT_LE(backlog.take().size(), limits::kBacklogRowsMax + 1);
}

}  // namespace
}  // namespace convoy::live
