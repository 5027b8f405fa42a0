#include "supabase/auth.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "supabase/test_supabase.h"

namespace convoy::supabase {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::Not;

class AuthTest : public testing::Test {
 protected:
  AuthTest() : transport([this](const net::HttpRequest& request) { return handle(request); }) {}

  Result<net::HttpReply> handle(const net::HttpRequest& request) {
    if (before) {
      if (auto reply = before(request)) return *std::move(reply);
    }
    if (is_sign_in(request)) return server.grant();
    if (is_refresh(request)) return server.refresh(request);
    if (request.url.find("/logout") != std::string::npos) return net::HttpReply{.status = 204};
    if (request.url.find("/user") != std::string::npos) {
      return json_reply(200, R"({"id":"u","email":"e@x"})");
    }
    return json_reply(404, R"({"message":"no Route matched with those values"})");
  }

  Session sign_in() {
    auto session = auth.sign_in_with_password(kEmail, kPassword);
    EXPECT_TRUE(session.ok()) << session.error().message;
    return *std::move(session);
  }

  Project project = *Project::create(kUrl, kKey);
  FakeClock clock;
  MemoryStore store;
  FakeGoTrue server;
  // Answers instead of the server, if it answers.
  std::function<std::optional<Result<net::HttpReply>>(const net::HttpRequest&)> before;
  FakeTransport transport;
  Auth auth{project, transport, store, clock};
};

TEST_F(AuthTest, SignsInAndKeepsTheSession) {
  const auto session = sign_in();
  EXPECT_EQ(session.user_id, kUserId);
  EXPECT_EQ(session.email, kEmail);
  EXPECT_EQ(session.access_token, server.access_token(1));
  EXPECT_EQ(session.expires_at_ms, kStart + 3'600'000);

  const auto request = transport.requests().at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://abc.supabase.co/auth/v1/token?grant_type=password");
  EXPECT_EQ(header_of(request, "apikey"), kKey);
  EXPECT_EQ(header_of(request, "Authorization"), "");
  EXPECT_EQ(header_of(request, "Content-Type"), "application/json");
  EXPECT_EQ(request.body, R"({"email":"ada@example.com","password":"correct horse battery"})");

  Auth other(project, transport, store, clock);
  const auto kept = other.session();
  ASSERT_TRUE(kept.ok());
  ASSERT_TRUE(kept->has_value());
  EXPECT_EQ((*kept)->refresh_token, FakeGoTrue::refresh_token(1));
}

TEST_F(AuthTest, DoesNotAskTheServerForCredentialsThatCantBe) {
  EXPECT_EQ(auth.sign_in_with_password("ada", "x").error().code, ErrorCode::InvalidArgument);
  EXPECT_EQ(auth.sign_in_with_password(kEmail, "").error().code, ErrorCode::InvalidArgument);
  EXPECT_EQ(auth.sign_in_with_password(kEmail, "a\xFF").error().code, ErrorCode::InvalidText);
  EXPECT_EQ(auth.sign_up("", "x").error().code, ErrorCode::InvalidArgument);
  EXPECT_TRUE(transport.requests().empty());
}

TEST_F(AuthTest, KeepsOnlyTheUserWhoseDataIsHere) {
  const auto refused = auth.sign_in_with_password(kEmail, kPassword, {.user_id = "somebody else"});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::WrongDatabase);
  EXPECT_EQ(store.text(), "");
  EXPECT_EQ(transport.count("/logout?scope=local"), 1U);
  EXPECT_TRUE(
      auth.sign_in_with_password(kEmail, kPassword, {.user_id = std::string(kUserId)}).ok());
}

TEST_F(AuthTest, SaysThatASignUpMustBeConfirmed) {
  before = [](const net::HttpRequest&) {
    return json_reply(200, R"({"id":"u","email":"ada@example.com","confirmation_sent_at":"now"})");
  };
  const auto session = auth.sign_up(kEmail, kPassword);
  ASSERT_FALSE(session.ok());
  EXPECT_EQ(session.error().code, ErrorCode::Refused);
  EXPECT_THAT(session.error().message, HasSubstr("confirmed"));
  EXPECT_THAT(session.error().hint, HasSubstr("convoy login"));
  EXPECT_EQ(store.text(), "");
}

TEST_F(AuthTest, SignsUpAtOnceWhereNothingIsConfirmed) {
  before = [this](const net::HttpRequest&) { return server.grant(); };
  EXPECT_TRUE(auth.sign_up(kEmail, kPassword).ok());
  EXPECT_TRUE(auth.session()->has_value());
}

struct Refusal {
  int status;
  const char* body;
  ErrorCode code;
};

TEST_F(AuthTest, KnowsTheServersRefusals) {
  // "…" stands for the password: a server might quote it.
  const Refusal refusals[] = {
      {400, R"({"code":"invalid_credentials","message":"Invalid login credentials"})",
       ErrorCode::InvalidCredentials},
      {400, R"({"code":400,"error_code":"invalid_credentials","msg":"Invalid login credentials"})",
       ErrorCode::InvalidCredentials},
      {400, R"({"error":"invalid_grant","error_description":"Invalid login credentials"})",
       ErrorCode::InvalidCredentials},
      {400, R"({"code":"email_not_confirmed","message":"Email not confirmed"})",
       ErrorCode::Refused},
      {422, R"({"code":422,"error_code":"user_already_exists","msg":"User already registered"})",
       ErrorCode::AlreadyExists},
      {422, R"({"code":"weak_password","message":"bad: correct horse battery"})",
       ErrorCode::InvalidArgument},
      {400, R"({"code":"validation_failed","message":"correct horse battery"})",
       ErrorCode::InvalidArgument},
      {422, R"({"code":"signup_disabled","message":"Signups not allowed"})", ErrorCode::Refused},
      {403, R"({"code":"user_banned","message":"User is banned"})", ErrorCode::Refused},
      {429, R"({"code":"over_request_rate_limit","message":"slow down"})", ErrorCode::RateLimited},
      {429, "", ErrorCode::RateLimited},
      {500, R"({"code":"unexpected_failure","message":"x"})", ErrorCode::ServerError},
      {504, R"({"code":"request_timeout","message":"x"})", ErrorCode::Timeout},
      {502, "<html>Bad gateway</html>", ErrorCode::ServerError},
      {540, "", ErrorCode::ServerError},
      {503, "no server", ErrorCode::ServerError},
      {401, R"({"message":"Invalid API key","hint":"Double check your Supabase `apikey`"})",
       ErrorCode::InvalidApiKey},
      {401, R"({"message":"No API key found in request","hint":"x"})", ErrorCode::InvalidApiKey},
      {402, R"({"message":"Service restricted"})", ErrorCode::Refused},
      {404, R"({"message":"no Route matched with those values"})", ErrorCode::BadReply},
      {404, R"({"error":"requested path is invalid"})", ErrorCode::BadReply},
      {418, R"({"code":"something_new","message":"x"})", ErrorCode::Refused},
      {200, "<!doctype html><html>log in to the network</html>", ErrorCode::BadReply},
      {200, R"({"access_token":"abc)", ErrorCode::BadReply},
      {200, R"({})", ErrorCode::BadReply},
      {200, "", ErrorCode::BadReply},
      {302, "", ErrorCode::BadReply},
  };
  for (const auto& refusal : refusals) {
    before = [&](const net::HttpRequest&) {
      return net::HttpReply{.status = refusal.status, .body = refusal.body};
    };
    const auto session = auth.sign_in_with_password(kEmail, kPassword);
    ASSERT_FALSE(session.ok()) << refusal.body;
    EXPECT_EQ(to_string(session.error().code), to_string(refusal.code)) << refusal.body;
    EXPECT_FALSE(session.error().message.empty()) << refusal.body;
    EXPECT_THAT(text_of_error(session.error()), Not(HasSubstr("correct horse"))) << refusal.body;
    EXPECT_EQ(store.text(), "") << refusal.body;
  }
}

TEST_F(AuthTest, DoesNotRenewATokenThatIsFresh) {
  sign_in();
  clock.advance_s(2800);
  EXPECT_EQ(auth.fresh_session()->access_token, server.access_token(1));
  EXPECT_EQ(transport.count("refresh_token"), 0U);
}

TEST_F(AuthTest, RenewsAfterFourFifthsOfItsLife) {
  sign_in();
  clock.advance_s(2881);
  EXPECT_EQ(auth.fresh_session()->access_token, server.access_token(2));
  EXPECT_EQ(auth.session()->value().refresh_token, FakeGoTrue::refresh_token(2));
  EXPECT_EQ(auth.fresh_session()->access_token, server.access_token(2));
  EXPECT_EQ(transport.count("refresh_token"), 1U);
}

TEST_F(AuthTest, RenewsWhenTheClockWasSetBack) {
  sign_in();
  clock.advance_s(-3600);
  EXPECT_EQ(auth.fresh_session()->access_token, server.access_token(2));
}

TEST_F(AuthTest, RenewsATokenThatTheServerRejected) {
  const auto session = sign_in();
  EXPECT_EQ(auth.renew(session.access_token)->access_token, server.access_token(2));
  // Somebody who still has the old one gets the new one without another exchange.
  EXPECT_EQ(auth.renew(session.access_token)->access_token, server.access_token(2));
  EXPECT_EQ(transport.count("refresh_token"), 1U);
}

TEST_F(AuthTest, SaysWhenNobodyIsSignedIn) {
  const auto session = auth.fresh_session();
  ASSERT_FALSE(session.ok());
  EXPECT_EQ(session.error().code, ErrorCode::SignInRequired);
  EXPECT_THAT(session.error().hint, HasSubstr("convoy login"));
  EXPECT_FALSE(auth.session()->has_value());
  EXPECT_TRUE(transport.requests().empty());
}

TEST_F(AuthTest, HasNoSessionWithAnotherProject) {
  sign_in();
  Auth other(*Project::create("https://other.supabase.co", kKey), transport, store, clock);
  EXPECT_FALSE(other.session()->has_value());
  EXPECT_EQ(other.fresh_session().error().code, ErrorCode::SignInRequired);
}

TEST_F(AuthTest, OneThreadRenewsForAll) {
  sign_in();
  clock.advance_s(3600);
  std::vector<std::thread> threads;
  std::array<std::string, 8> tokens;
  for (auto& token : tokens) {
    threads.emplace_back([this, &token] {
      const auto session = auth.fresh_session();
      token = session.ok() ? session->access_token : session.error().message;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_THAT(tokens, testing::Each(server.access_token(2)));
  EXPECT_EQ(transport.count("refresh_token"), 1U);
}

TEST_F(AuthTest, OneProcessRenewsForAll) {
  sign_in();
  // Two objects share nothing but the store, as two processes do.
  Auth other(project, transport, store, clock);
  for (int round = 2; round < 12; ++round) {
    clock.advance_s(3600);
    std::string tokens[2];
    std::thread thread([&] { tokens[1] = other.fresh_session()->access_token; });
    tokens[0] = auth.fresh_session()->access_token;
    thread.join();
    EXPECT_EQ(tokens[0], server.access_token(round));
    EXPECT_EQ(tokens[1], server.access_token(round));
  }
  EXPECT_EQ(server.newest(), 11);
}

TEST_F(AuthTest, AsksAgainWithTheSameTokenWhenTheAnswerIsLost) {
  sign_in();
  clock.advance_s(3600);
  int lost = 1;
  before = [&](const net::HttpRequest& request) -> std::optional<Result<net::HttpReply>> {
    if (!is_refresh(request) || lost-- <= 0) return std::nullopt;
    const auto dropped = server.refresh(request);
    EXPECT_EQ(dropped.status, 200);
    return offline();
  };
  EXPECT_EQ(auth.fresh_session()->access_token, server.access_token(2));
  EXPECT_EQ(server.newest(), 2);
}

TEST_F(AuthTest, KeepsTheSessionWhenEveryAnswerIsLost) {
  sign_in();
  clock.advance_s(3600);
  bool is_online = false;
  before = [&](const net::HttpRequest& request) -> std::optional<Result<net::HttpReply>> {
    if (is_online || !is_refresh(request)) return std::nullopt;
    server.refresh(request);
    return offline();
  };
  for (int i = 0; i < 3; ++i) {
    const auto session = auth.fresh_session();
    ASSERT_FALSE(session.ok());
    EXPECT_EQ(session.error().code, ErrorCode::Offline);
  }
  EXPECT_EQ(auth.session()->value().refresh_token, FakeGoTrue::refresh_token(1));
  is_online = true;
  EXPECT_EQ(auth.fresh_session()->access_token, server.access_token(2));
}

TEST_F(AuthTest, UsesTheOldTokenWhileItServesAndTheServerIsAway) {
  sign_in();
  clock.advance_s(3000);
  bool is_online = false;
  before = [&](const net::HttpRequest&) -> std::optional<Result<net::HttpReply>> {
    if (is_online) return std::nullopt;
    return net::HttpReply{.status = 503};
  };
  EXPECT_EQ(auth.fresh_session()->access_token, server.access_token(1));
  EXPECT_EQ(auth.fresh_session()->access_token, server.access_token(1));
  EXPECT_EQ(transport.count("refresh_token"), 1U) << "the second call waits for the pause to end";
  clock.advance_s(31);
  is_online = true;
  EXPECT_EQ(auth.fresh_session()->access_token, server.access_token(2));
}

TEST_F(AuthTest, DoesNotOfferARejectedTokenAgain) {
  const auto session = sign_in();
  before = [&](const net::HttpRequest&) { return offline(); };
  EXPECT_EQ(auth.renew(session.access_token).error().code, ErrorCode::Offline);
}

TEST_F(AuthTest, OfflineExpiredAndRefusedAreThreeErrors) {
  sign_in();
  clock.advance_s(4000);
  before = [](const net::HttpRequest&) { return offline(); };
  EXPECT_EQ(auth.fresh_session().error().code, ErrorCode::Offline);
  before = [](const net::HttpRequest&) { return FakeGoTrue::refuse("user_banned"); };
  EXPECT_EQ(auth.fresh_session().error().code, ErrorCode::Refused);
  before = [](const net::HttpRequest&) { return FakeGoTrue::refuse("session_expired"); };
  EXPECT_EQ(auth.fresh_session().error().code, ErrorCode::SignInRequired);
}

TEST_F(AuthTest, RemembersThatASessionHasEnded) {
  sign_in();
  clock.advance_s(4000);
  server.revoke();
  for (int i = 0; i < 2; ++i) {
    const auto session = auth.fresh_session();
    ASSERT_FALSE(session.ok());
    EXPECT_EQ(session.error().code, ErrorCode::SignInRequired);
    EXPECT_THAT(session.error().message, HasSubstr("ada@example.com"));
    EXPECT_THAT(session.error().hint, HasSubstr("convoy login"));
  }
  EXPECT_EQ(transport.count("refresh_token"), 1U);
  EXPECT_FALSE(auth.session()->has_value());
  EXPECT_THAT(store.text(), Not(HasSubstr("secret")));
}

TEST_F(AuthTest, TakesWhatAnotherProcessRenewedWithoutTheLock) {
  sign_in();
  clock.advance_s(4000);
  before = [&](const net::HttpRequest& request) -> std::optional<Result<net::HttpReply>> {
    if (!is_refresh(request)) return std::nullopt;
    Session session = **auth.session();
    session.access_token = "other-access";
    session.refresh_token = "other-refresh";
    session.obtained_at_ms = clock.now_ms();
    session.expires_at_ms = clock.now_ms() + 3'600'000;
    store.put(encode_session(session));
    return FakeGoTrue::refuse("refresh_token_already_used");
  };
  EXPECT_EQ(auth.fresh_session()->access_token, "other-access");
  EXPECT_EQ(transport.count("refresh_token"), 1U);
}

TEST_F(AuthTest, TriesAStoredTokenThatIsNewerThanTheRefusedOne) {
  sign_in();
  clock.advance_s(4000);
  int refusals = 0;
  before = [&](const net::HttpRequest& request) -> std::optional<Result<net::HttpReply>> {
    if (!is_refresh(request) || refusals++ > 0) return std::nullopt;
    // Another process renewed long ago, so that its access token has run out as well.
    const auto renewed = server.refresh(request);
    auto session = *read_session_reply(*base::parse_json(renewed.body), kStart, kUrl);
    store.put(encode_session(session));
    return FakeGoTrue::refuse("refresh_token_already_used");
  };
  EXPECT_EQ(auth.fresh_session()->access_token, server.access_token(3));
}

TEST_F(AuthTest, DoesNotUseATokenThatItCouldNotKeep) {
  sign_in();
  clock.advance_s(4000);
  store.save_error = Error{.code = ErrorCode::DiskFull, .message = "full"};
  EXPECT_EQ(auth.fresh_session().error().code, ErrorCode::DiskFull);
  store.save_error.reset();
  EXPECT_EQ(auth.fresh_session()->access_token, server.access_token(2));
}

TEST_F(AuthTest, SaysWhatIsWrongWithTheStore) {
  store.load_error = Error{.code = ErrorCode::Io, .message = "unreadable"};
  EXPECT_EQ(auth.fresh_session().error().code, ErrorCode::Io);
  store.load_error.reset();
  store.put("{ not a session");
  EXPECT_EQ(auth.fresh_session().error().code, ErrorCode::Corrupt);
}

TEST_F(AuthTest, RefusesAnotherUsersTokens) {
  sign_in();
  clock.advance_s(4000);
  server.user_id = "somebody else";
  EXPECT_EQ(auth.fresh_session().error().code, ErrorCode::BadReply);
}

TEST_F(AuthTest, SignsOut) {
  sign_in();
  ASSERT_TRUE(auth.sign_out().ok());
  EXPECT_EQ(store.text(), "");
  const auto request = transport.requests().back();
  EXPECT_EQ(request.url, "https://abc.supabase.co/auth/v1/logout?scope=local");
  EXPECT_EQ(header_of(request, "Authorization"), "Bearer " + server.access_token(1));
  EXPECT_EQ(auth.fresh_session().error().code, ErrorCode::SignInRequired);
  EXPECT_TRUE(auth.sign_out().ok());
}

TEST_F(AuthTest, ForgetsTheSessionEvenIfTheServerCantBeTold) {
  sign_in();
  before = [](const net::HttpRequest&) { return offline(); };
  EXPECT_EQ(auth.sign_out().error().code, ErrorCode::Offline);
  EXPECT_EQ(store.text(), "");
}

TEST_F(AuthTest, SignsOutOfASessionThatTheServerForgot) {
  sign_in();
  before = [](const net::HttpRequest&) {
    return json_reply(
        403,
        R"({"code":"session_not_found","message":"Session from session_id claim in JWT does not exist"})");
  };
  EXPECT_TRUE(auth.sign_out().ok());
  EXPECT_EQ(store.text(), "");
}

TEST_F(AuthTest, RenewsToSignOutWithAnExpiredToken) {
  sign_in();
  clock.advance_s(4000);
  ASSERT_TRUE(auth.sign_out().ok());
  EXPECT_EQ(header_of(transport.requests().back(), "Authorization"),
            "Bearer " + server.access_token(2));
}

TEST_F(AuthTest, AsksWhoIsSignedIn) {
  sign_in();
  const auto user = auth.user();
  ASSERT_TRUE(user.ok());
  EXPECT_EQ(user->id, "u");
  EXPECT_EQ(user->email, "e@x");
}

TEST_F(AuthTest, RenewsOnceWhenTheServerDoesNotKnowTheUser) {
  sign_in();
  int rejections = 1;
  before = [&](const net::HttpRequest& request) -> std::optional<Result<net::HttpReply>> {
    if (request.url.find("/user") == std::string::npos || rejections-- <= 0) return std::nullopt;
    return json_reply(403, R"({"code":"bad_jwt","message":"invalid JWT: token is expired"})");
  };
  EXPECT_TRUE(auth.user().ok());
  EXPECT_EQ(transport.count("refresh_token"), 1U);
}

TEST_F(AuthTest, NeverQuotesATokenInAnError) {
  const auto session = sign_in();
  clock.advance_s(4000);
  for (const int status : {400, 401, 403, 404, 422, 429, 500, 503}) {
    for (const char* code :
         {"validation_failed", "unexpected_failure", "something_new", "user_banned"}) {
      before = [&](const net::HttpRequest&) {
        return json_reply(status, R"({"code":")" + std::string(code) +
                                      R"(","message":"bad token )" + session.refresh_token +
                                      " or " + session.access_token + R"(","hint":")" +
                                      session.access_token + R"("})");
      };
      const auto refused = auth.fresh_session();
      ASSERT_FALSE(refused.ok());
      EXPECT_THAT(text_of_error(refused.error()), Not(HasSubstr(session.refresh_token)));
      EXPECT_THAT(text_of_error(refused.error()), Not(HasSubstr(session.access_token)));
      EXPECT_THAT(text_of_error(refused.error()), Not(HasSubstr("eyJ")));
    }
  }
}

}  // namespace
}  // namespace convoy::supabase
