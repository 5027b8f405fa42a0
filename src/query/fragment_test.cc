// SQL of the caller's stays within its parentheses.
#include "query/fragment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "query/test_database.h"

namespace convoy::query {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

ErrorCode error_of(std::string_view sql, FragmentKind kind = FragmentKind::Expression) {
  const auto info = inspect_fragment(sql, kind, "it");
  return info.ok() ? ErrorCode{} : info.error().code;
}

TEST(Fragment, CountsArgumentsOutsideOfQuotes) {
  const auto info =
      inspect_fragment(R"( a = ? and 'it''s ?' <> "?" and [?] in (?, `?`) and b$ = 1)",
                       FragmentKind::Expression, "it");
  EXPECT_FALSE(info.ok()) << "$ begins the name of an argument";
  const auto count = [](std::string_view sql) {
    return inspect_fragment(sql, FragmentKind::Expression, "it")->parameters;
  };
  EXPECT_EQ(count(R"( a = ? and 'it''s ?' <> "?" and [?] in (?, `?`))"), 2U);
  EXPECT_EQ(count("x'00' < ?"), 1U);
  EXPECT_EQ(count("1"), 0U);
}

TEST(Fragment, RefusesWhatReachesBeyondParentheses) {
  for (const std::string_view sql :
       {"1) or (1", "(1", "1))((1", "'a", "\"a", "`a", "[a", "'a''", "1 -- x", "1 /* x */",
        "1 /* x", "1; drop table tasks", "1;", "", "  ", ")"}) {
    EXPECT_EQ(error_of(sql), ErrorCode::InvalidQuery) << sql;
  }
  EXPECT_EQ(error_of("a\0b"s), ErrorCode::InvalidText);
  EXPECT_EQ(error_of("'\xFF'"), ErrorCode::InvalidText);
  for (const std::string_view sql :
       {"')' = '('", "\"(\" = 1", "1 - 2 / 3 * 4", "a->>'$.x' = '--'"}) {
    EXPECT_EQ(error_of(sql), ErrorCode{}) << sql;
  }
}

TEST(Fragment, RefusesArgumentsWithNames) {
  for (const std::string_view sql :
       {"a = ?1", "a = :a", "a = @a", "a = $a", "a = ?1 + ?", "a = #1"}) {
    const auto info = inspect_fragment(sql, FragmentKind::Expression, "it");
    ASSERT_FALSE(info.ok()) << sql;
    EXPECT_THAT(info.error().hint, HasSubstr("plain ?"));
  }
}

TEST(Fragment, TakesAStatementWithCommentsAndOneSemicolon) {
  const auto sql = [](std::string_view text) {
    const auto info = inspect_fragment(text, FragmentKind::Statement, "it");
    return info.ok() ? std::string(info->sql) : "refused: " + info.error().message;
  };
  EXPECT_EQ(sql("select 1"), "select 1");
  EXPECT_EQ(sql(" -- first\n select 1 ; -- last"), "select 1");
  EXPECT_EQ(sql("/* a; ( */ select 1 -- b '\n , 2 /* ' */;"), "select 1 -- b '\n , 2");
  EXPECT_EQ(sql("select 1; select 2"), "refused: it is more than one statement");
  EXPECT_EQ(sql("select 1;;"), "refused: it is more than one statement");
  EXPECT_EQ(sql("select (1;)"), "refused: it has a ;");
  EXPECT_EQ(sql("select 1 /* open"), "refused: it has an open comment");
  EXPECT_EQ(sql("-- nothing"), "refused: it is empty");
  EXPECT_EQ(sql(";"), "refused: it is empty");
  EXPECT_EQ(sql("select 1) union select (2"), "refused: it has a ) that closes nothing");
}

struct FragmentTest : ::testing::Test {
  void SetUp() override {
    database.execute(
        "insert into tasks (id, _status, title, rank) values ('a', 'synced', 'x', 1), "
        "('b', 'synced', 'y', 2), ('gone', 'deleted', 'x', 1)");
  }

  testing::TestDatabase database{testing::task_schema()};
};

TEST_F(FragmentTest, NeverShowsDeletedRecords) {
  EXPECT_THAT(database.ids(from("tasks").where(sql_expression("title = 'x' or 1"))),
              ElementsAre("a", "b"));
  EXPECT_THAT(
      database.ids(from("tasks").where(any_of({sql_expression("1"), where("rank", eq(1))}))),
      ElementsAre("a", "b"));
}

TEST_F(FragmentTest, TakesArgumentsAndQualifiedNames) {
  const auto query = from("tasks")
                         .where("rank", lt(9))
                         .where(sql_expression("\"tasks\".rank * ? = ?", {3.0, 6.0}))
                         .where("title", eq("y"));
  EXPECT_THAT(database.ids(query), ElementsAre("b"));
  EXPECT_EQ(database.error(from("tasks").where(sql_expression("rank = ?"))).code,
            ErrorCode::InvalidQuery);
  EXPECT_EQ(database.error(from("tasks").where(sql_expression("rank = 1", {1.0}))).code,
            ErrorCode::InvalidQuery);
}

TEST_F(FragmentTest, MistakesInItAreInvalid) {
  for (const char* sql : {"nope = 1", "rank =", "\"no such\" = 1", "count(*) > 0", "1, 2",
                          "select 1, 2", "rank = 1 union select 1"}) {
    EXPECT_EQ(database.error(from("tasks").where(sql_expression(sql))).code,
              ErrorCode::InvalidQuery)
        << sql;
  }
}

TEST_F(FragmentTest, AStatementGivesTheColumnsByName) {
  const auto query = from_sql(
      "tasks", "select t.*, 1 as extra from tasks t where t._status is not 'deleted' and rank >= ?",
      {2.0});
  EXPECT_THAT(database.ids(query), ElementsAre("b"));
  EXPECT_EQ(database.error(from_sql("tasks", "select id from tasks")).code,
            ErrorCode::InvalidQuery);
  for (const char* sql : {"delete from tasks", "insert into tasks (id) values ('z')",
                          "delete from tasks returning *", "pragma user_version = 3", "vacuum"}) {
    EXPECT_EQ(database.error(from_sql("tasks", sql)).code, ErrorCode::InvalidQuery) << sql;
  }
  EXPECT_EQ(*database.connection().integer("select count(*) from tasks"), 3);
}

}  // namespace
}  // namespace convoy::query
