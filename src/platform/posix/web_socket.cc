// The only file that sees libwebsockets.
#include "platform/posix/web_socket.h"

#include <libwebsockets.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <utility>

#include "net/url.h"
#include "platform/posix/broken_pipe.h"

namespace convoy::platform {
namespace {

using std::chrono::milliseconds;

// How long a connection that is being opened may go on after it was cancelled.
constexpr milliseconds kCancellationPoll{50};
// How long a connection that is closed may take to say goodbye.
constexpr milliseconds kGoodbye{200};
// This side's own buffer; longer messages come in parts.
constexpr std::size_t kReceiveBytes = 16'384;
// A connection, the library's own event pipe, a look-up: few.
constexpr unsigned kDescriptorsMax = 16;
constexpr std::uint16_t kHttpsPort = 443;
constexpr std::uint16_t kHttpPort = 80;

struct ContextDeleter {
  void operator()(lws_context* context) const {
    const NoBrokenPipeSignal guard;
    lws_context_destroy(context);
  }
};

// The library reports to standard error what it returns as well, and ignores SIGPIPE for the whole
// program: both are the program's own business.
std::unique_ptr<lws_context, ContextDeleter> make_context(const lws_context_creation_info& info) {
  static std::mutex making;
  const std::lock_guard lock(making);
  lws_set_log_level(0, nullptr);
  struct sigaction before{};
  sigaction(SIGPIPE, nullptr, &before);
  std::unique_ptr<lws_context, ContextDeleter> context(lws_create_context(&info));
  sigaction(SIGPIPE, &before, nullptr);
  return context;
}

std::string variable(const char* lower, const char* upper) {
  const char* value = std::getenv(lower);  // NOLINT(concurrency-mt-unsafe): nobody sets any.
  if (value == nullptr) value = std::getenv(upper);  // NOLINT(concurrency-mt-unsafe)
  return value == nullptr ? std::string() : std::string(value);
}

// As curl does it: "*", or a list of hosts and domains.
bool is_named_in(std::string_view list, std::string_view host) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    auto name = list.substr(0, comma);
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    while (name.starts_with(' ') || name.starts_with('.')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    if (name == "*" || name == host) return true;
    if (!name.empty() && host.ends_with(name) && host[host.size() - name.size() - 1] == '.') {
      return true;
    }
  }
  return false;
}

std::string proxy_for(const net::Url& url) {
  if (net::is_loopback_host(url.host)) return {};
  if (is_named_in(variable("no_proxy", "NO_PROXY"), url.host)) return {};
  // Only the lower-case name: HTTP_PROXY can be a header of a CGI program's caller.
  auto proxy = url.scheme == "https" ? variable("https_proxy", "HTTPS_PROXY")
                                     : variable("http_proxy", "http_proxy");
  return proxy.empty() ? variable("all_proxy", "ALL_PROXY") : proxy;
}

Error refused_with(int status, const std::string& host) {
  Error error{.code = ErrorCode::BadReply,
              .message = host + " did not open a WebSocket: HTTP " + std::to_string(status),
              .hint = "",
              .sqlstate = "",
              .http_status = status};
  if (status == 404) error.code = ErrorCode::NotFound;
  if (status == 401 || status == 403) error.code = ErrorCode::Refused;
  if (status == 429) error.code = ErrorCode::RateLimited;
  if (status >= 500) error.code = ErrorCode::ServerError;
  return error;
}

class Socket final : public net::WebSocket {
 public:
  Socket(net::Url url, const net::WebSocketRequest& request)
      : url_(std::move(url)),
        host_(url_.origin()),
        headers_(request.headers),
        message_bytes_max_(request.message_bytes_max) {}

  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  ~Socket() override {
    if (state_ != State::Open) return;
    state_ = State::Closing;
    lws_callback_on_writable(connection_);
    serve_until(kGoodbye, [this] { return state_ == State::Closed; });
  }

  Status open(const net::WebSocketRequest& request, const std::string& ca_file);

  Status send(std::string_view text) override {
    if (state_ != State::Open) return failure();
    if (queued_bytes_ + text.size() > limits::kSocketQueueBytesMax) {
      return Error{.code = ErrorCode::ReplyTooLarge,
                   .message = host_ + " does not take what is sent to it"};
    }
    queued_bytes_ += text.size();
    queue_.emplace_back(text);
    lws_callback_on_writable(connection_);
    return ok_status();
  }

  Result<std::optional<std::string>> receive(milliseconds wait_max) override {
    if (messages_.empty() && state_ == State::Open) {
      serve_until(wait_max,
                  [this] { return !messages_.empty() || state_ != State::Open || woken_.load(); });
    }
    woken_.store(false);
    if (!messages_.empty()) {
      std::optional<std::string> message(std::move(messages_.front()));
      messages_.pop_front();
      return message;
    }
    if (state_ != State::Open) return failure();
    return std::optional<std::string>();
  }

  void wake() noexcept override {
    woken_.store(true);
    lws_cancel_service(context_.get());
  }

  [[nodiscard]] net::WebSocketTraffic traffic() const override { return traffic_; }

  static int on_event(lws* connection, lws_callback_reasons reason, void* user, void* data,
                      std::size_t size);

 private:
  enum class State { Opening, Open, Closing, Closed };

  // Fires when its time has come; lives as long as this.
  struct Alarm {
    lws_sorted_usec_list_t entry{};  // First: the library hands its address back.
    lws_context* context = nullptr;
    bool has_fired = false;
  };

  template <class Condition>
  void serve_until(milliseconds wait_max, Condition&& is_met) {
    const NoBrokenPipeSignal guard;
    Alarm alarm{.context = context_.get()};
    const auto wait = std::max(wait_max, milliseconds(1));
    lws_sul_schedule(
        context_.get(), 0, &alarm.entry,
        [](lws_sorted_usec_list_t* entry) {
          auto* fired = reinterpret_cast<Alarm*>(entry);  // NOLINT: its first member.
          fired->has_fired = true;
          // The library calls this on its way to sleep until the next alarm, of its own.
          lws_cancel_service(fired->context);
        },
        std::chrono::microseconds(wait).count());
    while (!alarm.has_fired && !is_met() && lws_service(context_.get(), 0) >= 0) {
    }
    lws_sul_schedule(context_.get(), 0, &alarm.entry, nullptr, LWS_SET_TIMER_USEC_CANCEL);
  }

  int react(lws_callback_reasons reason, void* data, std::size_t size);
  int add_headers(void* data, std::size_t size);
  int take(const char* data, std::size_t size);
  int write();
  void fail(Error error);

  [[nodiscard]] Error failure() const {
    return error_.value_or(
        Error{.code = ErrorCode::Offline, .message = host_ + " closed the connection"});
  }

  const net::Url url_;
  const std::string host_;  // For messages.
  const std::vector<net::Header> headers_;
  const std::size_t message_bytes_max_;

  State state_ = State::Opening;
  std::optional<Error> error_;
  lws* connection_ = nullptr;
  std::deque<std::string> messages_;  // Received.
  std::string part_;                  // Of the message that comes in.
  bool is_passed_over_ = false;       // The message that comes in is not text.
  std::deque<std::string> queue_;     // To be sent.
  std::size_t queued_bytes_ = 0;
  net::WebSocketTraffic traffic_;
  std::atomic<bool> woken_{false};

  std::unique_ptr<lws_context, ContextDeleter> context_;  // Last: it calls back into the others.
};

const std::array<lws_protocols, 2> kProtocols = {{
    {"convoy", &Socket::on_event, 0, kReceiveBytes, 0, nullptr, 0},
    {nullptr, nullptr, 0, 0, 0, nullptr, 0},
}};

Status Socket::open(const net::WebSocketRequest& request, const std::string& ca_file) {
  const auto proxy = proxy_for(url_);
  lws_context_creation_info info{};
  info.port = CONTEXT_PORT_NO_LISTEN;
  info.protocols = kProtocols.data();
  info.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
  info.gid = static_cast<gid_t>(-1);
  info.uid = static_cast<uid_t>(-1);
  info.fd_limit_per_thread = kDescriptorsMax;
  info.http_proxy_address = proxy.c_str();  // Empty: none, whatever the environment says.
  if (!ca_file.empty()) info.client_ssl_ca_filepath = ca_file.c_str();
  context_ = make_context(info);
  if (context_ == nullptr) {
    return Error{.code = ErrorCode::Io, .message = "WebSockets can't be used on this system"};
  }

  const bool is_secure = url_.scheme == "https";
  auto path = url_.path.empty() ? std::string("/") : url_.path;
  if (!url_.query.empty()) path += "?" + url_.query;
  lws_client_connect_info wish{};
  wish.context = context_.get();
  wish.address = url_.host.c_str();
  wish.port = url_.port != 0 ? url_.port : is_secure ? kHttpsPort : kHttpPort;
  wish.path = path.c_str();
  // The port belongs into the header where it is not the scheme's own.
  const auto authority = url_.origin().substr(url_.scheme.size() + 3);
  wish.host = authority.c_str();
  wish.local_protocol_name = kProtocols.front().name;
  wish.ssl_connection = LCCSCF_HTTP_NO_FOLLOW_REDIRECT | (is_secure ? LCCSCF_USE_SSL : 0);
  wish.opaque_user_data = this;
  wish.pwsi = &connection_;
  {
    const NoBrokenPipeSignal guard;
    if (lws_client_connect_via_info(&wish) == nullptr && state_ == State::Opening) {
      fail({.code = ErrorCode::Offline, .message = host_ + " can't be reached"});
    }
  }
  auto left = request.connect_timeout;
  while (state_ == State::Opening && left.count() > 0) {
    if (request.cancellation != nullptr && request.cancellation->is_cancelled()) {
      return Error{.code = ErrorCode::Cancelled,
                   .message = "connecting to " + host_ + " was called off"};
    }
    const auto turn = std::min(left, kCancellationPoll);
    serve_until(turn, [this] { return state_ != State::Opening; });
    left -= turn;
  }
  if (state_ == State::Open) return ok_status();
  if (state_ == State::Opening) {
    return Error{.code = ErrorCode::Timeout,
                 .message = host_ + " did not open a WebSocket in time"};
  }
  return failure();
}

int Socket::on_event(lws* connection, lws_callback_reasons reason, void* /*user*/, void* data,
                     std::size_t size) {
  if (connection == nullptr) return 0;
  auto* socket = static_cast<Socket*>(lws_get_opaque_user_data(connection));
  return socket == nullptr ? 0 : socket->react(reason, data, size);
}

int Socket::react(lws_callback_reasons reason, void* data, std::size_t size) {
  switch (reason) {
    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
      return add_headers(data, size);
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
      state_ = State::Open;
      return 0;
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR: {
      const auto status = static_cast<int>(lws_http_client_http_response(connection_));
      const std::string words(static_cast<const char*>(data), data == nullptr ? 0 : size);
      if (status >= 200) {
        fail(refused_with(status, host_));
      } else if (words.find("tls") != std::string::npos ||
                 words.find("cert") != std::string::npos) {
        fail({.code = ErrorCode::TlsFailed,
              .message = "no secure connection to " + host_ + ": " + words,
              .hint = "Check the server's certificate and this device's date."});
      } else {
        fail({.code = ErrorCode::Offline, .message = host_ + " can't be reached: " + words});
      }
      return 0;
    }
    case LWS_CALLBACK_CLIENT_RECEIVE:
      return take(static_cast<const char*>(data), size);
    case LWS_CALLBACK_CLIENT_WRITEABLE:
      return write();
    case LWS_CALLBACK_CLIENT_CLOSED:
      state_ = State::Closed;
      connection_ = nullptr;
      return 0;
    default:
      return 0;
  }
}

int Socket::add_headers(void* data, std::size_t size) {
  auto** at = static_cast<unsigned char**>(data);
  unsigned char* const end = *at + size;
  for (const auto& [name, value] : headers_) {
    const auto label = name + ":";
    if (lws_add_http_header_by_name(
            connection_, reinterpret_cast<const unsigned char*>(label.c_str()),  // NOLINT
            reinterpret_cast<const unsigned char*>(value.data()),                // NOLINT
            static_cast<int>(value.size()), at, end) != 0) {
      return -1;
    }
  }
  return 0;
}

int Socket::take(const char* data, std::size_t size) {
  if (lws_is_first_fragment(connection_) != 0) {
    part_.clear();
    is_passed_over_ = lws_frame_is_binary(connection_) != 0;
  }
  traffic_.bytes_received += static_cast<std::int64_t>(size);
  if (part_.size() + size > message_bytes_max_) {
    fail({.code = ErrorCode::ReplyTooLarge, .message = host_ + " sent too large a message"});
    return -1;
  }
  part_.append(data, size);
  if (lws_is_final_fragment(connection_) == 0 || lws_remaining_packet_payload(connection_) > 0) {
    return 0;
  }
  auto message = std::exchange(part_, {});
  if (!is_passed_over_) messages_.push_back(std::move(message));
  return 0;
}

int Socket::write() {
  if (queue_.empty()) {
    if (state_ != State::Closing) return 0;
    lws_close_reason(connection_, LWS_CLOSE_STATUS_NORMAL, nullptr, 0);
    return -1;
  }
  const auto text = std::move(queue_.front());
  queue_.pop_front();
  queued_bytes_ -= text.size();
  std::vector<unsigned char> frame(LWS_PRE + text.size());
  std::copy(text.begin(), text.end(), frame.begin() + LWS_PRE);
  const auto written = lws_write(connection_, frame.data() + LWS_PRE, text.size(), LWS_WRITE_TEXT);
  if (written < 0) return -1;
  traffic_.bytes_sent += static_cast<std::int64_t>(text.size());
  if (!queue_.empty() || state_ == State::Closing) lws_callback_on_writable(connection_);
  return 0;
}

void Socket::fail(Error error) {
  state_ = State::Closed;
  if (!error_) error_ = std::move(error);
}

}  // namespace

Result<std::unique_ptr<net::WebSocket>> WebSocketClient::connect(
    const net::WebSocketRequest& request) {
  CONVOY_TRY(auto url, net::parse_url(request.url));
  auto socket = std::make_unique<Socket>(std::move(url), request);
  CONVOY_CHECK_OK(socket->open(request, options_.ca_file));
  return std::unique_ptr<net::WebSocket>(std::move(socket));
}

}  // namespace convoy::platform
