#include "net/url.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace convoy::net {
namespace {

TEST(Url, TakesAnAddressApart) {
  const auto url = parse_url("HTTPS://ABC.supabase.co:8443/base/path?a=b&c=d");
  ASSERT_TRUE(url.ok());
  EXPECT_EQ(url->scheme, "https");
  EXPECT_EQ(url->host, "abc.supabase.co");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(url->path, "/base/path");
  EXPECT_EQ(url->query, "a=b&c=d");
  EXPECT_EQ(url->origin(), "https://abc.supabase.co:8443");
  EXPECT_EQ(url->to_string(), "https://abc.supabase.co:8443/base/path?a=b&c=d");
}

TEST(Url, AllowsPlainHttpToThisMachineOnly) {
  for (const char* text : {"http://localhost:54321", "http://127.0.0.1", "http://127.255.3.4:80",
                           "http://[::1]:54321", "http://LOCALHOST"}) {
    EXPECT_TRUE(parse_url(text).ok()) << text;
  }
  for (const char* text : {"http://abc.supabase.co", "http://127.0.0.1.evil.example",
                           "http://localhost.evil.example", "http://128.0.0.1", "http://127.1",
                           "http://127.0.0.256", "http://[::2]", "http://127.evil"}) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url.ok()) << text;
    EXPECT_EQ(url.error().code, ErrorCode::InvalidArgument) << text;
    EXPECT_FALSE(url.error().hint.empty()) << text;
  }
}

TEST(Url, RefusesWhatIsNoAddress) {
  for (const char* text : {"",
                           "abc.supabase.co",
                           "ftp://abc.supabase.co",
                           "file:///etc/passwd",
                           "https://",
                           "https:///path",
                           "https://user:pw@abc.supabase.co",
                           "https://abc.supabase.co@evil.example",
                           "https://abc .supabase.co",
                           "https://abc.supabase.co\r\nHost: evil",
                           "https://abc.supabase.co:0",
                           "https://abc.supabase.co:65536",
                           "https://abc.supabase.co:8x",
                           "https://abc.supabase.co:",
                           "https://..",
                           "https://-a",
                           "https://\xC3\xA4.example",
                           "https://[::1",
                           "https://[x]",
                           "https://a.example/#b",
                           "https://a.example\\@b"}) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url.ok()) << text;
    EXPECT_EQ(url.error().code, ErrorCode::InvalidArgument) << text;
    EXPECT_FALSE(url.error().message.empty()) << text;
    EXPECT_FALSE(url.error().hint.empty()) << text;
  }
}

TEST(ProjectUrl, IsTakenAsPeoplePasteIt) {
  for (const char* text : {" https://abc.supabase.co/ ", "https://abc.supabase.co//\n",
                           "https://ABC.supabase.co", "\thttps://abc.supabase.co"}) {
    const auto url = parse_project_url(text);
    ASSERT_TRUE(url.ok()) << text;
    EXPECT_EQ(url->to_string(), "https://abc.supabase.co") << text;
  }
  EXPECT_EQ(parse_project_url("https://host.example/supabase/")->to_string(),
            "https://host.example/supabase");
}

TEST(ProjectUrl, RefusesOtherAddressesOfSupabase) {
  for (const char* text :
       {"https://supabase.com/dashboard/project/abc", "https://abc.supabase.co/rest/v1/",
        "https://abc.supabase.co/auth/v1", "https://abc.supabase.co?apikey=x"}) {
    const auto url = parse_project_url(text);
    ASSERT_FALSE(url.ok()) << text;
    EXPECT_EQ(url.error().code, ErrorCode::InvalidArgument) << text;
    EXPECT_FALSE(url.error().hint.empty()) << text;
  }
}

TEST(Url, EncodesWhatIsNotPlain) {
  EXPECT_EQ(percent_encode("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encode("a b/c?d&é"), "a%20b%2Fc%3Fd%26%C3%A9");
}

TEST(Url, JoinsWithOneSlash) {
  EXPECT_EQ(join_url("https://a", "b"), "https://a/b");
  EXPECT_EQ(join_url("https://a/", "/b"), "https://a/b");
  EXPECT_EQ(join_url("https://a//", "//b/c"), "https://a/b/c");
}

RC_GTEST_PROP(Url, NeverTakesANonLoopbackHostOverHttp, (const std::string& text)) {
  const auto url = parse_url("http://" + text);
  if (url.ok()) RC_ASSERT(is_loopback_host(url->host));
}

RC_GTEST_PROP(Url, EncodedTextIsSafeInAPath, (const std::string& text)) {
  const std::string path = "/" + percent_encode(text);
  const auto url = parse_url("https://a.example" + path);
  if (url.ok()) RC_ASSERT(url->path == path);
}

}  // namespace
}  // namespace convoy::net
