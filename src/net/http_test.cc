#include "net/http.h"

#include <gtest/gtest.h>

namespace convoy::net {
namespace {

TEST(HttpReply, FindsTheFirstHeaderOfAName) {
  const HttpReply reply{.headers = {{"a", "1"}, {"b", "2"}, {"a", "3"}}};
  EXPECT_EQ(reply.header("a"), "1");
  EXPECT_EQ(reply.header("b"), "2");
}

TEST(HttpReply, AnswersAMissingHeaderWithNothing) { EXPECT_EQ(HttpReply{}.header("a"), ""); }

}  // namespace
}  // namespace convoy::net
