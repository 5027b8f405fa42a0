// Syncing in the background against a server and a Realtime that do what the tests want.
#include <stdlib.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "client/sync_state.h"
#include "convoy/client.h"
#include "convoy/live.h"
#include "net/http.h"
#include "net/web_socket.h"
#include "platform/posix/file_lock.h"
#include "platform/posix/posix_clock.h"
#include "supabase/realtime/phoenix.h"
#include "supabase/session.h"

namespace convoy {
namespace {

using base::Json;
using std::chrono::milliseconds;
using testing::HasSubstr;

constexpr const char* kUser = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa";
constexpr const char* kScope = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb";
constexpr milliseconds kSoon{20'000};  // On a busy machine.

bool comes_true(const std::function<bool()>& condition, milliseconds within = kSoon) {
  const auto deadline = std::chrono::steady_clock::now() + within;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(milliseconds(2));
  }
  return true;
}

// A project with one scope and no rows, which takes whatever it is sent.
class FakeServer final : public net::HttpTransport {
 public:
  Result<net::HttpReply> send(const net::HttpRequest& request) override {
    std::unique_lock lock(mutex_);
    if (is_down_) return Error{.code = ErrorCode::Offline, .message = "no network"};
    if (request.url.find("/rpc/convoy_push") != std::string::npos) ++pushes_;
    if (request.url.find("/rpc/convoy_pull") != std::string::npos) {
      ++pulls_;
      const auto is_cancelled = [&] {
        return request.cancellation != nullptr && request.cancellation->is_cancelled();
      };
      while (is_holding_ && !is_cancelled()) {
        changed_.wait_for(lock, milliseconds(5));
      }
      if (is_cancelled()) {
        return Error{.code = ErrorCode::Cancelled, .message = "called off"};
      }
    }
    if (failure_ != 0) return reply(failure_, R"({"code":"42501","message":"not you"})");
    const auto json = base::parse_json(request.body);
    const auto* req = json.ok() ? json->find("req") : nullptr;
    if (req == nullptr) return reply(404, "{}");
    if (request.url.find("/rpc/convoy_push") != std::string::npos) return push(*req);
    if (request.url.find("/rpc/convoy_pull") != std::string::npos) return pull(*req);
    if (request.url.find("/rpc/convoy_hello") != std::string::npos) return hello();
    if (request.url.find("/rpc/convoy_verify") != std::string::npos) return verify(lock);
    return reply(200, head() + R"(,"visibility":"owner","next":"20:20:","after":null,)"
                               R"("more":false,"changes":[],"total":0})");
  }

  void set_down(bool is_down) {
    const std::lock_guard lock(mutex_);
    is_down_ = is_down;
  }

  void hold(bool is_holding) {
    const std::lock_guard lock(mutex_);
    is_holding_ = is_holding;
  }

  void hold_verification(bool is_holding) {
    const std::lock_guard lock(mutex_);
    is_holding_verification_ = is_holding;
  }

  void fail_with(int status) {
    const std::lock_guard lock(mutex_);
    failure_ = status;
  }

  void reject_writes() {
    const std::lock_guard lock(mutex_);
    rejects_ = true;
  }

  int pulls() {
    const std::lock_guard lock(mutex_);
    return pulls_;
  }

  int pushes() {
    const std::lock_guard lock(mutex_);
    return pushes_;
  }

  int hellos() {
    const std::lock_guard lock(mutex_);
    return hellos_;
  }

  int verifications() {
    const std::lock_guard lock(mutex_);
    return verifications_;
  }

 private:
  static Result<net::HttpReply> reply(int status, std::string body) {
    return net::HttpReply{.status = status,
                          .headers = {{"content-type", "application/json"}},
                          .body = std::move(body),
                          .bytes_sent = 100,
                          .bytes_received = 200};
  }

  static std::string head() {
    return R"({"status":"ok","protocol":1,"epoch":"11111111-1111-4111-8111-111111111111")";
  }

  Result<net::HttpReply> push(const Json& request) {
    std::string outcomes;
    for (const auto& mutation : *request.find("mutations")->array()) {
      last_mid_ = *mutation.find("mid")->integer();
      outcomes += (outcomes.empty() ? "" : ",") + std::string(R"({"mid":)") +
                  std::to_string(last_mid_) +
                  (rejects_ ? R"(,"status":"rejected","code":"CV004","message":"it is gone"})"
                            : R"(,"status":"applied"})");
    }
    return reply(200, head() + R"(,"last_mid":)" + std::to_string(last_mid_) + R"(,"outcomes":[)" +
                          outcomes + "]}");
  }

  Result<net::HttpReply> hello() {
    ++hellos_;
    return reply(200, head() + R"(,"version":"1","last_mid":0,"realtime":true,)"
                               R"("server_time":"2026-11-22T10:46:02Z"})");
  }

  Result<net::HttpReply> verify(std::unique_lock<std::mutex>& lock) {
    ++verifications_;
    while (is_holding_verification_) changed_.wait_for(lock, milliseconds(5));
    return reply(200, head() + R"(,"visibility":"owner","behind":false,"tables":)"
                               R"([{"table":"notes","rows":0,"hash":"0000000000000000"}]})");
  }

  Result<net::HttpReply> pull(const Json& request) const {
    const bool is_first = request.find("scopes")->array()->empty();
    auto body = head() +
                R"(,"target":"20:20:","next":"20:20:","after":null,"more":false,)"
                R"("changes":[],"last_mid":)" +
                std::to_string(last_mid_);
    if (is_first) body += R"(,"added":{")" + std::string(kScope) + R"(":"owner"})";
    if (request.find("schema") == nullptr) {
      body += R"(,"schema":{"fingerprint":"f1","tables":[{"name":"notes","id":"id",)"
              R"("conflict":"merge","columns":[{"name":"id","type":"uuid","nullable":false,)"
              R"("write":true},{"name":"text","type":"text","nullable":false,"write":true}]}]})";
    }
    return reply(200, body + "}");
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_down_ = false;
  bool is_holding_ = false;
  bool is_holding_verification_ = false;
  bool rejects_ = false;
  int failure_ = 0;
  int pulls_ = 0;
  int pushes_ = 0;
  int hellos_ = 0;
  int verifications_ = 0;
  std::int64_t last_mid_ = 0;
};

// Realtime that lets everybody join.
class FakeRealtime final : public net::WebSocketConnector {
 public:
  struct Line {
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::string> incoming;
    std::vector<std::string> sent;
    bool is_cut = false;
    bool is_woken = false;
  };

  Result<std::unique_ptr<net::WebSocket>> connect(const net::WebSocketRequest& request) override {
    const std::lock_guard lock(mutex_);
    if (is_missing_) return Error{.code = ErrorCode::NotFound, .message = "no Realtime here"};
    url = request.url;
    ++connections_;
    line_ = std::make_shared<Line>();
    return std::unique_ptr<net::WebSocket>(std::make_unique<Socket>(line_));
  }

  void set_missing(bool is_missing) {
    const std::lock_guard lock(mutex_);
    is_missing_ = is_missing;
  }

  int connections() {
    const std::lock_guard lock(mutex_);
    return connections_;
  }

  void ring(const std::string& scope, const std::string& xid) {
    say(R"({"topic":"realtime:convoy:)" + scope + R"(","event":"broadcast","payload":)" +
        R"({"type":"broadcast","event":"changed","payload":{"xid":")" + xid + R"("}},"ref":null})");
  }

  void cut() {
    const auto line = this->line();
    const std::lock_guard lock(line->mutex);
    line->is_cut = true;
    line->changed.notify_all();
  }

  std::string url;

 private:
  class Socket final : public net::WebSocket {
   public:
    explicit Socket(std::shared_ptr<Line> line) : line_(std::move(line)) {}

    Status send(std::string_view text) override {
      const auto message = supabase::realtime::decode(text);
      const std::lock_guard lock(line_->mutex);
      line_->sent.emplace_back(text);
      line_->incoming.push_back(R"({"topic":")" + message->topic +
                                R"(","event":"phx_reply","payload":{"status":"ok","response":{}},)"
                                R"("ref":")" +
                                message->ref + R"("})");
      return ok_status();
    }

    Result<std::optional<std::string>> receive(milliseconds wait_max) override {
      std::unique_lock lock(line_->mutex);
      line_->changed.wait_for(lock, wait_max, [this] {
        return line_->is_cut || line_->is_woken || !line_->incoming.empty();
      });
      line_->is_woken = false;
      if (line_->is_cut) return Error{.code = ErrorCode::Offline, .message = "cut"};
      if (line_->incoming.empty()) return std::optional<std::string>();
      std::optional<std::string> message(std::move(line_->incoming.front()));
      line_->incoming.pop_front();
      return message;
    }

    void wake() noexcept override {
      const std::lock_guard lock(line_->mutex);
      line_->is_woken = true;
      line_->changed.notify_all();
    }

    [[nodiscard]] net::WebSocketTraffic traffic() const override { return {}; }

   private:
    std::shared_ptr<Line> line_;
  };

  std::shared_ptr<Line> line() {
    const std::lock_guard lock(mutex_);
    return line_;
  }

  void say(std::string text) {
    const auto line = this->line();
    const std::lock_guard lock(line->mutex);
    line->incoming.push_back(std::move(text));
    line->changed.notify_all();
  }

  std::mutex mutex_;
  bool is_missing_ = false;
  int connections_ = 0;
  std::shared_ptr<Line> line_;
};

class BackgroundTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = std::filesystem::temp_directory_path() / "convoy-background-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    home_ = pattern;
    write("config.json", R"({"project":{"url":"https://abc.supabase.co","key":"sb_publishable_x"},)"
                         R"("user":{"id":")" +
                             std::string(kUser) + R"(","email":"ada@example.com"}})");
    sign_in("access-1");
  }

  void TearDown() override { std::filesystem::remove_all(home_); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(home_ + "/" + name, std::ios::trunc) << text;
    std::filesystem::permissions(home_ + "/" + name, std::filesystem::perms::owner_read |
                                                         std::filesystem::perms::owner_write);
  }

  void sign_in(const std::string& token) {
    constexpr std::int64_t kHour = 3'600'000;
    const auto now = platform::PosixClock().now_ms();
    write("session.json", supabase::encode_session({.access_token = token,
                                                    .refresh_token = "refresh-" + token,
                                                    .obtained_at_ms = now,
                                                    .expires_at_ms = now + kHour,
                                                    .user_id = kUser,
                                                    .email = "ada@example.com",
                                                    .project_url = "https://abc.supabase.co"}));
  }

  Client open() {
    auto client = Client::open(
        {.home = home_,
         .schema = {.version = 1, .tables = {{.name = "notes", .columns = {{.name = "text"}}}}},
         .transport = &server_,
         .sockets = &realtime_});
    EXPECT_TRUE(client.ok()) << client.error().message;
    return *std::move(client);
  }

  static void add_note(Client& client) {
    const auto added = (*client.database())->write([](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.create("notes", {{"text", "hello"}}));
      return ok_status();
    });
    ASSERT_TRUE(added.ok()) << added.error().message;
  }

  static Connection connection(Client& client) {
    const auto status = client.status();
    return status.ok() ? status->connection : Connection::Off;
  }

  static bool becomes(Client& client, Connection wanted) {
    return comes_true([&] { return connection(client) == wanted && !client.status()->activity; });
  }

  std::string home_;
  FakeServer server_;
  FakeRealtime realtime_;
};

TEST_F(BackgroundTest, SyncsAtStartAndSendsWhatIsWritten) {
  auto client = open();
  EXPECT_EQ(connection(client), Connection::Off);
  // Without Realtime, whose coming up is a reason of its own to sync.
  ASSERT_TRUE(client.start({.use_realtime = false}).ok());
  EXPECT_EQ(client.start().error().code, ErrorCode::InvalidState);
  ASSERT_TRUE(becomes(client, Connection::Online));
  ASSERT_TRUE(comes_true([&] { return client.log()->size() == 1; }));
  EXPECT_EQ(client.log()->front().cause, "start");
  add_note(client);
  const auto synced = client.await_synced({.tier = SyncTier::Confirmed, .timeout = kSoon});
  EXPECT_TRUE(synced.ok()) << synced.error().message;
  EXPECT_EQ(server_.pushes(), 1);
  EXPECT_EQ(client.status()->pending, 0);
  EXPECT_TRUE(client.queue()->empty());
  EXPECT_TRUE(comes_true([&] { return client.log()->front().cause == "commit"; }));
  client.stop();
  EXPECT_EQ(connection(client), Connection::Off);
  EXPECT_FALSE(platform::FileLock::is_held(client::sync_lock_path(client.status()->database_path)));
}

TEST_F(BackgroundTest, ADoorbellIsFollowedByAPullOnceItIsNews) {
  auto client = open();
  ASSERT_TRUE(client.start().ok());
  ASSERT_TRUE(comes_true([&] { return client.status()->realtime == Realtime::On; }));
  EXPECT_THAT(realtime_.url, HasSubstr("/realtime/v1/websocket?apikey=sb_publishable_x"));
  // The pull that follows joining.
  ASSERT_TRUE(comes_true([&] { return client.log()->front().cause == "reconnect"; }));
  const auto pulls = server_.pulls();
  realtime_.ring(kScope, "19");  // The cursor is 20:20:, it has seen that.
  realtime_.ring(kScope, "20");
  ASSERT_TRUE(comes_true([&] { return client.log()->front().cause == "doorbell"; }));
  EXPECT_EQ(server_.pulls(), pulls + 1);
}

TEST_F(BackgroundTest, AConnectionThatIsCutIsMadeAgain) {
  auto client = open();
  ASSERT_TRUE(client.start().ok());
  ASSERT_TRUE(comes_true([&] { return client.status()->realtime == Realtime::On; }));
  realtime_.cut();
  ASSERT_TRUE(comes_true([&] { return realtime_.connections() == 2; }));
  EXPECT_TRUE(comes_true([&] { return client.status()->realtime == Realtime::On; }));
}

TEST_F(BackgroundTest, WithoutRealtimeItPolls) {
  realtime_.set_missing(true);
  auto client = open();
  ASSERT_TRUE(client.start({.poll_interval = milliseconds(20)}).ok());
  ASSERT_TRUE(comes_true([&] { return server_.pulls() > 3; }));
  EXPECT_EQ(client.status()->realtime, Realtime::Connecting);
  EXPECT_EQ(client.log()->front().cause, "timer");
}

TEST_F(BackgroundTest, SaysHelloOnceWhenItHasSynced) {
  auto client = open();
  ASSERT_TRUE(client.start({.use_realtime = false, .poll_interval = milliseconds(5)}).ok());
  ASSERT_TRUE(comes_true([&] { return server_.pulls() > 4; }));
  EXPECT_EQ(server_.hellos(), 1);
  EXPECT_EQ(server_.verifications(), 0) << "the first sync has just fetched everything";
}

TEST_F(BackgroundTest, ComparesWithTheServerWhenNothingIsNew) {
  auto client = open();
  ASSERT_TRUE(client
                  .start({.use_realtime = false,
                          .poll_interval = milliseconds(5),
                          .verify_interval = milliseconds(1)})
                  .ok());
  ASSERT_TRUE(comes_true([&] { return client.status()->verification.has_value(); }));
  EXPECT_EQ(client.status()->verification->repaired, 0);
  const auto log = *client.log(200);
  EXPECT_TRUE(std::ranges::any_of(log, [](const auto& entry) { return entry.cause == "verify"; }));
  client.set_metered(true);
  EXPECT_TRUE(comes_true([&] { return client.status()->is_metered; }));
}

// No poll is due for an hour: what is written while it compares must be a reason of its own.
TEST_F(BackgroundTest, SendsWhatIsWrittenWhileItCompares) {
  auto client = open();
  ASSERT_TRUE(client.sync().ok());
  server_.hold_verification(true);
  ASSERT_TRUE(client
                  .start({.use_realtime = false,
                          .poll_interval = std::chrono::hours(1),
                          .verify_interval = milliseconds(1)})
                  .ok());
  ASSERT_TRUE(comes_true([&] { return server_.verifications() == 1; }));
  // Told after the client's own look at the outbox, which came first.
  std::atomic<bool> is_told = false;
  const auto told = observe_select(**client.database(), "select count(*) from convoy_mutation", {},
                                   [&](const Result<RawRows>& now) {
                                     if (now.ok() && now->rows.front().front() == Value(1.0))
                                       is_told = true;
                                   });
  add_note(client);
  EXPECT_TRUE(comes_true([&] { return is_told.load(); }));
  server_.hold_verification(false);
  EXPECT_TRUE(client.await_synced({.timeout = milliseconds(10'000)}).ok());
}

TEST_F(BackgroundTest, ComparesWithTheServerOnDemand) {
  auto client = open();
  std::vector<SyncPhase> phases;
  const auto report = client.verify(
      {.on_progress = [&](const SyncProgress& progress) { phases.push_back(progress.phase); }});
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->scopes, 1);
  EXPECT_TRUE(report->differences.empty());
  EXPECT_GT(report->bytes_down, 0);
  EXPECT_EQ(phases.front(), SyncPhase::Pushing);
  EXPECT_EQ(phases.back(), SyncPhase::Verifying);
  EXPECT_EQ(client.status()->verification->rows, 0);
  server_.fail_with(403);
  EXPECT_EQ(client.verify().error().code, ErrorCode::Refused);
}

TEST_F(BackgroundTest, IsOfflineUntilAnAnswerComes) {
  server_.set_down(true);
  realtime_.set_missing(true);
  auto client = open();
  ASSERT_TRUE(client.start().ok());
  ASSERT_TRUE(becomes(client, Connection::Offline));
  EXPECT_EQ(client.status()->last_sync->error_code, "Offline");
  server_.set_down(false);
  ASSERT_TRUE(client.sync_now().ok());
  EXPECT_TRUE(becomes(client, Connection::Online));
  EXPECT_EQ(client.status()->last_sync->error_code, "");
}

TEST_F(BackgroundTest, StopsInTheMiddleOfARequest) {
  auto client = open();
  server_.hold(true);
  ASSERT_TRUE(client.start().ok());
  ASSERT_TRUE(comes_true([&] { return server_.pulls() == 1; }));
  EXPECT_TRUE(client.status()->activity.has_value());
  const auto began = std::chrono::steady_clock::now();
  client.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - began, milliseconds(5'000));
}

TEST_F(BackgroundTest, PausesInTheMiddleOfARequestAndGoesOn) {
  auto client = open();
  server_.hold(true);
  ASSERT_TRUE(client.start().ok());
  ASSERT_TRUE(comes_true([&] { return server_.pulls() == 1; }));
  client.pause();
  ASSERT_TRUE(becomes(client, Connection::Paused));
  add_note(client);
  server_.hold(false);
  client.resume();
  EXPECT_TRUE(client.await_synced({.timeout = kSoon}).ok());
  EXPECT_TRUE(becomes(client, Connection::Online));
}

TEST_F(BackgroundTest, WaitsForSomebodyToSignInWhoeverDoes) {
  std::filesystem::remove(home_ + "/session.json");
  auto client = open();
  ASSERT_TRUE(client.start().ok());
  ASSERT_TRUE(becomes(client, Connection::NeedsSignIn));
  add_note(client);
  EXPECT_EQ(client.await_synced({.timeout = kSoon}).error().code, ErrorCode::SignInRequired);
  sign_in("access-2");  // As another process does it.
  EXPECT_TRUE(becomes(client, Connection::Online));
  EXPECT_TRUE(client.await_synced({.timeout = kSoon}).ok());
}

TEST_F(BackgroundTest, IsBlockedByWhatOnlyPeopleCanMend) {
  auto client = open();
  server_.fail_with(403);
  ASSERT_TRUE(client.start().ok());
  ASSERT_TRUE(becomes(client, Connection::Blocked));
  EXPECT_EQ(client.status()->last_sync->error_code, "Refused");
  server_.fail_with(0);
  ASSERT_TRUE(client.sync_now().ok());
  EXPECT_TRUE(becomes(client, Connection::Online));
}

TEST_F(BackgroundTest, OneSyncsAFileAndAnotherTakesOverWhenItEnds) {
  auto first = open();
  auto second = open();
  ASSERT_TRUE(first.start().ok());
  ASSERT_TRUE(becomes(first, Connection::Online));
  ASSERT_TRUE(second.start().ok());
  EXPECT_EQ(connection(second), Connection::Online) << "it reads what the first one says";
  EXPECT_TRUE(second.status()->syncing_process.has_value());
  EXPECT_EQ(second.sync().error().code, ErrorCode::SyncRunning);

  // What the second one writes, the first one sends; what it asks for, the first one does.
  add_note(second);
  EXPECT_TRUE(second.await_synced({.tier = SyncTier::Confirmed, .timeout = kSoon}).ok());
  const auto pulls = server_.pulls();
  ASSERT_TRUE(second.sync_now().ok());
  EXPECT_TRUE(comes_true([&] { return server_.pulls() > pulls; }));

  const auto rounds = second.log()->size();
  first.stop();
  EXPECT_TRUE(comes_true([&] { return second.log()->size() > rounds; })) << "it took over";
  EXPECT_TRUE(becomes(second, Connection::Online));
}

TEST_F(BackgroundTest, ASyncByHandGoesBesideIt) {
  auto client = open();
  ASSERT_TRUE(client.start().ok());
  ASSERT_TRUE(becomes(client, Connection::Online));
  const auto report = client.sync();
  EXPECT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(connection(client), Connection::Online) << "it goes on";
}

TEST_F(BackgroundTest, SigningOutTakesTheFileFromUnderIt) {
  auto client = open();
  ASSERT_TRUE(client.start().ok());
  auto subscription = client.observe_status([](const Result<SyncStatus>&) {});
  ASSERT_TRUE(becomes(client, Connection::Online));
  const auto path = client.status()->database_path;
  static_cast<void>(client.sign_out(PendingWork::Discard));
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_FALSE(client.status()->user.has_value());
}

TEST_F(BackgroundTest, AwaitsNothingThatNobodyWillDo) {
  auto client = open();
  EXPECT_EQ(client.await_synced().error().code, ErrorCode::InvalidState);
  EXPECT_EQ(client.sync_now().error().code, ErrorCode::InvalidState);
}

TEST_F(BackgroundTest, AwaitingAWriteThatIsRefusedSaysWhy) {
  auto client = open();
  server_.reject_writes();
  add_note(client);
  ASSERT_TRUE(client.start().ok());
  const auto waited = client.await_synced({.timeout = kSoon});
  // It may have been parked before we began to wait: then there is nothing to wait for.
  if (!waited.ok()) {
    EXPECT_EQ(waited.error().code, ErrorCode::Rejected);
    EXPECT_THAT(waited.error().message, HasSubstr("it is gone"));
  }
  ASSERT_TRUE(comes_true([&] { return client.status()->parked == 1; }));
  const auto number = client.queue()->front().number;
  EXPECT_EQ(client.await_synced({.mutation = number}).error().code, ErrorCode::Rejected);
}

TEST_F(BackgroundTest, AwaitingGivesUpInTime) {
  auto client = open();
  server_.set_down(true);
  add_note(client);
  ASSERT_TRUE(client.start().ok());
  EXPECT_EQ(client.await_synced({.timeout = milliseconds(50)}).error().code, ErrorCode::Timeout);
}

TEST_F(BackgroundTest, ObserversAreToldOfEachChangeAndNoneAfterTheEnd) {
  auto client = open();
  std::mutex mutex;
  std::vector<SyncStatus> told;
  auto subscription = client.observe_status([&](const Result<SyncStatus>& status) {
    const std::lock_guard lock(mutex);
    ASSERT_TRUE(status.ok()) << status.error().message;
    told.push_back(*status);
  });
  const auto last_is = [&](const std::function<bool(const SyncStatus&)>& fits) {
    return comes_true([&] {
      const std::lock_guard lock(mutex);
      return !told.empty() && fits(told.back());
    });
  };
  EXPECT_TRUE(last_is([](const auto& status) { return status.connection == Connection::Off; }));
  add_note(client);
  EXPECT_TRUE(last_is([](const auto& status) { return status.pending == 1; }));
  ASSERT_TRUE(client.start().ok());
  EXPECT_TRUE(last_is([](const auto& status) {
    return status.connection == Connection::Online && status.pending == 0 &&
           status.last_success_ms.has_value() && status.scopes.size() == 1;
  }));
  {
    const std::lock_guard lock(mutex);
    for (std::size_t i = 1; i < told.size(); ++i) {
      EXPECT_NE(to_json(told[i - 1]), to_json(told[i])) << "nothing is told twice";
    }
  }
  subscription.stop();
  const auto count = told.size();
  client.stop();
  EXPECT_EQ(told.size(), count);
}

TEST_F(BackgroundTest, AnObserverOfAnotherProcessSeesTheOneThatSyncs) {
  auto watcher = open();
  std::mutex mutex;
  Connection seen = Connection::Off;
  const auto subscription = watcher.observe_status([&](const Result<SyncStatus>& status) {
    const std::lock_guard lock(mutex);
    if (status.ok()) seen = status->connection;
  });
  const auto sees = [&](Connection wanted) {
    return comes_true([&] {
      const std::lock_guard lock(mutex);
      return seen == wanted;
    });
  };
  auto syncing = open();
  ASSERT_TRUE(syncing.start().ok());
  EXPECT_TRUE(sees(Connection::Online));
  syncing.pause();
  EXPECT_TRUE(sees(Connection::Paused));
  syncing.stop();
  EXPECT_TRUE(sees(Connection::Off));
}

}  // namespace
}  // namespace convoy
