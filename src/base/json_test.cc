#include "base/json.h"
#include "base/limits.h"

#include <gtest/gtest.h>

namespace convoy::base {
namespace {

TEST(Json, KeepsNumbersAsTheyWereWritten) {
  const auto json = parse_json(R"([1.10, 12345678901234567890123456789012345678, -0, 1e3])");
  ASSERT_TRUE(json.ok()) << json.error().message;
  EXPECT_EQ(json->dump(), "[1.10,12345678901234567890123456789012345678,-0,1e3]");
}

TEST(Json, RoundTripsEveryKindOfValue) {
  const std::string text = R"({"a":[null,true,false,"x\n\"\\\u0001é😀"],"b":{},"c":[]})";
  const auto json = parse_json(text);
  ASSERT_TRUE(json.ok()) << json.error().message;
  EXPECT_EQ(json->dump(), text);
}

TEST(Json, ReadsAScalarDocument) {
  EXPECT_EQ(*parse_json("\"x\"")->string(), "x");
  EXPECT_EQ(parse_json(" 42 ")->integer(), 42);
  EXPECT_TRUE(parse_json("null")->is_null());
}

TEST(Json, ComparesByMeaning) {
  EXPECT_EQ(*parse_json(R"({"a":1.10,"b":[1,2]})"), *parse_json(R"({"b":[1,2.0],"a":11e-1})"));
  EXPECT_FALSE(*parse_json("[1,2]") == *parse_json("[2,1]"));
  EXPECT_FALSE(*parse_json("1") == *parse_json("\"1\""));
  EXPECT_FALSE(*parse_json("9007199254740993") == *parse_json("9007199254740992"));
}

class MalformedJson : public testing::TestWithParam<const char*> {};

TEST_P(MalformedJson, IsRefused) {
  const auto json = parse_json(GetParam());
  ASSERT_FALSE(json.ok()) << json->dump();
  EXPECT_EQ(json.error().code, ErrorCode::BadReply);
}

INSTANTIATE_TEST_SUITE_P(All, MalformedJson,
                         testing::Values("", "{", "[1,2", "{\"a\":1", "[1] x", "1,2", "[01]",
                                         "[1.]", "[+1]", "[NaN]", "nul", "[tru]", "[\"\x80\"]",
                                         "[\"\\ud800\"]", "{\"a\":1,\"a\":2}", "<html></html>",
                                         "[\"a\nb\"]", "]["));

TEST(Json, RefusesDeepNesting) {
  const auto nested = [](int depth) {
    const auto count = static_cast<std::size_t>(depth);
    return std::string(count, '[') + std::string(count, ']');
  };
  EXPECT_TRUE(parse_json(nested(limits::kJsonDepthMax)).ok());
  EXPECT_FALSE(parse_json(nested(limits::kJsonDepthMax + 1)).ok());
}

TEST(Json, PrettyPrints) {
  EXPECT_EQ(parse_json(R"({"a":[1,{}]})")->dump_pretty(), "{\n  \"a\": [\n    1,\n    {}\n  ]\n}");
}

}  // namespace
}  // namespace convoy::base
