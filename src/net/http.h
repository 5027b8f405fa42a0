// http.h: one HTTP exchange, as an interface. `platform` has the real one (libcurl), the tests have
// scripted ones.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "base/environment.h"
#include "base/limits.h"
#include "convoy/result.h"

namespace convoy::net {

using Header = std::pair<std::string, std::string>;

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  std::vector<Header> headers;
  std::string body;
  std::chrono::milliseconds connect_timeout = limits::kConnectTimeout;
  std::chrono::milliseconds timeout = limits::kRequestTimeout;  // For the whole exchange.
  std::size_t reply_bytes_max = limits::kReplyBytesMax;         // After decompression.
  base::Cancellation* cancellation = nullptr;                   // Borrowed; polled while waiting.
};

struct HttpReply {
  int status = 0;
  std::vector<Header> headers;  // Names in lower case.
  std::string body;             // Decompressed.
  std::size_t bytes_sent = 0;   // On the wire, headers included.
  std::size_t bytes_received = 0;

  // The first header of this lower-case name, or "".
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

// Thread-safety: thread-safe. One exchange never follows a redirect: tokens go to the named host
// only.
class HttpTransport {
 public:
  virtual ~HttpTransport() = default;

  // Any HTTP status is a reply, not an error.
  // Errors: Offline (no name, no route, refused, cut off before the reply's end), Timeout,
  // Cancelled, TlsFailed, ReplyTooLarge, BadReply (not HTTP), InvalidArgument (the URL).
  virtual Result<HttpReply> send(const HttpRequest& request) = 0;
};

}  // namespace convoy::net
