// Queries as SQL text and arguments. What they find is tested with the database.
#include <limits>

#include <gtest/gtest.h>

#include "query/compile.h"

namespace convoy::query {
namespace {

using namespace std::string_literals;

const Table kTasks{.name = "tasks", .columns = {{.name = "title"}, {.name = "rank"}}};
constexpr auto kSelect = R"(select "id", "_status", "_changed", "title", "rank" from "tasks")";

Compiled compiled(const Query& query, Select select = Select::Rows) {
  auto result = compile(kTasks, query, select);
  EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().message);
  return result.ok() ? *result : Compiled{};
}

ErrorCode error_of(const Query& query, Select select = Select::Rows) {
  const auto result = compile(kTasks, query, select);
  return result.ok() ? ErrorCode{} : result.error().code;
}

TEST(Compile, HidesDeletedRecordsLast) {
  EXPECT_EQ(compiled(from("tasks")).sql, kSelect + R"( where "_status" is not 'deleted')"s);
  const auto query = compiled(from("tasks").where("title", eq("x")).where("rank", gt(1.0)));
  EXPECT_EQ(query.sql,
            kSelect + R"( where "title" is ? and "rank" > ? and "_status" is not 'deleted')"s);
  EXPECT_EQ(query.args, (std::vector<Value>{"x"s, 1.0}));
}

TEST(Compile, WritesEveryOperator) {
  const std::pair<Comparison, const char*> cases[] = {
      {eq(Null{}), R"("title" is ?)"},
      {neq("a"), R"("title" is not ?)"},
      {gt("a"), R"("title" > ?)"},
      {gte("a"), R"("title" >= ?)"},
      {lt("a"), R"("title" < ?)"},
      {lte("a"), R"("title" <= ?)"},
      {one_of({"a"s, "b"s}), R"("title" in (?, ?))"},
      {not_in({}), R"("title" not in ())"},
      {like("a%"), R"("title" like ?)"},
      {not_like("a%"), R"("title" not like ?)"},
      {includes("a"), R"(instr("title", ?) > 0)"},
  };
  for (const auto& [comparison, sql] : cases) {
    EXPECT_EQ(compiled(from("tasks").where("title", comparison)).sql,
              kSelect + " where "s + sql + R"( and "_status" is not 'deleted')");
  }
}

TEST(Compile, BreaksTiesById) {
  const auto where = R"( where "_status" is not 'deleted')"s;
  EXPECT_EQ(compiled(from("tasks").order_by(desc("rank"))).sql,
            kSelect + where + R"( order by "rank" desc, "id" asc)");
  EXPECT_EQ(compiled(from("tasks").order_by(asc("rank")).order_by(desc("id"))).sql,
            kSelect + where + R"( order by "rank" asc, "id" desc)");
  EXPECT_EQ(compiled(from("tasks").take(0)).sql, kSelect + where + R"( order by "id" asc limit 0)");
  EXPECT_EQ(compiled(from("tasks").skip(2)).sql,
            kSelect + where + R"( order by "id" asc limit -1 offset 2)");
}

TEST(Compile, CountsWhatWouldBeFound) {
  EXPECT_EQ(compiled(from("tasks").order_by(asc("rank")), Select::Count).sql,
            R"(select count(*) from "tasks" where "_status" is not 'deleted')");
  EXPECT_EQ(
      compiled(from("tasks").take(3), Select::Count).sql,
      R"(select count(*) from (select 1 from "tasks" where "_status" is not 'deleted' limit 3))");
}

TEST(Compile, SendsLongListsAsOneArgument) {
  std::vector<Value> values{"a\"b"s, 1.5, true};
  for (int i = 0; i < 100; ++i) values.emplace_back(static_cast<double>(i));
  const auto query = compiled(from("tasks").where("title", one_of(values)));
  ASSERT_EQ(query.args.size(), 1U);
  EXPECT_EQ(std::get<std::string>(query.args[0]).substr(0, 20), R"(["a\"b",1.5,1,0,1,2,)");
}

TEST(Compile, RefusesWhatMakesNoSense) {
  EXPECT_EQ(error_of(from("tasks").where("titel", eq("x"))), ErrorCode::UnknownColumn);
  EXPECT_EQ(error_of(from("tasks").order_by(asc("a\" desc; drop table x"))),
            ErrorCode::UnknownColumn);
  EXPECT_EQ(error_of(from("tasks").order_by(asc("x")), Select::Count), ErrorCode::UnknownColumn);
  EXPECT_EQ(error_of(from("tasks").take(-1)), ErrorCode::InvalidQuery);
  EXPECT_EQ(error_of(from("tasks").skip(-1)), ErrorCode::InvalidQuery);
  EXPECT_EQ(error_of(from("tasks").where("title", one_of({Null{}}))), ErrorCode::InvalidQuery);
  EXPECT_EQ(error_of(from("tasks").where("rank", gt(std::numeric_limits<double>::quiet_NaN()))),
            ErrorCode::InvalidQuery);
  EXPECT_EQ(error_of(from("tasks").where("title", {.op = Operator::Eq, .values = {}})),
            ErrorCode::InvalidQuery);
  EXPECT_EQ(error_of(from("tasks").where("id", eq("x")).where("_status", eq("created"))),
            ErrorCode{});
}

}  // namespace
}  // namespace convoy::query
