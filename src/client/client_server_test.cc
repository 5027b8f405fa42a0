// What a client asks its server about itself and about the user's devices.
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/environment.h"
#include "base/json.h"
#include "convoy/client.h"
#include "net/http.h"
#include "supabase/session.h"

namespace convoy {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kUser = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa";
constexpr std::int64_t kNow = 1'795'344'362'000;  // 2026-11-22T10:46:02Z

class FixedClock final : public base::Clock {
 public:
  std::int64_t now_ms() override { return now; }

  std::int64_t now = kNow;
};

// Gives every request the same answer, and takes some time for it.
class OneAnswer final : public net::HttpTransport {
 public:
  explicit OneAnswer(FixedClock& clock) : clock_(&clock) {}

  Result<net::HttpReply> send(const net::HttpRequest& request) override {
    requests.push_back(request);
    clock_->now += delay_ms;
    return net::HttpReply{
        .status = status, .headers = {{"content-type", "application/json"}}, .body = body};
  }

  int status = 200;
  std::string body;
  std::int64_t delay_ms = 0;
  std::vector<net::HttpRequest> requests;

 private:
  FixedClock* clock_;
};

class ClientServerTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = std::filesystem::temp_directory_path() / "convoy-server-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    home_ = pattern;
    write("config.json", R"({"project":{"url":"https://abc.supabase.co","key":"sb_publishable_x"},)"
                         R"("user":{"id":")" +
                             std::string(kUser) + R"(","email":"ada@example.com"}})");
    write("session.json", supabase::encode_session({.access_token = "access-1",
                                                    .refresh_token = "refresh-1",
                                                    .obtained_at_ms = kNow,
                                                    .expires_at_ms = kNow + 3'600'000,
                                                    .user_id = kUser,
                                                    .email = "ada@example.com",
                                                    .project_url = "https://abc.supabase.co"}));
    auto client = Client::open(
        {.home = home_,
         .schema = {.version = 1, .tables = {{.name = "notes", .columns = {{.name = "text"}}}}},
         .clock = &clock_,
         .transport = &server_,
         .program = "test 1.2.3"});
    ASSERT_TRUE(client.ok()) << client.error().message;
    client_.emplace(*std::move(client));
  }

  void TearDown() override {
    client_.reset();
    std::filesystem::remove_all(home_);
  }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(home_ + "/" + name, std::ios::trunc) << text;
    std::filesystem::permissions(home_ + "/" + name, std::filesystem::perms::owner_read |
                                                         std::filesystem::perms::owner_write);
  }

  // The last request: its function, and what it was given.
  [[nodiscard]] std::string function() const {
    const auto& url = server_.requests.back().url;
    return url.substr(url.rfind('/') + 1);
  }

  [[nodiscard]] base::Json given() const {
    const auto body = base::parse_json(server_.requests.back().body);
    return body.ok() && body->find("req") != nullptr ? *body->find("req") : base::Json();
  }

  [[nodiscard]] std::string header(std::string_view name) const {
    for (const auto& [header, value] : server_.requests.back().headers) {
      if (header == name) return value;
    }
    return {};
  }

  std::string client_id() {
    server_.body = R"({"version":"1","server_time":"2026-11-22T10:46:02Z"})";
    EXPECT_TRUE(client_->hello().ok());
    return *given().find("client")->string();
  }

  std::string home_;
  FixedClock clock_;
  OneAnswer server_{clock_};
  std::optional<Client> client_;
};

TEST_F(ClientServerTest, SaysHello) {
  server_.body = R"({"status":"ok","version":"0.1.0","last_mid":17,"realtime":true,)"
                 R"("server_time":"2026-11-22T10:47:32.5Z"})";
  server_.delay_ms = 1'000;
  const auto info = client_->hello("Laptop");
  ASSERT_TRUE(info.ok()) << info.error().message;
  EXPECT_EQ(info->version, "0.1.0");
  EXPECT_EQ(info->last_mid, 17);
  EXPECT_TRUE(info->has_realtime);
  EXPECT_EQ(info->round_trip_ms, 1'000);
  EXPECT_EQ(info->clock_skew_ms, 90'000) << "compared with the middle of the question's way";
  EXPECT_EQ(function(), "convoy_hello");
  EXPECT_EQ(given().find("protocol")->integer(), 1);
  EXPECT_EQ(given().find("client")->string()->size(), 36U);
  EXPECT_EQ(given().find("device")->dump(), R"({"name":"Laptop","program":"test 1.2.3"})");
  EXPECT_EQ(header("Authorization"), "Bearer access-1");
  ASSERT_TRUE(client_->hello().ok());
  EXPECT_EQ(given().find("device")->dump(), R"({"program":"test 1.2.3"})");
  server_.body = R"({"status":"ok"})";
  EXPECT_EQ(client_->hello().error().code, ErrorCode::BadReply);
}

TEST_F(ClientServerTest, ReadsRowsPastWhatIsKept) {
  server_.body = R"([{"id":"7","text":"new"}])";
  const auto rows = client_->read_rows("notes", {{"id", "eq.7"}});
  ASSERT_TRUE(rows.ok()) << rows.error().message;
  EXPECT_EQ(*rows, R"([{"id":"7","text":"new"}])");
  EXPECT_EQ(server_.requests.back().url, "https://abc.supabase.co/rest/v1/notes?id=eq.7");
  EXPECT_EQ(header("Authorization"), "Bearer access-1");
  EXPECT_LE(server_.requests.back().timeout, std::chrono::seconds(10)) << "somebody waits for it";
  for (const char* broken : {"{}", "7", "null"}) {
    server_.body = broken;
    EXPECT_EQ(client_->read_rows("notes", {}).error().code, ErrorCode::BadReply) << broken;
  }
}

TEST_F(ClientServerTest, ListsDevices) {
  const auto mine = client_id();
  server_.body = R"({"devices":[{"client":")" + mine +
                 R"(","name":"Laptop","program":"convoy 0.1.0",)"
                 R"("seen_at":"2026-11-22T10:46:02.5+00:00","created_at":"2026-11-22T10:46:02Z",)"
                 R"("last_mid":3,"is_revoked":false},{"client":"other","name":null,)"
                 R"("program":null,"seen_at":null,"last_mid":0,"is_revoked":true}]})";
  const auto devices = client_->devices();
  ASSERT_TRUE(devices.ok()) << devices.error().message;
  ASSERT_EQ(devices->size(), 2U);
  const auto& first = devices->at(0);
  EXPECT_TRUE(first.is_this && !first.is_revoked);
  EXPECT_EQ(first.name + "|" + first.program, "Laptop|convoy 0.1.0");
  EXPECT_EQ(first.seen_at_ms, kNow + 500);
  EXPECT_EQ(first.created_at_ms, kNow);
  EXPECT_EQ(first.last_mid, 3);
  const auto& second = devices->at(1);
  EXPECT_TRUE(!second.is_this && second.is_revoked);
  EXPECT_EQ(second.name, "");
  EXPECT_FALSE(second.seen_at_ms.has_value());
  for (const char* broken : {R"({"devices":7})", R"({})", R"({"devices":[{"name":"x"}]})"}) {
    server_.body = broken;
    EXPECT_EQ(client_->devices().error().code, ErrorCode::BadReply) << broken;
  }
}

TEST_F(ClientServerTest, SignsDevicesOut) {
  server_.body = R"({"status":"ok"})";
  EXPECT_TRUE(client_->revoke_device("x").ok());
  EXPECT_EQ(function(), "convoy_revoke_device");
  EXPECT_EQ(*given().find("client")->string(), "x");
  server_.status = 400;
  server_.body = R"({"code":"CV010","message":"no device of yours has this id"})";
  const auto unknown = client_->revoke_device("x");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, ErrorCode::NotFound);
}

TEST_F(ClientServerTest, DescribesTheServer) {
  server_.body = R"({"status":"ok","fingerprint":"f","tables":[{"n":1.10}]})";
  const auto text = client_->describe_server();
  ASSERT_TRUE(text.ok()) << text.error().message;
  EXPECT_EQ(*text, server_.body);
  EXPECT_EQ(function(), "convoy_schema");
}

TEST_F(ClientServerTest, ReachesAServerThatAsksForASignIn) {
  server_.status = 401;
  server_.body = R"({"code":"42501","message":"permission denied for function convoy_hello"})";
  EXPECT_TRUE(client_->reach_server().ok());
  EXPECT_EQ(header("Authorization"), "") << "nobody is signed in for this";
  server_.status = 404;
  server_.body = R"({"code":"PGRST202","message":"Could not find the function"})";
  const auto missing = client_->reach_server();
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, ErrorCode::NotInstalled);
}

TEST_F(ClientServerTest, AsksTheServersDoctorWithTheSecretKeyAndKeepsNothingOfIt) {
  server_.body = R"({"findings":[{"check":"rls_off","severity":"error","subject":"tasks",)"
                 R"("message":"off","fix":null}]})";
  const auto findings = client_->server_findings("sb_secret_0123456789");
  ASSERT_TRUE(findings.ok()) << findings.error().message;
  ASSERT_EQ(findings->size(), 1U);
  EXPECT_EQ(findings->front().check + "|" + findings->front().severity + "|" +
                findings->front().subject + "|" + findings->front().fix,
            "rls_off|error|tasks|");
  EXPECT_EQ(header("apikey"), "sb_secret_0123456789");
  EXPECT_EQ(header("Authorization"), "");
  for (const auto& entry : std::filesystem::directory_iterator(home_)) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(file), {}};
    EXPECT_THAT(content, Not(HasSubstr("sb_secret_"))) << entry.path();
  }
  const auto count = server_.requests.size();
  EXPECT_EQ(client_->server_findings("sb_publishable_x").error().code, ErrorCode::InvalidArgument);
  EXPECT_EQ(server_.requests.size(), count);
}

TEST_F(ClientServerTest, LooksThroughTheFile) {
  const auto damage = client_->check_file();
  ASSERT_TRUE(damage.ok()) << damage.error().message;
  EXPECT_THAT(*damage, IsEmpty());
  EXPECT_THAT(server_.requests, IsEmpty());
}

TEST_F(ClientServerTest, AsksNobodyWhereNobodyIsSignedIn) {
  write("config.json", R"({"project":{"url":"https://abc.supabase.co","key":"sb_publishable_x"}})");
  EXPECT_EQ(client_->describe_server().error().code, ErrorCode::SignInRequired);
  EXPECT_EQ(client_->devices().error().code, ErrorCode::SignInRequired);
  EXPECT_EQ(client_->hello().error().code, ErrorCode::SignInRequired);
  EXPECT_EQ(client_->revoke_device("x").error().code, ErrorCode::SignInRequired);
  EXPECT_EQ(client_->check_file().error().code, ErrorCode::SignInRequired);
  EXPECT_THAT(server_.requests, IsEmpty());
}

}  // namespace
}  // namespace convoy
