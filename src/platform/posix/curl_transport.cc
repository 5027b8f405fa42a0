// The only file that sees libcurl.
#include "platform/posix/curl_transport.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "net/url.h"
#include "platform/posix/broken_pipe.h"

namespace convoy::platform {
namespace {

using std::chrono::milliseconds;

// How long a cancelled exchange may go on.
constexpr int kPollMs = 50;
constexpr std::size_t kHeaderBytesMax = std::size_t{256} << 10U;
constexpr std::size_t kIdleMax = 4;

struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};

struct MultiDeleter {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

// A multi handle of its own drives each easy one: it can be polled, so that cancelling is fast, and
// it keeps the connections.
struct Worker {
  std::unique_ptr<CURLM, MultiDeleter> multi;
  std::unique_ptr<CURL, EasyDeleter> easy;  // Destroyed before the multi handle.
};

enum class Stop { None, ReplyTooLarge, HeadersTooLarge };

// What the callbacks fill.
struct Exchange {
  const net::HttpRequest* request = nullptr;
  net::HttpReply reply;
  std::size_t header_bytes = 0;
  bool has_all_headers = false;
  Stop stop = Stop::None;
};

bool has_line_break(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// curl hands over one whole header line at a time.
std::size_t on_header(char* data, std::size_t size, std::size_t count, void* context) {
  auto& exchange = *static_cast<Exchange*>(context);
  const std::string_view line(data, size * count);
  exchange.header_bytes += line.size();
  if (exchange.header_bytes > kHeaderBytesMax) {
    exchange.stop = Stop::HeadersTooLarge;
    return 0;
  }
  if (line.starts_with("HTTP/")) {  // A new reply; what came before was 1xx.
    exchange.reply.headers.clear();
    exchange.has_all_headers = false;
    return line.size();
  }
  if (trim(line).empty()) exchange.has_all_headers = true;
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return line.size();
  std::string name(trim(line.substr(0, colon)));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  exchange.reply.headers.emplace_back(std::move(name), trim(line.substr(colon + 1)));
  return line.size();
}

// Decompressed by curl already: a small reply can't unfold to more than the limit.
std::size_t on_body(char* data, std::size_t size, std::size_t count, void* context) {
  auto& exchange = *static_cast<Exchange*>(context);
  const std::size_t bytes = size * count;
  if (bytes > exchange.request->reply_bytes_max - exchange.reply.body.size()) {
    exchange.stop = Stop::ReplyTooLarge;
    return 0;
  }
  exchange.reply.body.append(data, bytes);
  return bytes;
}

// Counts only; the text has tokens in it.
int on_trace(CURL* /*easy*/, curl_infotype type, char* /*data*/, std::size_t size, void* context) {
  auto& reply = static_cast<Exchange*>(context)->reply;
  if (type == CURLINFO_HEADER_OUT || type == CURLINFO_DATA_OUT) reply.bytes_sent += size;
  if (type == CURLINFO_HEADER_IN || type == CURLINFO_DATA_IN) reply.bytes_received += size;
  return 0;
}

template <class T>
void set(CURL* easy, CURLoption option, T value) {
  curl_easy_setopt(easy, option, value);
}

Result<net::Url> check_request(const net::HttpRequest& request) {
  CONVOY_TRY(auto url, net::parse_url(request.url));
  bool is_fine = is_token(request.method);
  for (const auto& [name, value] : request.headers) {
    is_fine = is_fine && is_token(name) && !has_line_break(value);
  }
  if (!is_fine) {
    return Error{.code = ErrorCode::InvalidArgument,
                 .message = "the method or a header of a request to " + url.host +
                            " has a character that HTTP does not allow"};
  }
  return url;
}

std::unique_ptr<curl_slist, ListDeleter> header_list(const net::HttpRequest& request) {
  std::unique_ptr<curl_slist, ListDeleter> list;
  const auto append = [&list](const std::string& line) {
    list.reset(curl_slist_append(list.release(), line.c_str()));
  };
  bool has_type = false;
  for (const auto& [name, value] : request.headers) {
    // "name;" is curl's way to write a header without a value.
    std::string line = name;
    line += value.empty() ? ";" : ": ";
    line += value;
    append(line);
    has_type = has_type || name == "content-type" || name == "Content-Type";
  }
  append("Expect:");  // Else larger bodies wait for a reply that few servers send.
  if (!has_type) append("Content-Type:");  // Not curl's form encoding.
  return list;
}

void set_up(CURL* easy, const CurlTransportOptions& options, const net::Url& url,
            Exchange& exchange) {
  const net::HttpRequest& request = *exchange.request;
  const auto milliseconds_of = [](milliseconds time) {
    return static_cast<long>(std::max<std::int64_t>(1, time.count()));
  };
  set(easy, CURLOPT_URL, request.url.c_str());
#if LIBCURL_VERSION_NUM >= 0x075500
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
  set(easy, CURLOPT_PROTOCOLS, static_cast<long>(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!options.ca_file.empty()) {
    set(easy, CURLOPT_CAINFO, options.ca_file.c_str());
    set(easy, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  if (net::is_loopback_host(url.host)) set(easy, CURLOPT_NOPROXY, "*");
  set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
  set(easy, CURLOPT_USERAGENT, "convoy/" CONVOY_VERSION);
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds_of(request.connect_timeout));
  set(easy, CURLOPT_TIMEOUT_MS, milliseconds_of(request.timeout));
  set(easy, CURLOPT_HEADERFUNCTION, &on_header);
  set(easy, CURLOPT_HEADERDATA, &exchange);
  set(easy, CURLOPT_WRITEFUNCTION, &on_body);
  set(easy, CURLOPT_WRITEDATA, &exchange);
  set(easy, CURLOPT_DEBUGFUNCTION, &on_trace);
  set(easy, CURLOPT_DEBUGDATA, &exchange);
  set(easy, CURLOPT_VERBOSE, 1L);

  if (request.method == "HEAD") {
    set(easy, CURLOPT_NOBODY, 1L);
  } else if (!request.body.empty() || request.method != "GET") {
    set(easy, CURLOPT_POSTFIELDS, request.body.data());
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
}

// A handshake that ends because the line does is no sign of an insecure one.
bool is_cut_handshake(std::string_view details) {
  for (const std::string_view sign :
       {"SSL_ERROR_SYSCALL", "Connection reset", "Broken pipe", "unexpected eof"}) {
    if (details.find(sign) != std::string_view::npos) return true;
  }
  return false;
}

Error offline(std::string message) {
  return {.code = ErrorCode::Offline,
          .message = std::move(message),
          .hint = "check the connection and try again; work goes on locally meanwhile"};
}

Error explain(CURLcode code, const Exchange& exchange, const std::string& host,
              std::string_view details, bool is_connected) {
  const std::string why = details.empty() ? curl_easy_strerror(code) : std::string(details);
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return offline("no address is known for " + host);
    case CURLE_COULDNT_RESOLVE_PROXY:
      return offline("no address is known for the proxy that leads to " + host);
    case CURLE_COULDNT_CONNECT:
      return offline(host + " can't be reached: " + why);
    case CURLE_OPERATION_TIMEDOUT:
      return {.code = ErrorCode::Timeout,
              .message = is_connected
                             ? host + " did not answer within " +
                                   std::to_string(exchange.request->timeout.count()) + " ms"
                             : "no connection to " + host + " within " +
                                   std::to_string(exchange.request->connect_timeout.count()) +
                                   " ms",
              .hint = "try again; if it stays so, check the connection and the server"};
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return offline("the answer of " + host + " was cut off: " + why);
    case CURLE_SEND_ERROR:
      return offline("the connection to " + host + " broke while sending: " + why);
    case CURLE_WRITE_ERROR:
      if (exchange.stop != Stop::None) {
        return {.code = ErrorCode::ReplyTooLarge,
                .message = "the answer of " + host + " is larger than " +
                           std::to_string(exchange.stop == Stop::ReplyTooLarge
                                              ? exchange.request->reply_bytes_max
                                              : kHeaderBytesMax) +
                           " bytes" + (exchange.stop == Stop::ReplyTooLarge ? "" : " of headers"),
                .hint = "check that the address is the project's; nothing was changed here"};
      }
      [[fallthrough]];  // Else it is what curl says of a broken chunk or of broken compression.
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return {.code = ErrorCode::BadReply,
              .message = host + " does not answer in HTTP: " + why,
              .hint = "check the address and its port"};
    case CURLE_SSL_CONNECT_ERROR:
      if (is_cut_handshake(why))
        return offline("the connection to " + host + " was cut off: " + why);
      return {
          .code = ErrorCode::TlsFailed,
          .message = "no secure connection to " + host + ": " + why,
          .hint = "check the address and its port, and that the server speaks TLS 1.2 or later"};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
      return {.code = ErrorCode::TlsFailed,
              .message = host + " can't prove who it is: " + why,
              .hint =
                  "check the address and this machine's clock; a server with a private "
                  "certificate authority needs that authority's file"};
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_USE_SSL_FAILED:
      return {.code = ErrorCode::TlsFailed,
              .message = "no secure connection to " + host + ": " + why,
              .hint = "check the file of certificate authorities"};
    case CURLE_URL_MALFORMAT:
      return {.code = ErrorCode::InvalidArgument, .message = "not a valid address: " + why};
    case CURLE_OUT_OF_MEMORY:
    case CURLE_FAILED_INIT:
      return {.code = ErrorCode::Internal, .message = "libcurl failed: " + why};
    default:
      return offline("the exchange with " + host + " failed: " + why);
  }
}

// Drives one exchange to its end. Nothing: cancelled.
std::optional<CURLcode> perform(Worker& worker, base::Cancellation* cancellation) {
  CURLM* const multi = worker.multi.get();
  curl_multi_add_handle(multi, worker.easy.get());
  std::optional<CURLcode> outcome;
  for (;;) {
    if (cancellation != nullptr && cancellation->is_cancelled()) break;
    int running = 0;
    if (curl_multi_perform(multi, &running) != CURLM_OK) {
      outcome = CURLE_FAILED_INIT;
      break;
    }
    if (running == 0) {
      int left = 0;
      const CURLMsg* const message = curl_multi_info_read(multi, &left);
      outcome = message != nullptr ? message->data.result : CURLE_FAILED_INIT;
      break;
    }
    curl_multi_poll(multi, nullptr, 0, kPollMs, nullptr);
  }
  curl_multi_remove_handle(multi, worker.easy.get());
  return outcome;
}

}  // namespace

class CurlTransport::Pool {
 public:
  explicit Pool(CurlTransportOptions options) : options_(std::move(options)) {}

  [[nodiscard]] const CurlTransportOptions& options() const { return options_; }

  Worker take() {
    {
      const base::MutexLock guard(mutex_);
      if (!idle_.empty()) {
        Worker worker = std::move(idle_.back());
        idle_.pop_back();
        return worker;
      }
    }
    Worker worker;
    worker.multi.reset(curl_multi_init());
    worker.easy.reset(curl_easy_init());
    return worker;
  }

  void give_back(Worker worker) {
    curl_easy_reset(worker.easy.get());  // Keeps connections, drops headers and with them tokens.
    const base::MutexLock guard(mutex_);
    if (idle_.size() < kIdleMax) idle_.push_back(std::move(worker));
  }

 private:
  const CurlTransportOptions options_;
  base::Mutex mutex_;
  std::vector<Worker> idle_ CONVOY_GUARDED_BY(mutex_);
};

CurlTransport::CurlTransport(CurlTransportOptions options)
    : pool_(std::make_unique<Pool>(std::move(options))) {
  static const CURLcode global_state = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(global_state);  // A failure shows again as a null handle.
}

CurlTransport::~CurlTransport() {
  const NoBrokenPipeSignal guard;  // Closing a TLS connection says goodbye to the server.
  pool_.reset();
}

Result<net::HttpReply> CurlTransport::send(const net::HttpRequest& request) {
  CONVOY_TRY(const net::Url url, check_request(request));
  const std::string host = url.port == 0 ? url.host : url.host + ":" + std::to_string(url.port);

  const NoBrokenPipeSignal guard;
  Worker worker = pool_->take();
  if (!worker.easy || !worker.multi) {
    return Error{.code = ErrorCode::Internal, .message = "libcurl can't be set up"};
  }
  CURL* const easy = worker.easy.get();
  Exchange exchange{.request = &request};
  set_up(easy, pool_->options(), url, exchange);
  const auto headers = header_list(request);
  set(easy, CURLOPT_HTTPHEADER, headers.get());
  std::array<char, CURL_ERROR_SIZE> details{};
  set(easy, CURLOPT_ERRORBUFFER, details.data());

  const auto outcome = perform(worker, request.cancellation);
  if (!outcome) {
    // The connection is in the middle of something; it goes with its worker.
    return Error{.code = ErrorCode::Cancelled,
                 .message = "the request to " + host + " was cancelled"};
  }
  curl_off_t pretransfer_us = 0;
  curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &pretransfer_us);
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  exchange.reply.status = static_cast<int>(status);
  pool_->give_back(std::move(worker));
  if (*outcome != CURLE_OK) {
    return explain(*outcome, exchange, host, details.data(), pretransfer_us > 0);
  }
  // curl takes a connection that closes among the headers for a reply without a body.
  if (!exchange.has_all_headers) {
    return offline("the answer of " + host + " was cut off among its headers");
  }
  return std::move(exchange.reply);
}

}  // namespace convoy::platform
