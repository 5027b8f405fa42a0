#include "supabase/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "supabase/test_supabase.h"

namespace convoy::supabase {
namespace {

using test::kStart;
using testing::HasSubstr;
using testing::Not;

Session example() {
  return {.access_token = "access-secret",
          .refresh_token = "refresh-secret",
          .obtained_at_ms = kStart,
          .expires_at_ms = kStart + 100'000,
          .user_id = "u",
          .email = "a@b",
          .project_url = "https://a.example"};
}

TEST(Session, ReadsBackWhatWasWritten) {
  const auto session = example();
  const auto read = decode_session(encode_session(session));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(encode_session(*read), encode_session(session));
  EXPECT_EQ(read->refresh_token, "refresh-secret");
  EXPECT_EQ(read->expires_at_ms, kStart + 100'000);
}

TEST(Session, KnowsWhenItNeedsANewToken) {
  const Session session = [] {
    auto hour = example();
    hour.expires_at_ms = kStart + 3'600'000;
    return hour;
  }();
  EXPECT_FALSE(session.needs_refresh(kStart));
  EXPECT_FALSE(session.needs_refresh(kStart + 2'879'999));
  EXPECT_TRUE(session.needs_refresh(kStart + 2'880'000));
  EXPECT_FALSE(session.needs_refresh(kStart - 59'000));
  EXPECT_TRUE(session.needs_refresh(kStart - 61'000));
  EXPECT_TRUE(session.is_usable(kStart + 3'599'999));
  EXPECT_FALSE(session.is_usable(kStart + 3'600'000));
  // A short life: the last minute counts.
  EXPECT_FALSE(example().needs_refresh(kStart + 39'999));
  EXPECT_TRUE(example().needs_refresh(kStart + 40'000));
}

TEST(Session, EndedHasNoTokens) {
  auto session = example();
  EXPECT_FALSE(session.is_ended());
  session.access_token.clear();
  session.refresh_token.clear();
  EXPECT_TRUE(session.is_ended());
  EXPECT_FALSE(session.is_usable(kStart));
  const auto read = decode_session(encode_session(session));
  ASSERT_TRUE(read.ok());
  EXPECT_TRUE(read->is_ended());
  EXPECT_EQ(read->email, "a@b");
}

TEST(Session, IsCorruptWithoutQuotingItself) {
  const std::string whole = encode_session(example());
  const auto without = [](auto change) {
    auto session = example();
    change(session);
    return encode_session(session);
  };
  for (const std::string& text :
       {std::string(), std::string("{}"), std::string("[]"), whole.substr(0, whole.size() / 2),
        std::string("\"refresh-secret\""), std::string("{\"version\": 2}"),
        without([](Session& s) { s.user_id.clear(); }),
        without([](Session& s) { s.access_token.clear(); }),
        without([](Session& s) { s.refresh_token.clear(); }),
        without([](Session& s) { s.access_token += "\r\nX: y"; }),
        without([](Session& s) { s.expires_at_ms = s.obtained_at_ms - 1; }),
        without([](Session& s) { s.expires_at_ms = INT64_MAX; }),
        without([](Session& s) { s.obtained_at_ms = INT64_MIN; })}) {
    const auto read = decode_session(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().code, ErrorCode::Corrupt);
    EXPECT_THAT(test::text_of_error(read.error()), Not(HasSubstr("secret")));
  }
}

RC_GTEST_PROP(Session, SurvivesAnyText, (const std::string& text)) {
  const auto read = decode_session(text);
  if (read.ok()) RC_ASSERT(!read->user_id.empty());
}

Result<Session> read_reply(const std::string& text) {
  return read_session_reply(*base::parse_json(text), kStart, "https://a.example");
}

TEST(SessionReply, CountsItsLifeByThisClock) {
  const auto session = read_reply(
      R"({"access_token":"a","refresh_token":"r","expires_in":3600,"expires_at":1,"user":{"id":"u","email":"e"}})");
  ASSERT_TRUE(session.ok());
  EXPECT_EQ(session->obtained_at_ms, kStart);
  EXPECT_EQ(session->expires_at_ms, kStart + 3'600'000);
  EXPECT_EQ(session->project_url, "https://a.example");
}

TEST(SessionReply, FallsBackToTheTokensClaims) {
  const auto token =
      test::jwt(R"({"sub":"u","email":"e","exp":)" + std::to_string(kStart / 1000 + 600) + "}");
  const auto session = read_reply(R"({"access_token":")" + token + R"(","refresh_token":"r"})");
  ASSERT_TRUE(session.ok());
  EXPECT_EQ(session->user_id, "u");
  EXPECT_EQ(session->email, "e");
  EXPECT_EQ(session->expires_at_ms, kStart + 600'000);
}

TEST(SessionReply, RefusesHalfASession) {
  for (
      const char* text :
      {"{}", "null", R"({"access_token":"secret"})",
       R"({"access_token":"secret","refresh_token":"secret"})",
       R"({"access_token":"secret","refresh_token":"secret","expires_in":1})",
       R"({"access_token":"secret","refresh_token":"","expires_in":1,"user":{"id":"u"}})",
       R"({"access_token":"secret\r\nX: y","refresh_token":"secret","expires_in":1,"user":{"id":"u"}})",
       R"({"access_token":1,"refresh_token":"secret","expires_in":1,"user":{"id":"u"}})"}) {
    const auto session = read_reply(text);
    ASSERT_FALSE(session.ok()) << text;
    EXPECT_EQ(session.error().code, ErrorCode::BadReply) << text;
    EXPECT_THAT(test::text_of_error(session.error()), Not(HasSubstr("secret")));
  }
}

TEST(SessionReply, DoesNotBelieveAbsurdLives) {
  const auto read = [](const std::string& life) {
    return read_reply(R"({"access_token":"a","refresh_token":"r","expires_in":)" + life +
                      R"(,"user":{"id":"u"}})")
        ->expires_at_ms;
  };
  EXPECT_EQ(read("-5"), kStart);
  EXPECT_EQ(read("9223372036854775807"), kStart + 365LL * 24 * 3600 * 1000);
}

}  // namespace
}  // namespace convoy::supabase
