#include "supabase/reply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "base/text.h"
#include "supabase/test_supabase.h"

namespace convoy::supabase {
namespace {

TEST(ServerText, StaysReadable) {
  EXPECT_EQ(server_text("duplicate key value »é« 😀"), "duplicate key value »é« 😀");
  EXPECT_EQ(server_text("eyJust a word"), "eyJust a word");
}

TEST(ServerText, HasNoControlCharacters) {
  EXPECT_EQ(server_text("a\x1b[2Jb\nc\x7f"), "a [2Jb c ");
}

TEST(ServerText, HidesSecrets) {
  EXPECT_EQ(server_text("bad hunter22!", {"hunter22"}), "bad ***!");
  EXPECT_EQ(server_text("token " + test::jwt("{}") + ", bad"), "token ***, bad");
  EXPECT_EQ(server_text("a", {""}), "a");
}

TEST(ServerText, HasABound) {
  EXPECT_EQ(server_text(std::string(kServerTextBytesMax, 'x')).size(), kServerTextBytesMax);
  EXPECT_EQ(server_text(std::string(5000, 'x')), std::string(kServerTextBytesMax, 'x') + "…");
  std::string wide = "x";
  for (int i = 0; i < 2000; ++i) wide += "é";
  EXPECT_TRUE(base::is_utf8(server_text(wide)));
  EXPECT_LE(server_text(wide).size(), kServerTextBytesMax + 3);
}

RC_GTEST_PROP(ServerText, IsAlwaysUtf8OnOneLine, (const std::string& text)) {
  const std::string clean = server_text(text, {"secret"});
  RC_ASSERT(base::is_utf8(clean));
  RC_ASSERT(clean.find('\n') == std::string::npos);
}

}  // namespace
}  // namespace convoy::supabase
