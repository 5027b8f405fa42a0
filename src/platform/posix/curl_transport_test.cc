#include "platform/posix/curl_transport.h"

#include <zlib.h>

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
using testing::Not;

constexpr milliseconds kSoon{100};

std::string gzip(const std::string& text) {
  z_stream stream{};
  constexpr int kGzipWindow = 15 + 16;
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY);
  std::string result(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  deflate(&stream, Z_FINISH);
  result.resize(stream.total_out);
  deflateEnd(&stream);
  return result;
}

std::string with_length(const std::string& body, const std::string& headers = "") {
  return "HTTP/1.1 200 OK\r\n" + headers + "Content-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

// Answers each connection's first request with `reply` and closes.
LoopbackServer::Handler answer(std::string reply) {
  return [reply = std::move(reply)](LoopbackConnection& connection) {
    if (!connection.read_request().empty()) connection.write(reply);
  };
}

Result<net::HttpReply> get(const std::string& url) {
  CurlTransport transport;
  return transport.send({.url = url});
}

ErrorCode code_of(const Result<net::HttpReply>& reply) {
  return reply.ok() ? ErrorCode::Internal : reply.error().code;
}

TEST(CurlTransport, SendsAndReceives) {
  std::string seen;
  LoopbackServer server([&seen](LoopbackConnection& connection) {
    seen = connection.read_request();
    connection.write(
        "HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\n"
        "HTTP/1.1 201 Created\r\nX-Thing:  a b \r\nX-EMPTY:\r\nx-thing: c\r\nContent-Length: "
        "2\r\n\r\nok");
    connection.wait_for_close();
  });
  {
    CurlTransport transport;
    const auto reply =
        transport.send({.method = "POST",
                        .url = server.url("/rest/v1/rpc/f?a=b"),
                        .headers = {{"apikey", "key"}, {"Content-Type", "application/json"}},
                        .body = "{\"a\":1}"});
    ASSERT_TRUE(reply.ok()) << reply.error().message;
    EXPECT_EQ(reply->status, 201);
    EXPECT_EQ(reply->body, "ok");
    EXPECT_EQ(reply->header("x-thing"), "a b");
    EXPECT_EQ(reply->header("x-empty"), "");
    EXPECT_EQ(reply->header("x-early"), "");
    EXPECT_EQ(reply->bytes_sent, seen.size());
    EXPECT_GT(reply->bytes_received, reply->body.size());
  }
  EXPECT_THAT(seen, HasSubstr("POST /rest/v1/rpc/f?a=b HTTP/1.1\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\napikey: key\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\nContent-Type: application/json\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\nUser-Agent: convoy/"));
  EXPECT_THAT(seen, HasSubstr("\r\nAccept-Encoding: gzip\r\n"));
  EXPECT_THAT(seen, Not(HasSubstr("Expect")));
  EXPECT_THAT(seen, HasSubstr("\r\n\r\n{\"a\":1}"));
}

TEST(CurlTransport, SendsEveryMethod) {
  for (const std::string method : {"GET", "POST", "PATCH", "PUT", "DELETE", "HEAD"}) {
    std::string seen;
    LoopbackServer server([&seen](LoopbackConnection& connection) {
      seen = connection.read_request();
      connection.write("HTTP/1.1 204 No Content\r\n\r\n");
    });
    CurlTransport transport;
    const auto reply = transport.send({.method = method, .url = server.url()});
    ASSERT_TRUE(reply.ok()) << method;
    EXPECT_EQ(reply->status, 204) << method;
    EXPECT_TRUE(seen.starts_with(method + " / HTTP/1.1\r\n")) << seen;
  }
}

TEST(CurlTransport, UsesAConnectionAgain) {
  LoopbackServer server([](LoopbackConnection& connection) {
    while (!connection.read_request().empty()) connection.write(with_length("ok"));
  });
  {
    CurlTransport transport;
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(transport.send({.url = server.url()}).ok());
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST(CurlTransport, LeavesNothingOfOneRequestInTheNext) {
  std::string seen;
  LoopbackServer server([&seen](LoopbackConnection& connection) {
    for (;;) {
      const auto request = connection.read_request();
      if (request.empty()) return;
      seen = request;
      connection.write(with_length("ok"));
    }
  });
  CurlTransport transport;
  ASSERT_TRUE(transport
                  .send({.method = "POST",
                         .url = server.url(),
                         .headers = {{"Authorization", "Bearer secret"}},
                         .body = "private"})
                  .ok());
  ASSERT_TRUE(transport.send({.url = server.url()}).ok());
  EXPECT_TRUE(seen.starts_with("GET /")) << seen;
  EXPECT_THAT(seen, Not(HasSubstr("secret")));
  EXPECT_THAT(seen, Not(HasSubstr("private")));
}

TEST(CurlTransport, SaysOfflineWhenNobodyListens) {
  std::string url;
  {
    LoopbackServer server([](LoopbackConnection&) {});
    url = server.url();
  }
  const auto reply = get(url);
  ASSERT_EQ(code_of(reply), ErrorCode::Offline);
  EXPECT_THAT(reply.error().message, HasSubstr("127.0.0.1"));
  EXPECT_FALSE(reply.error().hint.empty());
}

TEST(CurlTransport, SaysOfflineWhenAReplyIsCutOff) {
  const std::string cuts[] = {
      "",
      "HTTP/1.1 200 OK\r\nContent-Le",
      "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"a\"",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"a\"\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"a\"",
  };
  for (const auto& cut : cuts) {
    LoopbackServer server(answer(cut));
    EXPECT_EQ(code_of(get(server.url())), ErrorCode::Offline) << cut;
  }
}

TEST(CurlTransport, NeverTakesHalfAReplyForAWholeOne) {
  const std::string body = gzip(std::string(10'000, 'x') + "end");
  const std::string whole = with_length(body, "Content-Encoding: gzip\r\n");
  const auto head = whole.find("\r\n\r\n") + 4;
  for (const std::size_t length : {std::size_t{0}, head / 2, head, head + 1, whole.size() - 1}) {
    LoopbackServer server(answer(whole.substr(0, length)));
    EXPECT_FALSE(get(server.url()).ok()) << length;
  }
}

TEST(CurlTransport, SaysTimeoutWhenNoReplyComes) {
  LoopbackServer server([](LoopbackConnection& connection) { connection.wait_for_close(); });
  CurlTransport transport;
  const auto reply = transport.send({.url = server.url(), .timeout = kSoon});
  ASSERT_EQ(code_of(reply), ErrorCode::Timeout);
  EXPECT_THAT(reply.error().message, HasSubstr("127.0.0.1"));
  EXPECT_THAT(reply.error().message, HasSubstr("100 ms"));
}

TEST(CurlTransport, SaysTimeoutWhenAReplyStops) {
  LoopbackServer server([](LoopbackConnection& connection) {
    connection.read_request();
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{");
    connection.wait_for_close();
  });
  CurlTransport transport;
  EXPECT_EQ(code_of(transport.send({.url = server.url(), .timeout = kSoon})), ErrorCode::Timeout);
}

TEST(CurlTransport, StopsWhenCancelled) {
  base::Cancellation cancellation;
  LoopbackServer server([&cancellation](LoopbackConnection& connection) {
    connection.read_request();
    cancellation.cancel();
    connection.wait_for_close();
  });
  CurlTransport transport;
  EXPECT_EQ(code_of(transport.send({.url = server.url(), .cancellation = &cancellation})),
            ErrorCode::Cancelled);
  // And the transport is good for more.
  LoopbackServer other(answer(with_length("ok")));
  EXPECT_TRUE(transport.send({.url = other.url()}).ok());
}

TEST(CurlTransport, DoesNotBeginWhenCancelledBefore) {
  base::Cancellation cancellation;
  cancellation.cancel();
  LoopbackServer server(answer(with_length("ok")));
  CurlTransport transport;
  EXPECT_EQ(code_of(transport.send({.url = server.url(), .cancellation = &cancellation})),
            ErrorCode::Cancelled);
}

TEST(CurlTransport, ReadsAReplyOfExactlyTheLimit) {
  LoopbackServer server(answer(with_length(std::string(1000, 'x'))));
  CurlTransport transport;
  const auto reply = transport.send({.url = server.url(), .reply_bytes_max = 1000});
  ASSERT_TRUE(reply.ok());
  EXPECT_EQ(reply->body.size(), 1000U);
}

TEST(CurlTransport, StopsReadingAboveTheLimit) {
  LoopbackServer announced(answer(with_length(std::string(1001, 'x'))));
  LoopbackServer endless([](LoopbackConnection& connection) {
    connection.read_request();
    connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (connection.write("400\r\n" + std::string(1024, 'x') + "\r\n")) {
    }
  });
  LoopbackServer headers([](LoopbackConnection& connection) {
    connection.read_request();
    connection.write("HTTP/1.1 200 OK\r\n");
    while (connection.write("X-Header: " + std::string(1024, 'x') + "\r\n")) {
    }
  });
  CurlTransport transport;
  for (const auto* server : {&announced, &endless, &headers}) {
    const auto reply = transport.send({.url = server->url(), .reply_bytes_max = 1000});
    EXPECT_EQ(code_of(reply), ErrorCode::ReplyTooLarge);
  }
}

TEST(CurlTransport, Decompresses) {
  const std::string body = gzip("{\"hello\": \"world\"}");
  LoopbackServer server(answer(with_length(body, "Content-Encoding: gzip\r\n")));
  const auto reply = get(server.url());
  ASSERT_TRUE(reply.ok()) << reply.error().message;
  EXPECT_EQ(reply->body, "{\"hello\": \"world\"}");
}

TEST(CurlTransport, StopsDecompressingAboveTheLimit) {
  const std::string bomb = gzip(std::string(std::size_t{8} << 20U, '\0'));
  ASSERT_LT(bomb.size(), 10'000U);
  LoopbackServer server(answer(with_length(bomb, "Content-Encoding: gzip\r\n")));
  CurlTransport transport;
  const auto reply = transport.send({.url = server.url(), .reply_bytes_max = 1U << 20U});
  EXPECT_EQ(code_of(reply), ErrorCode::ReplyTooLarge);
}

TEST(CurlTransport, SaysBadReplyWhenCompressionIsBroken) {
  LoopbackServer server(answer(with_length("this is not gzip", "Content-Encoding: gzip\r\n")));
  EXPECT_EQ(code_of(get(server.url())), ErrorCode::BadReply);
}

TEST(CurlTransport, DoesNotFollowRedirects) {
  LoopbackServer target(answer(with_length("stolen")));
  LoopbackServer server(answer("HTTP/1.1 307 Temporary Redirect\r\nLocation: " + target.url() +
                               "\r\nContent-Length: 0\r\n\r\n"));
  const auto reply = get(server.url());
  ASSERT_TRUE(reply.ok());
  EXPECT_EQ(reply->status, 307);
  EXPECT_EQ(reply->header("location"), target.url());
  EXPECT_EQ(target.connections(), 0);
}

TEST(CurlTransport, HandsOnAWebPageAsItIs) {
  LoopbackServer server(answer(with_length("<html>", "Content-Type: text/html\r\n")));
  const auto reply = get(server.url());
  ASSERT_TRUE(reply.ok());
  EXPECT_EQ(reply->header("content-type"), "text/html");
  EXPECT_EQ(reply->body, "<html>");
}

TEST(CurlTransport, SaysBadReplyWhenItIsNotHttp) {
  LoopbackServer server(answer("220 mail.example ESMTP\r\n"));
  const auto reply = get(server.url());
  ASSERT_EQ(code_of(reply), ErrorCode::BadReply);
  EXPECT_THAT(reply.error().message, HasSubstr("127.0.0.1"));
}

TEST(CurlTransport, RefusesWhatWouldBreakARequestApart) {
  CurlTransport transport;
  const std::string url = "http://127.0.0.1:1/";
  EXPECT_EQ(code_of(transport.send({.url = url, .headers = {{"a", "b\r\nc: d"}}})),
            ErrorCode::InvalidArgument);
  EXPECT_EQ(code_of(transport.send({.url = url, .headers = {{"a: b\r\nc", "d"}}})),
            ErrorCode::InvalidArgument);
  EXPECT_EQ(code_of(transport.send({.method = "GET / HTTP/1.1\r\n", .url = url})),
            ErrorCode::InvalidArgument);
}

TEST(CurlTransport, RefusesOtherSchemesAndPlainHttpToOthers) {
  for (const char* url : {"file:///etc/passwd", "ftp://127.0.0.1/", "http://example.com/",
                          "gopher://127.0.0.1/", "127.0.0.1", ""}) {
    EXPECT_EQ(code_of(get(url)), ErrorCode::InvalidArgument) << url;
  }
}

TEST(CurlTransport, ServesSeveralThreads) {
  LoopbackServer first(answer(with_length("1")));
  LoopbackServer second(answer(with_length("2")));
  CurlTransport transport;
  const auto ask = [&transport](const LoopbackServer& server, const std::string& expected) {
    for (int i = 0; i < 20; ++i) {
      const auto reply = transport.send({.url = server.url()});
      ASSERT_TRUE(reply.ok()) << reply.error().message;
      EXPECT_EQ(reply->body, expected);
    }
  };
  std::thread other([&] { ask(second, "2"); });
  ask(first, "1");
  other.join();
}

TEST(CurlTransport, SaysTlsFailedWhenTheServerSpeaksNone) {
  LoopbackServer server([](LoopbackConnection& connection) {
    connection.write("HTTP/1.1 400 Bad Request\r\n\r\n");
    connection.wait_for_close();
  });
  CurlTransport transport;
  const auto reply =
      transport.send({.url = "https://127.0.0.1:" + std::to_string(server.port()) + "/"});
  ASSERT_EQ(code_of(reply), ErrorCode::TlsFailed);
  EXPECT_THAT(reply.error().message, HasSubstr("127.0.0.1"));
}

TEST(CurlTransport, SaysOfflineWhenAHandshakeIsCutOff) {
  LoopbackServer server([](LoopbackConnection&) {});
  CurlTransport transport;
  EXPECT_EQ(
      code_of(transport.send({.url = "https://127.0.0.1:" + std::to_string(server.port()) + "/"})),
      ErrorCode::Offline);
}

}  // namespace
}  // namespace convoy::platform
