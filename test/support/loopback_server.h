// loopback_server.h: a server on 127.0.0.1 that says exactly what a test wants, wrong things
// included.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace convoy::test {

// One accepted connection, on the server's thread.
class LoopbackConnection {
 public:
  explicit LoopbackConnection(int descriptor) : descriptor_(descriptor) {}

  [[nodiscard]] int descriptor() const { return descriptor_; }

  // One whole request with its body; "" when the client has closed.
  std::string read_request() {
    std::string text;
    std::array<char, 4096> chunk{};
    for (;;) {
      const auto head = text.find("\r\n\r\n");
      if (head != std::string::npos && text.size() >= head + 4 + content_length(text)) return text;
      const auto count = ::recv(descriptor_, chunk.data(), chunk.size(), 0);
      if (count <= 0) return {};
      text.append(chunk.data(), static_cast<std::size_t>(count));
    }
  }

  // False once the client has closed.
  bool write(std::string_view text) {
    while (!text.empty()) {
      const auto count = ::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  // A client that was told of a body must see the end of it, not a reset.
  void wait_for_close() {
    std::array<char, 4096> chunk{};
    while (::recv(descriptor_, chunk.data(), chunk.size(), 0) > 0) {
    }
  }

 private:
  static std::size_t content_length(const std::string& text) {
    const std::string_view name = "Content-Length: ";
    const auto at = text.find(name);
    return at == std::string::npos ? 0
                                   : std::strtoull(text.c_str() + at + name.size(), nullptr, 10);
  }

  int descriptor_;
};

// Serves one connection after the other on its own thread. Destroying it cuts off what is open.
class LoopbackServer {
 public:
  using Handler = std::function<void(LoopbackConnection&)>;

  explicit LoopbackServer(Handler handler) : handler_(std::move(handler)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (listener_ < 0 || ::bind(listener_, generic, size) != 0 || ::listen(listener_, 16) != 0 ||
        ::getsockname(listener_, generic, &size) != 0) {
      std::abort();
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }

  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  ~LoopbackServer() {
    {
      const std::lock_guard guard(mutex_);
      is_stopping_ = true;
      ::shutdown(listener_, SHUT_RDWR);
      if (current_ >= 0) ::shutdown(current_, SHUT_RDWR);
    }
    thread_.join();
    ::close(listener_);
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }

  [[nodiscard]] std::string url(std::string_view path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
  }

  [[nodiscard]] int connections() const { return connections_.load(); }

 private:
  void run() {
    for (;;) {
      const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      {
        const std::lock_guard guard(mutex_);
        if (is_stopping_ || descriptor < 0) {
          if (descriptor >= 0) ::close(descriptor);
          return;
        }
        current_ = descriptor;
      }
      connections_.fetch_add(1);
      LoopbackConnection connection(descriptor);
      handler_(connection);
      const std::lock_guard guard(mutex_);
      current_ = -1;
      ::close(descriptor);
    }
  }

  Handler handler_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_{0};
  std::mutex mutex_;
  int current_ = -1;
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace convoy::test
