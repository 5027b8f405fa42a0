#include "supabase/postgrest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "supabase/test_supabase.h"

namespace convoy::supabase {
namespace {

using namespace test;
using base::Json;
using testing::HasSubstr;
using testing::Not;

class RestTest : public testing::Test {
 protected:
  RestTest() : transport([this](const net::HttpRequest& request) { return handle(request); }) {
    EXPECT_TRUE(auth.sign_in_with_password(kEmail, kPassword).ok());
  }

  Result<net::HttpReply> handle(const net::HttpRequest& request) {
    if (is_sign_in(request)) return server.grant();
    if (is_refresh(request)) return server.refresh(request);
    if (request.url.find("/logout") != std::string::npos) return net::HttpReply{.status = 204};
    return rpc(request);
  }

  void answer(int status, std::string body, std::vector<net::Header> headers = {}) {
    rpc = [=](const net::HttpRequest&) {
      auto reply = json_reply(status, body);
      if (!headers.empty()) reply.headers = headers;
      return reply;
    };
  }

  Result<RpcReply> call(const CallOptions& options = {}) {
    Json arguments;
    arguments.set("req", Json::Object{});
    return rest.rpc("convoy_pull", arguments, options);
  }

  Project project = *Project::create(kUrl, kKey);
  FakeClock clock;
  MemoryStore store;
  FakeGoTrue server;
  FakeTransport::Handler rpc;
  FakeTransport transport;
  Auth auth{project, transport, store, clock};
  Rest rest{project, transport, &auth, clock};
};

TEST_F(RestTest, CallsAFunctionAsTheUser) {
  answer(200, R"({"status":"ok","n":12345678901234567890})");
  const auto reply = call();
  ASSERT_TRUE(reply.ok()) << reply.error().message;
  EXPECT_EQ(reply->body.dump(), R"({"status":"ok","n":12345678901234567890})");
  EXPECT_EQ(reply->bytes_sent, 100U);
  EXPECT_EQ(reply->bytes_received, 200U);
  const auto request = transport.requests().back();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://abc.supabase.co/rest/v1/rpc/convoy_pull");
  EXPECT_EQ(request.body, R"({"req":{}})");
  EXPECT_EQ(header_of(request, "apikey"), kKey);
  EXPECT_EQ(header_of(request, "Authorization"), "Bearer " + server.access_token(1));
  EXPECT_EQ(header_of(request, "Content-Type"), "application/json");
}

TEST_F(RestTest, EncodesTheNameOfTheFunction) {
  answer(200, "1");
  ASSERT_TRUE(rest.rpc("a/../b?c", Json()).ok());
  EXPECT_EQ(transport.requests().back().url, "https://abc.supabase.co/rest/v1/rpc/a%2F..%2Fb%3Fc");
  EXPECT_EQ(transport.requests().back().body, "{}");
}

TEST_F(RestTest, ReadsATableAsTheUser) {
  answer(200, R"([{"id":"7"}])");
  const auto reply = rest.select("tasks", {{"id", "in.(7,8)"}, {"order", "created_at.desc"}});
  ASSERT_TRUE(reply.ok()) << reply.error().message;
  EXPECT_EQ(reply->body.dump(), R"([{"id":"7"}])");
  const auto request = transport.requests().back();
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.url,
            "https://abc.supabase.co/rest/v1/tasks?id=in.%287%2C8%29&order=created_at.desc");
  EXPECT_EQ(request.body, "");
  EXPECT_EQ(header_of(request, "Authorization"), "Bearer " + server.access_token(1));
  EXPECT_EQ(header_of(request, "Content-Type"), "");
  const auto before = transport.requests().size();
  EXPECT_EQ(rest.select("tasks", {}, {.user_id = "somebody else"}).error().code,
            ErrorCode::WrongDatabase);
  EXPECT_EQ(transport.requests().size(), before);
  answer(404, R"({"code":"PGRST205","message":"no such table"})");
  EXPECT_EQ(rest.select("a/../b", {}).error().code, ErrorCode::NotInstalled);
  EXPECT_EQ(transport.requests().back().url, "https://abc.supabase.co/rest/v1/a%2F..%2Fb");
}

TEST_F(RestTest, TakesAnEmptyReplyForNull) {
  answer(204, "");
  const auto reply = call();
  ASSERT_TRUE(reply.ok());
  EXPECT_TRUE(reply->body.is_null());
}

TEST_F(RestTest, NeverPutsAPublishableKeyIntoAuthorization) {
  answer(200, "1");
  ASSERT_TRUE(call({.as = CallAs::Anonymous}).ok());
  EXPECT_EQ(header_of(transport.requests().back(), "Authorization"), "");
}

TEST_F(RestTest, SendsALegacyKeyAsTheTokenOfNobody) {
  const std::string key = jwt(R"({"role":"anon","iss":"supabase"})");
  const auto legacy = *Project::create(kUrl, key);
  Rest anonymous(legacy, transport, nullptr, clock);
  answer(200, "1");
  ASSERT_TRUE(anonymous.rpc("f", Json(), {.as = CallAs::Anonymous}).ok());
  EXPECT_EQ(header_of(transport.requests().back(), "apikey"), key);
  EXPECT_EQ(header_of(transport.requests().back(), "Authorization"), "Bearer " + key);
  EXPECT_EQ(anonymous.rpc("f", Json()).error().code, ErrorCode::SignInRequired);
}

TEST_F(RestTest, DoesNotCallForSomebodyElse) {
  answer(200, "1");
  EXPECT_TRUE(call({.user_id = std::string(kUserId)}).ok());
  const auto before = transport.requests().size();
  EXPECT_EQ(call({.user_id = "somebody else"}).error().code, ErrorCode::WrongDatabase);
  EXPECT_EQ(transport.requests().size(), before);
}

TEST_F(RestTest, DoesNotCallWhenNobodyIsSignedIn) {
  ASSERT_TRUE(auth.sign_out().ok());
  const auto before = transport.requests().size();
  EXPECT_EQ(call().error().code, ErrorCode::SignInRequired);
  EXPECT_EQ(transport.requests().size(), before);
}

TEST_F(RestTest, RenewsARejectedTokenAndCallsAgain) {
  for (const char* body :
       {R"({"code":"PGRST301","message":"No suitable key or wrong key type"})",
        R"({"code":"PGRST303","message":"JWT expired"})", R"({"message":"x"})"}) {
    const auto rejected = "Bearer " + auth.fresh_session()->access_token;
    rpc = [&](const net::HttpRequest& request) {
      return header_of(request, "Authorization") == rejected ? json_reply(401, body)
                                                             : json_reply(200, "1");
    };
    EXPECT_TRUE(call().ok()) << body;
  }
  EXPECT_EQ(transport.count("refresh_token"), 3U);
}

TEST_F(RestTest, GivesUpWhenTheNewTokenIsRejectedAsWell) {
  answer(401, R"({"code":"PGRST303","message":"JWT expired"})");
  const auto reply = call();
  ASSERT_FALSE(reply.ok());
  EXPECT_EQ(reply.error().code, ErrorCode::SignInRequired);
  EXPECT_EQ(reply.error().sqlstate, "PGRST303");
  EXPECT_THAT(reply.error().hint, HasSubstr("convoy login"));
  EXPECT_EQ(transport.count("/rpc/"), 2U);
  EXPECT_EQ(transport.count("refresh_token"), 1U);
}

TEST_F(RestTest, SaysThatTheSessionHasEnded) {
  answer(401, R"({"code":"PGRST303","message":"JWT expired"})");
  server.revoke();
  EXPECT_EQ(call().error().code, ErrorCode::SignInRequired);
  EXPECT_EQ(transport.count("/rpc/"), 1U);
}

TEST_F(RestTest, PassesOnWhatTheTransportSays) {
  for (const ErrorCode code : {ErrorCode::Offline, ErrorCode::Timeout, ErrorCode::Cancelled,
                               ErrorCode::TlsFailed, ErrorCode::ReplyTooLarge}) {
    rpc = [code](const net::HttpRequest&) { return Error{.code = code, .message = "x"}; };
    EXPECT_EQ(call().error().code, code);
  }
  EXPECT_EQ(transport.count("/rpc/"), 5U);
}

struct Refusal {
  int status;
  std::string code;  // Empty: the body has none.
  ErrorCode expected;
};

TEST_F(RestTest, KnowsEveryKindOfRefusal) {
  const Refusal refusals[] = {
      {404, "PGRST202", ErrorCode::NotInstalled},
      {404, "PGRST205", ErrorCode::NotInstalled},
      {300, "PGRST203", ErrorCode::NotInstalled},
      {406, "PGRST106", ErrorCode::NotInstalled},
      {404, "42883", ErrorCode::NotInstalled},
      {404, "42P01", ErrorCode::NotInstalled},
      {503, "PGRST000", ErrorCode::ServerError},
      {503, "PGRST001", ErrorCode::ServerError},
      {503, "PGRST002", ErrorCode::ServerError},
      {504, "PGRST003", ErrorCode::ServerError},
      {500, "PGRSTX00", ErrorCode::ServerError},
      {400, "PGRST102", ErrorCode::Rejected},
      {400, "PGRST108", ErrorCode::BadReply},
      {500, "SUP", ErrorCode::ServerError},
      {503, "08006", ErrorCode::ServerError},
      {405, "25006", ErrorCode::ServerError},
      {500, "40001", ErrorCode::ServerError},
      {500, "40P01", ErrorCode::ServerError},
      {503, "53300", ErrorCode::ServerError},
      {500, "55P03", ErrorCode::ServerError},
      {500, "57014", ErrorCode::Timeout},
      {503, "57P01", ErrorCode::ServerError},
      {500, "58030", ErrorCode::ServerError},
      {500, "XX000", ErrorCode::ServerError},
      {403, "42501", ErrorCode::Refused},
      {400, "CV001", ErrorCode::ProtocolMismatch},
      {400, "CV009", ErrorCode::Rejected},
      {400, "CV010", ErrorCode::Rejected},
      {400, "CV011", ErrorCode::ServerRestored},
      {400, "CV004", ErrorCode::Rejected},
      {400, "22P05", ErrorCode::Rejected},
      {409, "23505", ErrorCode::Rejected},
      {400, "23514", ErrorCode::Rejected},
      {400, "P0001", ErrorCode::Rejected},
      {429, "", ErrorCode::RateLimited},
      {400, "", ErrorCode::BadReply},
      {402, "", ErrorCode::Refused},
      {403, "", ErrorCode::Refused},
      {404, "", ErrorCode::BadReply},
      {407, "", ErrorCode::BadReply},
      {408, "", ErrorCode::Timeout},
      {413, "", ErrorCode::Rejected},
      {500, "", ErrorCode::ServerError},
      {503, "", ErrorCode::ServerError},
      {522, "", ErrorCode::ServerError},
      {540, "", ErrorCode::ServerError},
      {500, "nonsense", ErrorCode::ServerError},
  };
  for (const auto& refusal : refusals) {
    Json body;
    if (!refusal.code.empty()) body.set("code", refusal.code);
    body.set("message", "the server's words");
    body.set("details", nullptr);
    body.set("hint", nullptr);
    answer(refusal.status, body.dump());
    const auto reply = call();
    const std::string what = std::to_string(refusal.status) + " " + refusal.code;
    ASSERT_FALSE(reply.ok()) << what;
    EXPECT_EQ(to_string(reply.error().code), to_string(refusal.expected)) << what;
    EXPECT_EQ(reply.error().http_status, refusal.status) << what;
    EXPECT_FALSE(reply.error().message.empty()) << what;
    if (!refusal.code.empty()) {
      EXPECT_EQ(reply.error().sqlstate, refusal.code) << what;
      EXPECT_THAT(reply.error().message, HasSubstr("the server's words")) << what;
    }
  }
  EXPECT_EQ(transport.count("refresh_token"), 0U);
}

TEST_F(RestTest, SaysHowToInstall) {
  answer(
      404,
      R"({"code":"PGRST202","message":"Could not find the function public.convoy_pull(req) in the schema cache"})");
  const auto reply = call();
  EXPECT_THAT(reply.error().message, HasSubstr("convoy_pull"));
  EXPECT_THAT(reply.error().hint, HasSubstr("supabase db push"));
  EXPECT_THAT(reply.error().hint, HasSubstr("psql -f"));
  EXPECT_THAT(reply.error().hint, HasSubstr("notify pgrst, 'reload schema'"));
}

TEST_F(RestTest, NamesTheSupportedProtocols) {
  answer(400, R"({"code":"CV001","message":"protocol 9 is not supported","details":"1"})");
  EXPECT_THAT(call().error().message, HasSubstr("(1)"));
}

TEST_F(RestTest, AsksNobodyToBeSignedInToSignIn) {
  answer(401, R"({"code":"42501","message":"permission denied for function convoy_pull"})");
  EXPECT_EQ(call({.as = CallAs::Anonymous}).error().code, ErrorCode::SignInRequired);
  EXPECT_EQ(call().error().code, ErrorCode::Refused);
  EXPECT_EQ(transport.count("refresh_token"), 0U);
}

TEST_F(RestTest, KnowsAWrongApiKey) {
  for (const char* body :
       {R"({"message":"Invalid API key","hint":"Double check your Supabase `apikey`"})",
        R"({"message":"No API key found in request","hint":"No `apikey` request header"})",
        R"({"message":"Invalid authentication credentials"})"}) {
    answer(401, body);
    const auto reply = call();
    ASSERT_FALSE(reply.ok());
    EXPECT_EQ(reply.error().code, ErrorCode::InvalidApiKey) << body;
    EXPECT_THAT(reply.error().hint, HasSubstr("publishable"));
  }
  answer(401, R"({"message":"x"})", {{"sb-error-code", "UNAUTHORIZED_MISSING_API_KEY"}});
  EXPECT_EQ(call().error().code, ErrorCode::InvalidApiKey);
  EXPECT_EQ(transport.count("refresh_token"), 0U);
}

TEST_F(RestTest, KnowsAnswersThatAreNotTheServers) {
  const struct {
    int status;
    const char* type;
    const char* body;
    ErrorCode code;
  } cases[] = {
      {200, "text/html; charset=utf-8", "log in", ErrorCode::BadReply},
      {200, "TEXT/HTML", "{}", ErrorCode::BadReply},
      {200, "application/json", "\xEF\xBB\xBF \n<html>", ErrorCode::BadReply},
      {200, "", "<!DOCTYPE html>", ErrorCode::BadReply},
      {404, "text/html", "<html>", ErrorCode::BadReply},
      {502, "text/html", "<html>", ErrorCode::ServerError},
      {301, "", "", ErrorCode::BadReply},
      {307, "text/html", "<html>", ErrorCode::BadReply},
      {200, "application/json", "{\"a\":", ErrorCode::BadReply},
      {200, "application/json", "[1,2", ErrorCode::BadReply},
      {200, "application/json", "{\"a\":\"\xFF\"}", ErrorCode::BadReply},
      {400, "application/json", "oops", ErrorCode::BadReply},
      {500, "text/plain", "oops", ErrorCode::ServerError},
  };

  for (const auto& it : cases) {
    answer(it.status, it.body,
           {{"content-type", it.type}, {"location", "https://login.example/a?b"}});
    const auto reply = call();
    ASSERT_FALSE(reply.ok()) << it.body;
    EXPECT_EQ(to_string(reply.error().code), to_string(it.code)) << it.status << it.body;
    EXPECT_THAT(reply.error().message, HasSubstr("abc.supabase.co")) << it.body;
    EXPECT_FALSE(reply.error().hint.empty()) << it.body;
  }
}

TEST_F(RestTest, TellsWhenToComeBack) {
  EXPECT_EQ(rest.retry_after(), std::nullopt);
  answer(429, "", {{"retry-after", "30"}});
  const auto reply = call();
  EXPECT_EQ(reply.error().code, ErrorCode::RateLimited);
  EXPECT_THAT(reply.error().hint, HasSubstr("30 seconds"));
  EXPECT_EQ(rest.retry_after(), std::chrono::seconds(30));
  answer(200, "1");
  ASSERT_TRUE(call().ok());
  EXPECT_EQ(rest.retry_after(), std::nullopt);
}

TEST_F(RestTest, CountsItsTraffic) {
  answer(200, "1");
  ASSERT_TRUE(call().ok());
  answer(500, "");
  ASSERT_FALSE(call().ok());
  EXPECT_EQ(rest.traffic().requests, 2);
  EXPECT_EQ(rest.traffic().bytes_sent, 200);
  EXPECT_EQ(rest.traffic().bytes_received, 400);
}

TEST_F(RestTest, NeverQuotesATokenInAnError) {
  const auto session = *auth.fresh_session();
  for (const int status : {400, 403, 404, 429, 500, 503}) {
    for (const char* code : {"P0001", "42501", "PGRST202", "CV001", "", "nonsense"}) {
      Json body;
      body.set("code", code);
      body.set("message", "you sent " + session.access_token);
      body.set("details", "Bearer " + session.access_token);
      body.set("hint", session.access_token);
      answer(status, body.dump());
      const auto reply = call();
      ASSERT_FALSE(reply.ok());
      EXPECT_THAT(text_of_error(reply.error()), Not(HasSubstr(session.access_token)));
      EXPECT_THAT(text_of_error(reply.error()), Not(HasSubstr("eyJ")));
    }
  }
}

}  // namespace
}  // namespace convoy::supabase
