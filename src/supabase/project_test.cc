#include "supabase/project.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "supabase/jwt.h"
#include "supabase/test_supabase.h"

namespace convoy::supabase {
namespace {

using test::jwt;
using testing::HasSubstr;
using testing::Not;

TEST(Project, TakesAPublishableKey) {
  const auto project = Project::create(" https://abc.supabase.co/ ", " sb_publishable_abc_def\n");
  ASSERT_TRUE(project.ok());
  EXPECT_EQ(project->url(), "https://abc.supabase.co");
  EXPECT_EQ(project->host(), "abc.supabase.co");
  EXPECT_EQ(project->api_key(), "sb_publishable_abc_def");
}

TEST(Project, TakesALegacyAnonKey) {
  const auto project = Project::create("http://127.0.0.1:54321", jwt(R"({"role":"anon"})"));
  ASSERT_TRUE(project.ok());
  EXPECT_EQ(project->host(), "127.0.0.1:54321");
}

TEST(Project, SendsTheTokenOfWhoeverIsSignedIn) {
  for (const std::string& key : {std::string("sb_publishable_a"), jwt(R"({"role":"anon"})")}) {
    const auto headers = Project::create("https://a.example", key)->headers("token");
    ASSERT_EQ(headers.size(), 2U);
    EXPECT_EQ(headers[0], net::Header("apikey", key));
    EXPECT_EQ(headers[1], net::Header("Authorization", "Bearer token"));
  }
}

TEST(Project, RefusesKeysThatMustNotBeHere) {
  for (const std::string& key :
       {std::string("sb_secret_0123456789"), jwt(R"({"role":"service_role"})"),
        jwt(R"({"role":"supabase_admin"})"), jwt(R"({"role":"authenticated"})"), jwt("{}"),
        std::string(), std::string("password"), std::string("a.b.c"),
        std::string("sb_publishable_\r\nX: y")}) {
    const auto project = Project::create("https://a.example", key);
    ASSERT_FALSE(project.ok()) << key;
    EXPECT_EQ(project.error().code, ErrorCode::InvalidArgument) << key;
    EXPECT_THAT(project.error().hint, HasSubstr("publishable")) << key;
    if (key.empty()) continue;
    EXPECT_THAT(test::text_of_error(project.error()), Not(HasSubstr(key)));
  }
  EXPECT_THAT(Project::create("https://a.example", "sb_secret_0123456789").error().message,
              HasSubstr("Row Level Security"));
  EXPECT_THAT(
      Project::create("https://a.example", jwt(R"({"role":"service_role"})")).error().message,
      HasSubstr("Row Level Security"));
}

TEST(Project, AnOwnersToolTakesSecretKeysAndNoOthers) {
  const auto secret = Project::create_for_owner("https://a.example/", " sb_secret_0123456789\n");
  ASSERT_TRUE(secret.ok()) << secret.error().message;
  EXPECT_EQ(secret->url(), "https://a.example");
  EXPECT_EQ(secret->headers(""), (std::vector<net::Header>{{"apikey", "sb_secret_0123456789"}}));
  const auto legacy = jwt(R"({"role":"service_role"})");
  const auto old = Project::create_for_owner("https://a.example", legacy);
  ASSERT_TRUE(old.ok()) << old.error().message;
  EXPECT_EQ(old->headers("").at(1).second, "Bearer " + legacy);
  for (const auto& key :
       {std::string(), std::string("sb_publishable_0123456789"), jwt(R"({"role":"anon"})"),
        std::string("nonsense"), std::string("sb_secret_\r\nX: y")}) {
    const auto project = Project::create_for_owner("https://a.example", key);
    ASSERT_FALSE(project.ok()) << key;
    EXPECT_EQ(project.error().code, ErrorCode::InvalidArgument) << key;
    if (key.empty()) continue;
    EXPECT_THAT(test::text_of_error(project.error()), Not(HasSubstr(key)));
  }
}

TEST(Project, RefusesABadAddress) {
  EXPECT_FALSE(Project::create("http://abc.supabase.co", "sb_publishable_a").ok());
}

TEST(Jwt, TellsItsClaims) {
  const auto claims =
      decode_jwt(jwt(R"({"sub":"u","role":"anon","email":"a@b","exp":1800000000,"x":[1]})"));
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->sub, "u");
  EXPECT_EQ(claims->role, "anon");
  EXPECT_EQ(claims->email, "a@b");
  EXPECT_EQ(claims->exp, 1'800'000'000);
}

TEST(Jwt, IsNothingElse) {
  for (const char* text :
       {"", ".", "..", "a.b", "a.b.c", "a.!!!.c", "a.e30.c.d", ".e30.c", "a.W10.c"}) {
    EXPECT_FALSE(decode_jwt(text)) << text;
  }
  EXPECT_TRUE(decode_jwt("a.e30.c"));
  EXPECT_TRUE(decode_jwt("a.e30=.c"));
}

}  // namespace
}  // namespace convoy::supabase
