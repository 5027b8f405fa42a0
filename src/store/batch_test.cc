// Lists of writes given as JSON.
#include "store/batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/test_support.h"

namespace convoy::store {
namespace {

using testing::bodies;
using testing::code_of;
using testing::Fixture;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct BatchTest : ::testing::Test {
  Result<std::string> run(std::string_view json) {
    CONVOY_TRY(auto operations, parse_batch(database.schema(), json));
    std::string results;
    const auto work = [&](Writer& writer) -> Status {
      CONVOY_TRY(results, run_batch(writer, std::move(operations)));
      return ok_status();
    };
    CONVOY_CHECK_OK(database.write(work));
    return results;
  }

  Fixture fixture;
  Database database = fixture.open();
};

TEST_F(BatchTest, DoesEveryKindOfWriteInItsOrder) {
  const auto made =
      run(R"([{"create":"projects","id":"p","fields":{"name":"One"}},)"
          R"({"create":"tasks","id":"t","fields":{"project_id":"p","rank":2}},)"
          R"({"update":"tasks","id":"t","fields":{"done":true}},{"create":"projects"}])");
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_THAT(*made, StartsWith(R"([{"id":"p","_status":"created","_changed":"","name":"One"},)"));
  EXPECT_THAT(*made, HasSubstr(R"("rank":2,"done":true)"));
  EXPECT_EQ(*database.count(from("projects")), 2) << "one with an id of its own";
  EXPECT_EQ(bodies(database).size(), 1U) << "one transaction, one mutation";

  EXPECT_EQ(*run(R"([{"delete":"projects","id":"p"}])"), "[2]") << "with its task";
  EXPECT_EQ(*run("[]"), "[]");
}

TEST_F(BatchTest, ErasesWhatTheServerHas) {
  const std::vector<std::string> columns{"id", "name"};
  const std::vector<std::vector<Value>> rows{{std::string("p"), std::string("One")}};
  CONVOY_ASSERT_OK(database.write([&](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.load("projects", columns, rows));
    return ok_status();
  }));
  EXPECT_EQ(*run(R"([{"erase":"projects","id":"p"}])"), "[1]");
  EXPECT_EQ(*database.count(from("projects")), 0);
}

TEST_F(BatchTest, LeavesNothingBehindWhenOneOfThemFails) {
  const auto failed = run(
      R"([{"create":"projects","id":"p"},{"update":"projects","id":"none","fields":{"name":"x"}}])");
  EXPECT_EQ(code_of(failed), ErrorCode::NotFound);
  EXPECT_THAT(failed.error().message, StartsWith("operations[1]: "));
  EXPECT_EQ(*database.count(from("projects")), 0);
  EXPECT_EQ(code_of(run(R"([{"create":"tasks","fields":{"rank":"high"}}])")),
            ErrorCode::InvalidArgument);
}

TEST_F(BatchTest, SaysWhichOperationItDoesNotUnderstand) {
  EXPECT_EQ(code_of(run(R"([{"create":"task"}])")), ErrorCode::UnknownTable);
  const auto column = run(R"([{"create":"projects"},{"create":"tasks","fields":{"titel":"x"}}])");
  EXPECT_EQ(code_of(column), ErrorCode::UnknownColumn);
  EXPECT_THAT(column.error().message, StartsWith("operations[1]: "));
  EXPECT_THAT(column.error().hint, HasSubstr("title"));
  for (const auto* json :
       {"", "{}", "[1]", "[{}]", R"([{"create":5}])", R"([{"create":"tasks","id":""}])",
        R"([{"create":"tasks","id":7}])", R"([{"create":"tasks","fields":[]}])",
        R"([{"create":"tasks","update":"tasks","id":"x"}])", R"([{"update":"tasks","id":"x"}])",
        R"([{"update":"tasks","fields":{}}])", R"([{"delete":"tasks"}])",
        R"([{"delete":"tasks","id":"x","fields":{}}])", R"([{"create":"tasks","field":{}}])"}) {
    EXPECT_EQ(code_of(run(json)), ErrorCode::InvalidArgument) << json;
  }
  EXPECT_EQ(*database.count(from("projects")), 0);
}

}  // namespace
}  // namespace convoy::store
