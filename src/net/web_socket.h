// web_socket.h: a WebSocket connection (RFC 6455), as an interface. `platform` has the real one
// (libwebsockets), the tests have scripted ones.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.h"
#include "base/limits.h"
#include "convoy/result.h"
#include "net/http.h"

namespace convoy::net {

struct WebSocketRequest {
  std::string url;  // As of the HTTP request that opens it: "https://…" or "http://…".
  std::vector<Header> headers;
  std::chrono::milliseconds connect_timeout = limits::kConnectTimeout;  // Until it is open.
  std::size_t message_bytes_max = limits::kSocketMessageBytesMax;       // Received ones.
  base::Cancellation* cancellation = nullptr;                           // Borrowed; while opening.
};

struct WebSocketTraffic {
  std::int64_t bytes_sent = 0;  // Of messages.
  std::int64_t bytes_received = 0;
};

// An open connection; destroying it closes it. Thread-safety: thread-compatible, except wake().
class WebSocket {
 public:
  virtual ~WebSocket() = default;

  // A text message. Errors: Offline once the connection is lost; ReplyTooLarge if more waits to be
  // sent than limits::kSocketQueueBytesMax: nobody takes it.
  virtual Status send(std::string_view text) = 0;

  // The next message; nothing if none came in `wait_max`, or if wake() was called. What send() took
  // goes out meanwhile. Messages that are not text are passed over. Errors: Offline (the connection
  // was lost, or the other side closed it), ReplyTooLarge. After an error there is no more.
  virtual Result<std::optional<std::string>> receive(std::chrono::milliseconds wait_max) = 0;

  // A receive() under way, or else the next one, returns soon. From any thread.
  virtual void wake() noexcept = 0;

  [[nodiscard]] virtual WebSocketTraffic traffic() const = 0;
};

// Thread-safety: thread-safe.
class WebSocketConnector {
 public:
  virtual ~WebSocketConnector() = default;

  // Errors: as HttpTransport::send; NotFound if the server has nothing there, Refused if it does
  // not want this client (401, 403), ServerError, RateLimited; BadReply if it does not speak
  // WebSocket.
  virtual Result<std::unique_ptr<WebSocket>> connect(const WebSocketRequest& request) = 0;
};

}  // namespace convoy::net
