// The steps from one result to the next, followed by somebody who only knows the header.
#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "live/differences.h"
#include "live/test_support.h"

namespace convoy::live {
namespace {

using ::testing::ElementsAre;
using testing::followed;
using ::testing::IsEmpty;

RecordPointer row(char id, double version = 0) {
  return std::make_shared<const Record>(
      Record{.table = nullptr, .id = {id}, .status = {}, .changed = {}, .values = {version}});
}

Rows rows(const std::string& ids) {
  Rows result;
  for (const char id : ids) result.push_back(row(id));
  return result;
}

std::vector<Difference> steps(const std::string& before, const std::string& after) {
  auto later = rows(after);
  return differences(rows(before), later);
}

Difference removed(std::size_t from) { return {.kind = DifferenceKind::Removed, .from = from}; }

Difference inserted(std::size_t to) { return {.kind = DifferenceKind::Inserted, .to = to}; }

Difference moved(std::size_t from, std::size_t to) {
  return {.kind = DifferenceKind::Moved, .from = from, .to = to};
}

TEST(Differences, AreNoneBetweenEqualRows) {
  EXPECT_THAT(steps("", ""), IsEmpty());
  EXPECT_THAT(steps("abc", "abc"), IsEmpty());
}

TEST(Differences, NameWhatCameWentAndMoved) {
  EXPECT_THAT(steps("", "ab"), ElementsAre(inserted(0), inserted(1)));
  EXPECT_THAT(steps("ab", ""), ElementsAre(removed(0), removed(1)));
  EXPECT_THAT(steps("abcd", "axcd"), ElementsAre(removed(1), inserted(1)));
  EXPECT_THAT(steps("abcde", "aecd"), ElementsAre(removed(1), moved(4, 1)));
}

TEST(Differences, MoveTheFew) {
  EXPECT_THAT(steps("abcdef", "fabcde"), ElementsAre(moved(5, 0)));
  EXPECT_THAT(steps("abcdef", "bcdefa"), ElementsAre(moved(0, 5)));
  EXPECT_THAT(steps("abcdef", "abedcf").size(), 2U);
}

TEST(Differences, OfContentKeepTheOtherObjects) {
  const Rows before{row('a'), row('b'), row('c')};
  Rows after{row('c', 1), row('a'), row('b')};
  EXPECT_THAT(
      differences(before, after),
      ElementsAre(moved(2, 0), Difference{.kind = DifferenceKind::Changed, .from = 2, .to = 0}));
  EXPECT_EQ(after[1], before[0]);
  EXPECT_EQ(after[2], before[1]);
  EXPECT_NE(after[0], before[2]);
}

TEST(Differences, PairARecordThatStandsSeveralTimes) {
  EXPECT_THAT(steps("aba", "aa"), ElementsAre(removed(1)));
  EXPECT_THAT(steps("ab", "aba"), ElementsAre(inserted(2)));
  EXPECT_THAT(steps("aaa", "a"), ElementsAre(removed(1), removed(2)));
}

// Of few ids, so that they meet; a version that changes now and then.
rc::Gen<Rows> some_rows(bool are_unique) {
  return rc::gen::map(rc::gen::container<std::vector<std::pair<int, int>>>(
                          rc::gen::pair(rc::gen::inRange(0, 12), rc::gen::inRange(0, 2))),
                      [are_unique](const std::vector<std::pair<int, int>>& picks) {
                        Rows result;
                        std::string seen;
                        for (const auto& [id, version] : picks) {
                          const char name = static_cast<char>('a' + id);
                          if (are_unique && seen.find(name) != std::string::npos) continue;
                          seen += name;
                          result.push_back(row(name, version));
                        }
                        return result;
                      });
}

// The length of the longest common subsequence of ids, the slow way.
std::size_t common(const Rows& a, const Rows& b) {
  std::vector<std::vector<std::size_t>> best(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < b.size(); ++j) {
      best[i + 1][j + 1] =
          a[i]->id == b[j]->id ? best[i][j] + 1 : std::max(best[i][j + 1], best[i + 1][j]);
    }
  }
  return best[a.size()][b.size()];
}

RC_GTEST_PROP(Differences, FollowedLeadToTheLaterRows, (bool are_unique)) {
  const auto before = *some_rows(are_unique);
  const auto wanted = *some_rows(are_unique);
  auto after = wanted;
  const auto steps = differences(before, after);
  RC_ASSERT(followed(before, after, steps) == after);
  for (std::size_t i = 0; i < after.size(); ++i) RC_ASSERT(*after[i] == *wanted[i]);
}

RC_GTEST_PROP(Differences, AreAsFewAsTheyCanBe, ()) {
  const auto before = *some_rows(true);
  auto after = *some_rows(true);
  const auto steps = differences(before, after);
  const auto count = [&](DifferenceKind kind) {
    return static_cast<std::size_t>(std::ranges::count(steps, kind, &Difference::kind));
  };
  const auto stayed = common(before, after);
  RC_ASSERT(count(DifferenceKind::Moved) + count(DifferenceKind::Removed) ==
            before.size() - stayed);
  RC_ASSERT(count(DifferenceKind::Moved) + count(DifferenceKind::Inserted) ==
            after.size() - stayed);
}

}  // namespace
}  // namespace convoy::live
