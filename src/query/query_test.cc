// The builders, and what patterns they make.
#include "convoy/query.h"

#include <gtest/gtest.h>

namespace convoy {
namespace {

TEST(Query, GrowsFromATemporaryOrACopy) {
  const auto all = from("tasks");
  const auto some = all.where("rank", gt(1)).where(any_of({})).on("projects", {}).search("x");
  const auto page = some.order_by(asc("rank")).take(5).skip(10);
  EXPECT_TRUE(all.conditions.empty());
  EXPECT_EQ(some.conditions.size(), 4U);
  EXPECT_FALSE(some.limit);
  EXPECT_EQ(page.table, "tasks");
  EXPECT_EQ(page.conditions.size(), 4U);
  EXPECT_EQ(page.order.size(), 1U);
  EXPECT_EQ(page.limit, 5);
  EXPECT_EQ(page.offset, 10);
}

TEST(Query, TakesValuesAsTheyAreWritten) {
  using namespace std::string_literals;
  EXPECT_EQ(eq(1).values.front(), Value(1.0));
  EXPECT_EQ(eq(2.5F).values.front(), Value(2.5));
  EXPECT_EQ(eq(std::size_t{3}).values.front(), Value(3.0));
  EXPECT_EQ(eq(true).values.front(), Value(true));
  EXPECT_EQ(eq("a").values.front(), Value("a"s));
  EXPECT_EQ(eq(std::string_view("a")).values.front(), Value("a"s));
  EXPECT_EQ(eq(nullptr).values.front(), Value(Null{}));
  EXPECT_EQ(eq(Null{}).values.front(), Value(Null{}));
  EXPECT_EQ(eq(Value("a"s)).values.front(), Value("a"s));
  EXPECT_EQ(gt(column("b")).column, "b");
  EXPECT_TRUE(gt(column("b")).values.empty());
  EXPECT_EQ(one_of({"a", "b"}).values, (std::vector<Value>{"a"s, "b"s}));
}

TEST(Query, SanitizesPatternsByCharacter) {
  EXPECT_EQ(sanitize_like("50% a_b"), "50__a_b");
  EXPECT_EQ(sanitize_like("Zoë😀!"), "Zo___");
  EXPECT_EQ(sanitize_like(""), "");
}

TEST(Query, EscapesPatterns) {
  EXPECT_EQ(escape_like("50%_\\a"), "50\\%\\_\\\\a");
  EXPECT_EQ(escape_like("50%!", '!'), "50!%!!");
  const auto begins = starts_with("5%");
  EXPECT_EQ(begins.op, Operator::Like);
  EXPECT_EQ(begins.values.front(), Value(std::string("5\\%%")));
  EXPECT_EQ(begins.escape, '\\');
}

}  // namespace
}  // namespace convoy
