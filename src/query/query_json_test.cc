// Queries written as JSON.
#include "query/query_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/limits.h"
#include "query/test_database.h"
#include "query/test_generator.h"

namespace convoy::query {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using ::testing::HasSubstr;

const Schema kSchema = testing::task_schema();

Result<Compiled> compiled(const Query& query, Select select = Select::Rows) {
  return compile(kSchema, *kSchema.find_table(query.table), query, select);
}

std::string written(const Query& query) {
  const auto json = to_json(query);
  return json.ok() ? json->dump() : json.error().message;
}

// JSON and C++ say the same.
void expect_same(std::string_view json, const Query& query) {
  const auto parsed = parse_query(json);
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  EXPECT_EQ(written(*parsed), written(query));
  const auto expected = compiled(query);
  const auto actual = compiled(*parsed);
  ASSERT_TRUE(expected.ok() && actual.ok()) << (expected.ok() ? "" : expected.error().message);
  EXPECT_EQ(actual->sql, expected->sql);
  EXPECT_EQ(actual->args, expected->args);
}

TEST(QueryJson, SaysEverything) {
  expect_same(
      R"({"from":"tasks","where":[["title","eq","TODO"],["rank","gt",{"column":"due"}],
          ["title","like",{"pattern":"50\\%","escape":"\\"}],["rank","between",[1,5]],
          ["title","one_of",["a","b"]],["done","neq",true],["due","eq",null],
          {"all":[["rank","lte",2.5],{"any":[]}]},
          {"on":"projects","where":[["name","includes","x"]],"via":"project_id"},
          {"sql":"\"rank\" > ?","args":[1]},{"search":"words","columns":["title"]},
          {"search_expression":"a OR b"}],
          "order":[["due","desc"],["title"],{"rank":true}],"take":50,"skip":0})",
      from("tasks")
          .where("title", eq("TODO"))
          .where("rank", gt(column("due")))
          .where("title", like("50\\%", '\\'))
          .where("rank", between(1, 5))
          .where("title", one_of({"a"s, "b"s}))
          .where("done", neq(true))
          .where("due", eq(nullptr))
          .where(all_of({where("rank", lte(2.5)), any_of({})}))
          .on("projects", {where("name", includes("x"))}, "project_id")
          .where(sql_expression("\"rank\" > ?", {1.0}))
          .where(search("words", {"title"}))
          .where(search_expression("a OR b"))
          .order_by(desc("due"))
          .order_by(asc("title"))
          .order_by(best_first())
          .take(50)
          .skip(0));
  expect_same(
      R"({"from":"tasks","statement":{"sql":"select * from tasks where rank > ?","args":[3]}})",
      from_sql("tasks", "select * from tasks where rank > ?", {3.0}));
}

TEST(QueryJson, NamesEveryOperator) {
  const std::pair<const char*, Comparison> cases[] = {
      {R"(["title","eq","a"])", eq("a")},
      {R"(["title","neq","a"])", neq("a")},
      {R"(["title","gt",1])", gt(1)},
      {R"(["title","weak_gt",{"column":"notes"}])", weak_gt(column("notes"))},
      {R"(["title","gte",1e3])", gte(1000)},
      {R"(["title","lt",-0.5])", lt(-0.5)},
      {R"(["title","lte",false])", lte(false)},
      {R"(["title","between",[0,1]])", between(0, 1)},
      {R"(["title","one_of",[]])", one_of({})},
      {R"(["title","not_in",["a",1,true]])", not_in({"a"s, 1.0, true})},
      {R"(["title","like","a%"])", like("a%")},
      {R"(["title","not_like",{"pattern":"a!%","escape":"!"}])", not_like("a!%", '!')},
      {R"(["title","includes",""])", includes("")},
      {R"(["title","starts_with","5%"])", starts_with("5%")},
  };
  for (const auto& [json, comparison] : cases) {
    expect_same(R"({"from":"tasks","where":[)" + std::string(json) + "]}",
                from("tasks").where("title", comparison));
  }
}

TEST(QueryJson, LeavesOutWhatIsNotAsked) {
  expect_same(R"({"from":"tasks"})", from("tasks"));
  expect_same(R"({"from":"tasks","where":[{"on":"projects"}],"order":[]})",
              from("tasks").on("projects", {}));
  EXPECT_EQ(written(from("tasks")), R"({"from":"tasks"})");
}

TEST(QueryJson, SaysWhereAMistakeIs) {
  const std::pair<const char*, const char*> cases[] = {
      {R"([])", "the query must be an object"},
      {R"({})", "from: is missing"},
      {R"({"from":1})", "from: must be a text"},
      {R"({"from":"t","wheer":[]})", "wheer: there is no such member"},
      {R"({"from":"t","where":{}})", "where: must be an array"},
      {R"({"from":"t","where":[1]})", "where[0]: is no condition"},
      {R"({"from":"t","where":[{"any":[{"all":[{}]}]}]})",
       "where[0].any[0].all[0]: is no condition"},
      {R"({"from":"t","where":[["a","eq"]]})", "where[0]: a comparison is"},
      {R"({"from":"t","where":[["a","eq",1],["a","equals",1]]})",
       "where[1][1]: there is no operator \"equals\""},
      {R"({"from":"t","where":[["a","eq",[1]]]})", "where[0][2]: must be null, true"},
      {R"({"from":"t","where":[["a","eq",{"colum":"b"}]]})", "where[0][2].colum: there is no such"},
      {R"({"from":"t","where":[["a","eq",{}]]})", "where[0][2].column: is missing"},
      {R"({"from":"t","where":[["a","eq",{"column":""}]]})", "where[0][2].column: is empty"},
      {R"({"from":"t","where":[["a","between",[1]]]})", "where[0][2]: must be an array of two"},
      {R"({"from":"t","where":[["a","between",["x","y"]]]})",
       "where[0][2]: must be an array of two"},
      {R"({"from":"t","where":[["a","one_of",1]]})", "where[0][2]: must be an array"},
      {R"({"from":"t","where":[["a","one_of",[1,{}]]]})", "where[0][2][1]: must be null"},
      {R"({"from":"t","where":[["a","like",1]]})", "where[0][2]: must be a text"},
      {R"({"from":"t","where":[["a","like",{"pattern":"a"}]]})", "where[0][2].escape: is missing"},
      {R"({"from":"t","where":[["a","like",{"pattern":"a","escape":"é"}]]})",
       "where[0][2].escape: must be one ASCII character"},
      {R"({"from":"t","where":[["a","like",{"pattern":"a","escape":""}]]})",
       "where[0][2].escape: must be one"},
      {R"({"from":"t","where":[["a","eq",1e999]]})", "where[0][2]: must be a number that a double"},
      {R"({"from":"t","where":[["a","eq",9007199254740993]]})",
       "where[0][2]: 9007199254740993 has"},
      {R"({"from":"t","where":[{"on":"x","where":[["a","eq"]]}]})",
       "where[0].where[0]: a comparison"},
      {R"({"from":"t","where":[{"on":"x","via":1}]})", "where[0].via: must be a text"},
      {R"({"from":"t","where":[{"all":[],"any":[]}]})", "where[0].any: there is no such member"},
      {R"({"from":"t","where":[{"sql":"1","arg":[]}]})", "where[0].arg: there is no such member"},
      {R"({"from":"t","where":[{"sql":"1","args":[[]]}]})", "where[0].args[0]: must be null"},
      {R"({"from":"t","where":[{"search":"x","columns":[1]}]})",
       "where[0].columns[0]: must be a text"},
      {R"({"from":"t","where":[{"search_expression":1}]})",
       "where[0].search_expression: must be a"},
      {R"({"from":"t","order":["a"]})", "order[0]: must be [\"column\"]"},
      {R"({"from":"t","order":[["a","up"]]})", "order[0][1]: must be \"asc\" or \"desc\""},
      {R"({"from":"t","order":[["a","asc",1]]})", "order[0]: must be"},
      {R"({"from":"t","order":[{"rank":false}]})", "order[0].rank: must be true"},
      {R"({"from":"t","take":-1})", "take: must be a whole number"},
      {R"({"from":"t","take":1.5})", "take: must be a whole number"},
      {R"({"from":"t","skip":"1"})", "skip: must be a whole number"},
      {R"({"from":"t","statement":"select 1"})", "statement: must be an object"},
      {R"({"from":"t","statement":{}})", "statement.sql: is missing"},
      {R"({"from":"t")", "the query is not valid JSON"},
      {R"({"from":"t","from":"u"})", "stands twice"},
  };
  for (const auto& [json, message] : cases) {
    const auto query = parse_query(std::string_view(json));
    ASSERT_FALSE(query.ok()) << json;
    EXPECT_EQ(query.error().code, ErrorCode::InvalidQuery) << json;
    EXPECT_THAT(query.error().message, HasSubstr(message)) << json;
  }
}

TEST(QueryJson, NamesTheNearestWord) {
  EXPECT_EQ(parse_query(R"({"from":"t","wheer":[]})"sv).error().hint, "Did you mean \"where\"?");
  EXPECT_EQ(parse_query(R"({"from":"t","where":[["a","equ",1]]})"sv).error().hint,
            "Did you mean \"eq\"?");
  EXPECT_EQ(parse_query(R"({"from":"t","where":[["a","start_with",1]]})"sv).error().hint,
            "Did you mean \"starts_with\"?");
}

TEST(QueryJson, CanBeAsDeepAsAQuery) {
  std::string json = R"(["rank","one_of",[1]])";
  for (int i = 1; i < limits::kQueryDepthMax; ++i) json = R"({"any":[)" + json + "]}";
  const auto deepest = parse_query(R"({"from":"tasks","where":[)" + json + "]}");
  ASSERT_TRUE(deepest.ok()) << deepest.error().message;
  EXPECT_TRUE(compiled(*deepest).ok());
  const auto deeper = parse_query(R"({"from":"tasks","where":[{"all":[)" + json + "]}]}");
  ASSERT_FALSE(deeper.ok());
  EXPECT_EQ(deeper.error().code, ErrorCode::InvalidQuery);
  EXPECT_THAT(deeper.error().message, HasSubstr("nested more than 32 deep"));
}

TEST(QueryJson, RefusesToWriteWhatJsonCanNotHold) {
  const Query cases[] = {
      from("t").where("a", gt(std::numeric_limits<double>::infinity())),
      from("t").where("a", one_of({std::numeric_limits<double>::quiet_NaN()})),
      from("t").where("a", eq("\xFF")),
      from("t").where("a", {.op = Operator::Eq}),
      from("t").where("a", {.op = static_cast<Operator>(99), .values = {1.0}}),
      from("t").where("a", like("a", '\xC3')),
      from("t").where(Condition{Search{.words = "a", .columns = {"b"}, .is_expression = true}}),
      from("t").order_by({.column = "a", .by_rank = true}),
  };
  for (const auto& query : cases) {
    const auto json = to_json(query);
    ASSERT_FALSE(json.ok());
    EXPECT_EQ(json.error().code, ErrorCode::InvalidQuery);
  }
}

RC_GTEST_PROP(QueryJson, GoesThereAndBack, ()) {
  const auto query = testing::any_rich_query(kSchema);
  const auto json = to_json(query);
  const auto expected = compiled(query);
  RC_ASSERT(expected.ok());
  if (!json.ok()) RC_DISCARD("a number that is not finite");
  const auto parsed = parse_query(json->dump_pretty());
  RC_ASSERT(parsed.ok());
  RC_ASSERT(*to_json(*parsed) == *json);
  const auto actual = compiled(*parsed);
  RC_ASSERT(actual.ok());
  RC_ASSERT(actual->sql == expected->sql);
  RC_ASSERT(actual->args == expected->args);
}

RC_GTEST_PROP(Compile, GivesWhatSqliteCanRun, ()) {
  static testing::TestDatabase database{testing::task_schema()};
  for (int i = 0; i < 5; ++i) {
    const auto query = testing::any_rich_query(kSchema);
    RC_LOG() << written(query) << "\n";
    const auto found = database.find(query);
    if (!found.ok()) RC_LOG() << found.error().message << "\n";
    RC_ASSERT(found.ok());
  }
}

}  // namespace
}  // namespace convoy::query
