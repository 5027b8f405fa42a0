// Every bound of a query: what is allowed SQLite takes, what is more is refused before it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "query/test_database.h"

namespace convoy::query {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;

struct LimitsTest : ::testing::Test {
  void expect_invalid(const Query& query, const std::string& message) {
    const auto error = database.error(query);
    EXPECT_EQ(error.code, ErrorCode::InvalidQuery);
    EXPECT_THAT(error.message, HasSubstr(message));
  }

  testing::TestDatabase database{testing::task_schema()};
};

// `depth` conditions, one within another.
Condition nested(int depth, Condition (*wrap)(std::vector<Condition>)) {
  auto condition = where("rank", eq(1));
  for (int i = 1; i < depth; ++i) condition = wrap({where("rank", gt(i)), std::move(condition)});
  return condition;
}

TEST_F(LimitsTest, Depth) {
  for (const auto& wrap : {any_of, all_of}) {
    EXPECT_TRUE(database.find(from("tasks").where(nested(limits::kQueryDepthMax, wrap))).ok());
    expect_invalid(from("tasks").where(nested(limits::kQueryDepthMax + 1, wrap)),
                   "conditions are nested more than 32 deep");
  }
}

TEST_F(LimitsTest, DepthOfRelations) {
  const auto parent = [](std::vector<Condition> inner) {
    return on("tasks", std::move(inner), "->parent_id");
  };
  const auto children = [](std::vector<Condition> inner) {
    return on("tasks", std::move(inner), "<-parent_id");
  };
  for (Condition (*wrap)(std::vector<Condition>) : {+parent, +children}) {
    constexpr int kMost = limits::kQueryRelationDepthMax + 1;  // The innermost condition is none.
    EXPECT_TRUE(database.find(from("tasks").where(nested(kMost, wrap))).ok());
    expect_invalid(from("tasks").where(nested(kMost + 1, wrap)), "on() is nested more than 12");
  }
}

TEST_F(LimitsTest, Conditions) {
  const auto many = [](std::size_t count) {
    return std::vector<Condition>(count, where("title", includes("x")));
  };
  for (const auto& wrap : {all_of, any_of}) {
    EXPECT_TRUE(
        database.find(from("tasks").where(wrap(many(limits::kQueryConditionsMax - 1)))).ok());
    expect_invalid(from("tasks").where(wrap(many(limits::kQueryConditionsMax))),
                   "more than 1000 conditions");
  }
  Query query = from("tasks");
  query.conditions = many(limits::kQueryConditionsMax);
  EXPECT_TRUE(database.find(query).ok());
  expect_invalid(query.where("rank", eq(1)), "more than 1000 conditions");
}

// `width` conditions on each of as many levels as are allowed, `relations` of which lead elsewhere.
Condition largest(bool relations_outside) {
  constexpr auto kWidth = limits::kQueryConditionsMax / limits::kQueryDepthMax - 1;
  auto condition = where("rank", eq(column("due")));
  for (int i = 1; i < limits::kQueryDepthMax; ++i) {
    std::vector<Condition> inner(kWidth, where("rank", weak_gt(column("due"))));
    inner.insert(inner.begin(), std::move(condition));
    const int from_outside = limits::kQueryDepthMax - 1 - i;
    const bool is_relation = relations_outside ? from_outside < limits::kQueryRelationDepthMax
                                               : i <= limits::kQueryRelationDepthMax;
    condition = !is_relation
                    ? i % 2 == 0 ? any_of(std::move(inner)) : all_of(std::move(inner))
                    : on("tasks", std::move(inner), i % 2 == 0 ? "->parent_id" : "<-parent_id");
  }
  return condition;
}

TEST_F(LimitsTest, AllOfThemAtOnce) {
  for (const bool relations_outside : {true, false}) {
    const auto found = database.find(from("tasks").where(largest(relations_outside)));
    EXPECT_TRUE(found.ok()) << (found.ok() ? "" : found.error().message);
  }
}

TEST_F(LimitsTest, Arguments) {
  std::vector<Value> values;
  for (std::size_t i = 0; i < limits::kQueryArgumentsMax - 1; ++i) {
    values.emplace_back(static_cast<double>(i) + 0.5);
  }
  EXPECT_TRUE(database.find(from("tasks").where("rank", one_of(values))).ok());
  expect_invalid(from("tasks").where("rank", one_of(values)).where("rank", eq(1)),
                 "more than 30000 arguments");
}

TEST_F(LimitsTest, LongListsOfWholeNumbersAndTexts) {
  std::vector<Value> values;
  for (int i = 0; i < 100'000; ++i) values.emplace_back(std::to_string(i));
  EXPECT_TRUE(database.find(from("tasks").where("title", one_of(values))).ok());
}

TEST_F(LimitsTest, Patterns) {
  database.execute("insert into tasks (id, title) values ('a', 'x')");
  const std::string longest(limits::kLikePatternBytesMax, 'x');
  EXPECT_TRUE(database.find(from("tasks").where("title", like(longest))).ok());
  EXPECT_TRUE(database.find(from("tasks").where("title", includes(longest + "x"))).ok());
  expect_invalid(from("tasks").where("title", like(longest + "x")), "tasks.title");
  expect_invalid(from("tasks").where("title", not_like(longest + "x")), "50001 bytes");
}

TEST_F(LimitsTest, OrderTerms) {
  auto query = from("tasks");
  for (int i = 0; i < 5000; ++i) query.order.push_back(i % 2 == 0 ? asc("rank") : desc("title"));
  EXPECT_TRUE(database.find(query).ok());
}

TEST_F(LimitsTest, Words) {
  std::string words;
  for (std::size_t i = 0; i < limits::kSearchWordsMax; ++i) words += "w" + std::to_string(i) + " ";
  EXPECT_TRUE(database.find(from("tasks").search(words)).ok());
  expect_invalid(from("tasks").search(words + "\"one phrase more\""), "more than 250 words");
}

}  // namespace
}  // namespace convoy::query
