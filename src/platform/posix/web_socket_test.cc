#include "platform/posix/web_socket.h"

#include <libwebsockets.h>
#include <stdlib.h>

#include <atomic>
#include <csignal>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/loopback_server.h"

namespace convoy::platform {
namespace {

using std::chrono::milliseconds;
using test::LoopbackConnection;
using test::LoopbackServer;
using testing::HasSubstr;

constexpr milliseconds kLong{20'000};  // On a busy machine.

// Says back whatever it is told, "big" as 100 kB, "binary" as bytes, and ends at "bye".
class EchoServer {
 public:
  EchoServer() {
    lws_set_log_level(0, nullptr);
    static const lws_protocols protocols[] = {
        {"echo", &EchoServer::on_event, sizeof(Peer), 65'536, 0, nullptr, 0},
        {nullptr, nullptr, 0, 0, 0, nullptr, 0}};
    lws_context_creation_info info{};
    info.port = 0;
    info.iface = "127.0.0.1";
    info.protocols = protocols;
    info.gid = static_cast<gid_t>(-1);
    info.uid = static_cast<uid_t>(-1);
    info.fd_limit_per_thread = 64;
    info.user = this;
    context_ = lws_create_context(&info);
    port_ = lws_get_vhost_listen_port(lws_get_vhost_by_name(context_, "default"));
    thread_ = std::thread([this] {
      while (!is_ending_.load() && lws_service(context_, 0) >= 0) {
      }
    });
  }

  ~EchoServer() {
    is_ending_.store(true);
    lws_cancel_service(context_);
    thread_.join();
    lws_context_destroy(context_);
  }

  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(port_) + "/socket?a=b";
  }

  [[nodiscard]] bool has_said_goodbye() const { return has_said_goodbye_.load(); }

 private:
  struct Peer {
    std::string* answer;
    bool is_binary;
  };

  static int on_event(lws* wsi, lws_callback_reasons reason, void* user, void* data,
                      std::size_t size) {
    auto* peer = static_cast<Peer*>(user);
    if (reason == LWS_CALLBACK_ESTABLISHED) peer->answer = nullptr;
    if (reason == LWS_CALLBACK_CLOSED) delete peer->answer;
    if (reason == LWS_CALLBACK_WS_PEER_INITIATED_CLOSE) {
      static_cast<EchoServer*>(lws_context_user(lws_get_context(wsi)))
          ->has_said_goodbye_.store(true);
    }
    if (reason == LWS_CALLBACK_RECEIVE) {
      const std::string text(static_cast<const char*>(data), size);
      if (text == "bye") return -1;
      delete peer->answer;
      peer->answer = new std::string(text == "big" ? std::string(100'000, 'x') : text);
      peer->is_binary = text == "binary";
      lws_callback_on_writable(wsi);
    }
    if (reason == LWS_CALLBACK_SERVER_WRITEABLE && peer->answer != nullptr) {
      std::string frame(LWS_PRE, '\0');
      frame += *peer->answer;
      lws_write(wsi, reinterpret_cast<unsigned char*>(frame.data()) + LWS_PRE, peer->answer->size(),
                peer->is_binary ? LWS_WRITE_BINARY : LWS_WRITE_TEXT);
      delete peer->answer;
      peer->answer = nullptr;
    }
    return 0;
  }

  lws_context* context_ = nullptr;
  int port_ = 0;
  std::atomic<bool> is_ending_{false};
  std::atomic<bool> has_said_goodbye_{false};
  std::thread thread_;
};

Error error_of(const std::string& url) {
  WebSocketClient client;
  const auto socket = client.connect({.url = url});
  return socket.ok() ? Error{.message = "it opened"} : socket.error();
}

LoopbackServer::Handler answer(std::string reply) {
  return [reply = std::move(reply)](LoopbackConnection& connection) {
    if (!connection.read_request().empty()) connection.write(reply);
  };
}

TEST(WebSocket, SendsAndReceives) {
  EchoServer server;
  WebSocketClient client;
  auto opened = client.connect({.url = server.url()});
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  auto& socket = **opened;
  ASSERT_TRUE(socket.send("hello").ok());
  EXPECT_EQ(**socket.receive(kLong), "hello");
  ASSERT_TRUE(socket.send("big").ok());
  const auto big = socket.receive(kLong);
  ASSERT_TRUE(big.ok()) << big.error().message;
  EXPECT_EQ((*big)->size(), 100'000U);
  EXPECT_EQ(socket.traffic().bytes_sent, 8);
  EXPECT_EQ(socket.traffic().bytes_received, 100'005);
}

TEST(WebSocket, PassesOverWhatIsNotText) {
  EchoServer server;
  WebSocketClient client;
  auto socket = *client.connect({.url = server.url()});
  ASSERT_TRUE(socket->send("binary").ok());
  ASSERT_TRUE(socket->send("text").ok());
  EXPECT_EQ(**socket->receive(kLong), "text");
}

TEST(WebSocket, WaitsNoLongerThanItShould) {
  EchoServer server;
  WebSocketClient client;
  auto socket = *client.connect({.url = server.url()});
  const auto began = std::chrono::steady_clock::now();
  const auto nothing = socket->receive(milliseconds(20));
  ASSERT_TRUE(nothing.ok());
  EXPECT_FALSE(nothing->has_value());
  EXPECT_LT(std::chrono::steady_clock::now() - began, kLong);
}

TEST(WebSocket, CanBeWokenFromAnotherThread) {
  EchoServer server;
  WebSocketClient client;
  auto socket = *client.connect({.url = server.url()});
  std::thread other([&socket] { socket->wake(); });
  const auto began = std::chrono::steady_clock::now();
  const auto nothing = socket->receive(kLong);
  other.join();
  EXPECT_FALSE(nothing->has_value());
  EXPECT_LT(std::chrono::steady_clock::now() - began, kLong);
}

TEST(WebSocket, KnowsWhenTheOtherSideHasGone) {
  EchoServer server;
  WebSocketClient client;
  auto socket = *client.connect({.url = server.url()});
  ASSERT_TRUE(socket->send("bye").ok());
  const auto end = socket->receive(kLong);
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().code, ErrorCode::Offline);
  EXPECT_EQ(socket->send("more").error().code, ErrorCode::Offline);
}

TEST(WebSocket, SaysGoodbye) {
  EchoServer server;
  {
    WebSocketClient client;
    auto socket = *client.connect({.url = server.url()});
  }
  const auto deadline = std::chrono::steady_clock::now() + kLong;
  while (!server.has_said_goodbye() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  EXPECT_TRUE(server.has_said_goodbye());
}

TEST(WebSocket, HasBoundsInBothDirections) {
  EchoServer server;
  WebSocketClient client;
  auto socket = *client.connect({.url = server.url(), .message_bytes_max = 1000});
  EXPECT_EQ(socket->send(std::string(limits::kSocketQueueBytesMax + 1, 'x')).error().code,
            ErrorCode::ReplyTooLarge);
  ASSERT_TRUE(socket->send("big").ok());
  const auto end = socket->receive(kLong);
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().code, ErrorCode::ReplyTooLarge);
}

TEST(WebSocket, TellsWhyItIsNotOpened) {
  std::string closed_url;
  {
    const LoopbackServer gone([](LoopbackConnection&) {});
    closed_url = gone.url();
  }
  EXPECT_EQ(error_of(closed_url).code, ErrorCode::Offline);
  const auto code_for = [](const std::string& status) {
    const LoopbackServer server(
        answer("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
    return error_of(server.url()).code;
  };
  EXPECT_EQ(code_for("404 Not Found"), ErrorCode::NotFound);
  EXPECT_EQ(code_for("403 Forbidden"), ErrorCode::Refused);
  EXPECT_EQ(code_for("503 Service Unavailable"), ErrorCode::ServerError);
  EXPECT_EQ(code_for("200 OK"), ErrorCode::BadReply);
  EXPECT_EQ(error_of("http://example.com/").code, ErrorCode::InvalidArgument);
}

TEST(WebSocket, FollowsNoRedirect) {
  std::atomic<int> visits{0};
  const LoopbackServer other([&visits](LoopbackConnection&) { ++visits; });
  const LoopbackServer server(
      answer("HTTP/1.1 302 Found\r\nLocation: " + other.url() + "\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_NE(error_of(server.url()).message, "it opened");
  EXPECT_EQ(visits.load(), 0);
}

TEST(WebSocket, OpeningHasATimeoutAndCanBeCalledOff) {
  const LoopbackServer silent([](LoopbackConnection& connection) { connection.wait_for_close(); });
  WebSocketClient client;
  EXPECT_EQ(
      client.connect({.url = silent.url(), .connect_timeout = milliseconds(100)}).error().code,
      ErrorCode::Timeout);
  base::Cancellation cancellation;
  cancellation.cancel();
  EXPECT_EQ(client.connect({.url = silent.url(), .cancellation = &cancellation}).error().code,
            ErrorCode::Cancelled);
}

TEST(WebSocket, GoesToThisMachineWithoutAProxyAndLeavesSignalsAlone) {
  ASSERT_EQ(setenv("http_proxy", "http://127.0.0.1:1", 1), 0);
  struct sigaction before{};
  sigaction(SIGPIPE, nullptr, &before);
  EchoServer server;
  sigaction(SIGPIPE, &before, nullptr);  // The server here is no part of what is tested.
  WebSocketClient client;
  EXPECT_TRUE(client.connect({.url = server.url()}).ok());
  unsetenv("http_proxy");
  struct sigaction after{};
  sigaction(SIGPIPE, nullptr, &after);
  EXPECT_EQ(after.sa_handler, before.sa_handler);
}

}  // namespace
}  // namespace convoy::platform
