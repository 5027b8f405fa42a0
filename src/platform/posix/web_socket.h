// web_socket.h: WebSockets by libwebsockets.
#pragma once

#include <string>

#include "net/web_socket.h"

namespace convoy::platform {

struct WebSocketClientOptions {
  // A PEM file of the only certificate authorities to trust, for servers with a private one. Empty:
  // the system's.
  std::string ca_file;
};

// TLS with the certificate and its host checked always; no redirects. Proxies come from the
// environment (https_proxy, http_proxy, no_proxy), but this machine itself is always reached
// directly. Looking a host's name up can't be cancelled.
//
// Thread-safety: thread-safe; each connection is driven by the thread that uses it.
class WebSocketClient final : public net::WebSocketConnector {
 public:
  explicit WebSocketClient(WebSocketClientOptions options = {}) : options_(std::move(options)) {}

  Result<std::unique_ptr<net::WebSocket>> connect(const net::WebSocketRequest& request) override;

 private:
  const WebSocketClientOptions options_;
};

}  // namespace convoy::platform
