#include "sim/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/replica.h"

namespace convoy::sim {
namespace {

using store::MutationState;
using ::testing::HasSubstr;

base::Json json(const std::string& text) { return *base::parse_json(text); }

std::string update(const std::string& values, const std::string& base) {
  return R"([{"op":"update","table":"tasks","id":"t","values":)" + values + R"(,"base":)" + base +
         "}]";
}

OutboxEntry entry(std::int64_t seq, const std::string& ops,
                  MutationState state = MutationState::Pending) {
  return {.seq = seq,
          .uid = "u" + std::to_string(seq),
          .state = static_cast<int>(state),
          .attempts = state == MutationState::Pending ? 0 : 1,
          .body = "",
          .ops = json(ops),
          .code = ""};
}

// The history's verdict on what became of the two writes, which have been noted.
std::string verdict(const std::vector<OutboxEntry>& after) {
  History history;
  const auto first = history.note({entry(1, update(R"({"a":1})", R"({"a":0})")),
                                   entry(2, update(R"({"a":2,"b":2})", R"({"a":1,"b":0})"))});
  EXPECT_FALSE(first.has_value());
  return history.note(after).value_or("");
}

TEST(SimHistory, TwoWritesMayBecomeOne) {
  EXPECT_EQ(verdict({entry(1, update(R"({"b":2,"a":2})", R"({"a":0,"b":0})"))}), "");
}

TEST(SimHistory, ALostPartIsNoticed) {
  EXPECT_THAT(verdict({entry(1, update(R"({"a":2})", R"({"a":0})"))}), HasSubstr("not what was"));
  EXPECT_THAT(verdict({entry(1, update(R"({"a":1})", R"({"a":0})"))}), HasSubstr("not what was"));
  // The base of the earlier one is what the server has to compare with.
  EXPECT_THAT(verdict({entry(1, update(R"({"a":2,"b":2})", R"({"a":1,"b":0})"))}),
              HasSubstr("not what was"));
}

TEST(SimHistory, OneThatWasNeverSentCannotGo) {
  EXPECT_THAT(verdict({}), HasSubstr("vanished before it was sent"));
  EXPECT_THAT(verdict({entry(2, update(R"({"a":2,"b":2})", R"({"a":1,"b":0})"))}),
              HasSubstr("vanished before it was sent"));
}

TEST(SimHistory, WhatIsParkedStays) {
  History history;
  ASSERT_FALSE(history.note({entry(1, update("{}", "{}"), MutationState::Parked)}));
  EXPECT_THAT(history.note({}).value_or(""), HasSubstr("parked, has vanished"));
}

TEST(SimHistory, WhatWasSentTakesNothingIn) {
  History history;
  ASSERT_FALSE(history.note({entry(1, update(R"({"a":1})", R"({"a":0})"), MutationState::Sending),
                             entry(2, update(R"({"a":2})", R"({"a":1})"))}));
  EXPECT_THAT(history.note({entry(1, update(R"({"a":2})", R"({"a":0})"), MutationState::Sending)})
                  .value_or(""),
              HasSubstr("after it was sent"));
}

TEST(SimHistory, AWriteMadeOnWhatTheServerSaidStaysAlone) {
  History history;
  ASSERT_FALSE(history.note({entry(1, update(R"({"a":1})", R"({"a":0})")),
                             entry(2, update(R"({"a":2})", R"({"a":7})"))}));
  EXPECT_THAT(history.note({entry(1, update(R"({"a":2})", R"({"a":0})"))}).value_or(""),
              HasSubstr("can't be part of"));
}

TEST(SimHistory, ARevivalHasAllThatWasWritten) {
  const auto revival = [](const std::string& values) {
    return R"([{"op":"insert","table":"tasks","id":"t","values":)" + values + R"(,"revive":true}])";
  };
  const auto rest = entry(2, update(R"({"a":2,"b":2})", R"({"a":1,"b":0})"));
  EXPECT_EQ(verdict({entry(1, revival(R"({"a":1,"c":3})")), rest}), "");
  EXPECT_THAT(verdict({entry(1, revival(R"({"a":9,"c":3})")), rest}), HasSubstr("not what was"));
}

}  // namespace
}  // namespace convoy::sim
