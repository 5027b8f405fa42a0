// Queries as SQL text and arguments.
#include "query/compile.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "query/test_database.h"

namespace convoy::query {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;

const Schema kSchema = testing::task_schema();

const Table kNotes{.name = "notes", .columns = {{.name = "title"}, {.name = "rank"}}};
constexpr auto kSelect =
    R"(select "notes"."id", "notes"."_status", "notes"."_changed", "notes"."title", "notes"."rank" from "notes")";
constexpr auto kAlive = R"("notes"."_status" is not 'deleted')";

Compiled compiled(const Query& query, Select select = Select::Rows) {
  auto result = compile(kSchema, kNotes, query, select);
  EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().message);
  return result.ok() ? *result : Compiled{};
}

Error error_of(const Query& query, Select select = Select::Rows) {
  const auto result = compile(kSchema, kNotes, query, select);
  return result.ok() ? Error{.code = ErrorCode{}} : result.error();
}

TEST(Compile, HidesDeletedRecordsLast) {
  EXPECT_EQ(compiled(from("notes")).sql, kSelect + " where "s + kAlive);
  const auto query = compiled(from("notes").where("title", eq("x")).where("rank", gt(1)));
  EXPECT_EQ(query.sql,
            kSelect + R"( where "notes"."title" is ? and "notes"."rank" > ? and )"s + kAlive);
  EXPECT_EQ(query.args, (std::vector<Value>{"x"s, 1.0}));
}

TEST(Compile, WritesEveryOperator) {
  const std::pair<Comparison, const char*> cases[] = {
      {eq(nullptr), R"("notes"."title" is ?)"},
      {neq("a"), R"("notes"."title" is not ?)"},
      {gt("a"), R"("notes"."title" > ?)"},
      {weak_gt("a"), R"("notes"."title" > ?)"},
      {gte("a"), R"("notes"."title" >= ?)"},
      {lt("a"), R"("notes"."title" < ?)"},
      {lte("a"), R"("notes"."title" <= ?)"},
      {eq(column("rank")), R"("notes"."title" is "notes"."rank")"},
      {lte(column("id")), R"("notes"."title" <= "notes"."id")"},
      {weak_gt(column("rank")),
       R"(("notes"."title" > "notes"."rank" or ("notes"."title" is not null and "notes"."rank" is null)))"},
      {between(1, 2), R"("notes"."title" between ? and ?)"},
      {one_of({"a"s, "b"s}), R"("notes"."title" in (?, ?))"},
      {not_in({}), R"("notes"."title" not in ())"},
      {like("a%"), R"("notes"."title" like ?)"},
      {like("a!%", '!'), R"("notes"."title" like ? escape '!')"},
      {not_like("a%"), R"("notes"."title" not like ?)"},
      {not_like("a%", '\''), R"("notes"."title" not like ? escape '''')"},
      {includes("a"), R"(instr("notes"."title", ?) > 0)"},
  };
  for (const auto& [comparison, sql] : cases) {
    EXPECT_EQ(compiled(from("notes").where("title", comparison)).sql,
              kSelect + " where "s + sql + " and " + kAlive);
  }
}

TEST(Compile, NestsConditions) {
  const auto query = compiled(
      from("notes")
          .where(any_of({where("title", eq("a")),
                         all_of({where("rank", gt(1)), where("rank", lt(5)), any_of({})})}))
          .where(all_of({})));
  EXPECT_EQ(
      query.sql,
      kSelect + " where 1 and "s + kAlive +
          R"( and ("notes"."title" is ? or ("notes"."rank" > ? and "notes"."rank" < ? and 0)))");
  EXPECT_EQ(query.args, (std::vector<Value>{"a"s, 1.0, 5.0}));
}

TEST(Compile, BreaksTiesById) {
  const auto where = kSelect + " where "s + kAlive;
  EXPECT_EQ(compiled(from("notes").order_by(desc("rank"))).sql,
            where + R"( order by "notes"."rank" desc, "notes"."id" asc)");
  EXPECT_EQ(compiled(from("notes").order_by(asc("rank")).order_by(desc("id"))).sql,
            where + R"( order by "notes"."rank" asc, "notes"."id" desc)");
  EXPECT_EQ(compiled(from("notes").take(0)).sql, where + R"( order by "notes"."id" asc limit 0)");
  EXPECT_EQ(compiled(from("notes").skip(2)).sql,
            where + R"( order by "notes"."id" asc limit -1 offset 2)");
}

TEST(Compile, OrdersByWhatDecides) {
  const auto where = kSelect + " where "s + kAlive;
  const auto twice = from("notes").order_by(asc("rank")).order_by(desc("rank"));
  EXPECT_EQ(compiled(twice).sql, where + R"( order by "notes"."rank" asc, "notes"."id" asc)");
  const auto after_id = from("notes").order_by(desc("id")).order_by(desc("rank"));
  EXPECT_EQ(compiled(after_id).sql, where + R"( order by "notes"."id" desc)");
  EXPECT_EQ(compiled(from("notes").order_by(asc("_status")).order_by(asc("_changed"))).sql,
            where + R"( order by "notes"."_status" asc, "notes"."_changed" asc, "notes"."id" asc)");
}

TEST(Compile, CountsWhatWouldBeFound) {
  EXPECT_EQ(compiled(from("notes").order_by(asc("rank")), Select::Count).sql,
            R"(select count(*) from "notes" where )"s + kAlive);
  EXPECT_EQ(compiled(from("notes").take(3), Select::Count).sql,
            R"(select count(*) from (select 1 from "notes" where )"s + kAlive + " limit 3)");
}

TEST(Compile, SendsLongListsAsOneArgument) {
  std::vector<Value> values{"a\"b"s, true};
  for (int i = 0; i < 100; ++i) values.emplace_back(static_cast<double>(i));
  const auto query = compiled(from("notes").where("title", one_of(values)));
  ASSERT_EQ(query.args.size(), 1U);
  EXPECT_EQ(std::get<std::string>(query.args[0]).substr(0, 16), R"(["a\"b",1,0,1,2,)");
}

TEST(Compile, SendsNumbersThatTextWouldNotKeepOneByOne) {
  std::vector<Value> values(100, Value(7.0));
  values.insert(values.end(), {0.1, 1e300, std::numeric_limits<double>::infinity()});
  const auto query = compiled(from("notes").where("rank", not_in(values)));
  EXPECT_THAT(
      query.sql,
      HasSubstr(
          R"(("notes"."rank" not in (select value from json_each(?)) and "notes"."rank" not in (?, ?, ?)))"));
  ASSERT_EQ(query.args.size(), 4U);
  EXPECT_EQ(query.args[3], Value(std::numeric_limits<double>::infinity()));
}

TEST(Compile, TakesAWholeStatement) {
  const auto query = from_sql("notes", "select * from notes where rank > ?; -- all of them", {1.0});
  EXPECT_EQ(
      compiled(query).sql,
      R"(select "id", "_status", "_changed", "title", "rank" from (select * from notes where rank > ?))");
  EXPECT_EQ(compiled(query, Select::Count).sql,
            "select count(*) from (" + compiled(query).sql + ")");
  EXPECT_EQ(compiled(query).args, (std::vector<Value>{1.0}));
}

TEST(Compile, TakesAStatementAlone) {
  const auto statement = from_sql("notes", "select * from notes");
  for (const auto& query : {statement.where("rank", eq(1)), statement.order_by(asc("rank")),
                            statement.take(1), statement.skip(1)}) {
    EXPECT_EQ(error_of(query).code, ErrorCode::InvalidQuery);
  }
  EXPECT_EQ(error_of(from_sql("notes", "select 1; select 2")).code, ErrorCode::InvalidQuery);
  EXPECT_EQ(error_of(from_sql("notes", "select ?")).code, ErrorCode::InvalidQuery);
}

TEST(Compile, NamesTheNearestColumn) {
  const auto error = error_of(from("notes").where("titel", eq("x")));
  EXPECT_EQ(error.code, ErrorCode::UnknownColumn);
  EXPECT_EQ(error.hint, "Did you mean \"title\"?");
  EXPECT_EQ(error_of(from("notes").where("rank", eq(column("titel")))).code,
            ErrorCode::UnknownColumn);
  EXPECT_EQ(error_of(from("notes").where(any_of({where("x", eq(1))}))).code,
            ErrorCode::UnknownColumn);
  EXPECT_EQ(error_of(from("notes").order_by(asc("a\" desc; drop table x"))).code,
            ErrorCode::UnknownColumn);
  EXPECT_EQ(error_of(from("notes").order_by(asc("x")), Select::Count).code,
            ErrorCode::UnknownColumn);
}

TEST(Compile, RefusesComparisonsThatMakeNoSense) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  const Comparison cases[] = {
      gt(kNan),
      between(0, kNan),
      one_of({Null{}}),
      one_of({kNan}),
      one_of(std::vector<Value>(100, Value(kNan))),
      {.op = Operator::Eq},
      {.op = Operator::Eq, .values = {1.0, 2.0}},
      {.op = Operator::Eq, .values = {1.0}, .column = "title"},
      {.op = Operator::Eq, .values = {1.0}, .escape = '!'},
      {.op = Operator::Between, .values = {1.0}},
      {.op = Operator::Between, .values = {"a"s, "b"s}},
      {.op = Operator::Like, .values = {1.0}},
      {.op = Operator::Like, .column = "title"},
      {.op = Operator::OneOf, .column = "title"},
      {.op = Operator::Includes, .values = {}},
      {.op = Operator::Includes, .values = {"a"s}, .escape = '!'},
      {.op = static_cast<Operator>(99), .values = {1.0}},
      like("a", '\xC3'),
  };
  for (const auto& comparison : cases) {
    const auto error = error_of(from("notes").where("rank", comparison));
    EXPECT_EQ(error.code, ErrorCode::InvalidQuery) << static_cast<int>(comparison.op);
    EXPECT_THAT(error.message, HasSubstr("notes.rank"));
  }
  EXPECT_EQ(error_of(from("notes").where("rank", lt(std::numeric_limits<double>::infinity()))).code,
            ErrorCode{});
}

TEST(Compile, RefusesTextThatCanNotBeStored) {
  const std::vector<Value> many(100, Value("a\0b"s));
  for (const auto& comparison :
       {eq("\xFF"), eq("a\0b"s), like("\xED\xA0\x80"), one_of({"\xFF"s}), one_of(many)}) {
    const auto error = error_of(from("notes").where("title", comparison));
    EXPECT_EQ(error.code, ErrorCode::InvalidText);
    EXPECT_THAT(error.message, HasSubstr("notes.title"));
  }
  EXPECT_EQ(error_of(from("notes").where(sql_expression("title = ?", {"\xFF"s}))).code,
            ErrorCode::InvalidText);
}

TEST(Compile, RefusesNegativeCounts) {
  EXPECT_EQ(error_of(from("notes").take(-1)).code, ErrorCode::InvalidQuery);
  EXPECT_EQ(error_of(from("notes").skip(-1)).code, ErrorCode::InvalidQuery);
}

TEST(Compile, KnowsTheColumnsThatEveryTableHas) {
  EXPECT_EQ(error_of(from("notes")
                         .where("id", eq("x"))
                         .where("_status", eq("created"))
                         .where("_changed", eq("")))
                .code,
            ErrorCode{});
}

}  // namespace
}  // namespace convoy::query
