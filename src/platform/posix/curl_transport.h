// curl_transport.h: HTTP by libcurl.
#pragma once

#include <memory>
#include <string>

#include "net/http.h"

namespace convoy::platform {

struct CurlTransportOptions {
  // A PEM file of the only certificate authorities to trust, for servers with a private one. Empty:
  // the system's.
  std::string ca_file;
};

// TLS 1.2 or later with the certificate and its host checked always; no redirects; gzip. Proxies
// come from the environment (https_proxy, no_proxy …) as curl does it, but this machine itself is
// always reached directly. Connections are kept and used again.
//
// A body that ends before its announced length is Offline. A body whose length nobody announced
// (no Content-Length, not chunked) can't be told from a cut one here; the reader of its JSON can.
//
// Thread-safety: thread-safe; exchanges of several threads run side by side.
class CurlTransport final : public net::HttpTransport {
 public:
  explicit CurlTransport(CurlTransportOptions options = {});
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;
  ~CurlTransport() override;

  Result<net::HttpReply> send(const net::HttpRequest& request) override;

 private:
  class Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace convoy::platform
