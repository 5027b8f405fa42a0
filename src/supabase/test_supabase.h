// test_supabase.h: a project for tests: a scripted transport, a server that rotates tokens as
// GoTrue does, a store in memory, a clock that stands still.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/environment.h"
#include "base/json.h"
#include "net/http.h"
#include "net/secret_store.h"
#include "supabase/project.h"

namespace convoy::supabase::test {

inline constexpr std::int64_t kStart = 1'800'000'000'000;
inline constexpr std::string_view kUrl = "https://abc.supabase.co";
inline constexpr std::string_view kKey = "sb_publishable_0123456789";
inline constexpr std::string_view kUserId = "00000000-0000-4000-8000-000000000001";
inline constexpr std::string_view kEmail = "ada@example.com";
inline constexpr std::string_view kPassword = "correct horse battery";

class FakeClock final : public base::Clock {
 public:
  std::int64_t now_ms() override { return now_.load(); }

  void advance_s(std::int64_t seconds) { now_.fetch_add(seconds * 1000); }

 private:
  std::atomic<std::int64_t> now_{kStart};
};

class MemoryStore final : public net::SecretStore {
 public:
  Result<std::optional<std::string>> load() override {
    const std::lock_guard guard(mutex_);
    if (load_error) return *load_error;
    return secret_;
  }

  Status save(std::string_view secret) override {
    const std::lock_guard guard(mutex_);
    if (save_error) return *save_error;
    secret_ = secret;
    ++saves;
    return ok_status();
  }

  Status clear() override {
    const std::lock_guard guard(mutex_);
    secret_.reset();
    return ok_status();
  }

  Result<std::unique_ptr<Lock>> lock(std::chrono::milliseconds, base::Cancellation*) override {
    if (lock_error) return *lock_error;
    return std::unique_ptr<Lock>(std::make_unique<Held>(lock_));
  }

  // What another process does that has no lock.
  void put(std::string secret) {
    const std::lock_guard guard(mutex_);
    secret_ = std::move(secret);
  }

  std::string text() {
    const std::lock_guard guard(mutex_);
    return secret_.value_or("");
  }

  std::optional<Error> load_error;
  std::optional<Error> save_error;
  std::optional<Error> lock_error;
  int saves = 0;

 private:
  class Held final : public Lock {
   public:
    explicit Held(std::mutex& mutex) : guard_(mutex) {}

   private:
    std::lock_guard<std::mutex> guard_;
  };

  std::mutex lock_;
  std::mutex mutex_;
  std::optional<std::string> secret_;
};

// Answers by a function, and keeps what was asked.
class FakeTransport final : public net::HttpTransport {
 public:
  using Handler = std::function<Result<net::HttpReply>(const net::HttpRequest&)>;

  explicit FakeTransport(Handler handler) : handler_(std::move(handler)) {}

  Result<net::HttpReply> send(const net::HttpRequest& request) override {
    {
      const std::lock_guard guard(mutex_);
      requests_.push_back(request);
    }
    return handler_(request);
  }

  std::vector<net::HttpRequest> requests() {
    const std::lock_guard guard(mutex_);
    return requests_;
  }

  std::size_t count(std::string_view url_part) {
    std::size_t count = 0;
    for (const auto& request : requests()) count += request.url.find(url_part) != std::string::npos;
    return count;
  }

 private:
  Handler handler_;
  std::mutex mutex_;
  std::vector<net::HttpRequest> requests_;
};

inline net::HttpReply json_reply(int status, std::string body) {
  return {.status = status,
          .headers = {{"content-type", "application/json; charset=utf-8"}},
          .body = std::move(body),
          .bytes_sent = 100,
          .bytes_received = 200};
}

inline Error offline() { return {.code = ErrorCode::Offline, .message = "no route"}; }

inline std::string header_of(const net::HttpRequest& request, std::string_view name) {
  for (const auto& [header, value] : request.headers) {
    if (header == name) return value;
  }
  return {};
}

inline std::string base64url(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  unsigned bits = 0;
  unsigned count = 0;
  for (const char c : bytes) {
    bits = (bits << 8U) | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) text += kDigits[(bits >> (count - 6)) & 63U];
  }
  if (count > 0) text += kDigits[(bits << (6 - count)) & 63U];
  return text;
}

inline std::string jwt(const std::string& payload) {
  return base64url(R"({"alg":"HS256","typ":"JWT"})") + "." + base64url(payload) + "." +
         base64url("a signature of some bytes");
}

// GoTrue's rules: a refresh token is good once; again only while its child is the newest.
class FakeGoTrue {
 public:
  std::string user_id{kUserId};
  int expires_in = 3600;

  // The answer to sign-in: a new pair.
  net::HttpReply grant() {
    const std::lock_guard guard(mutex_);
    parent_ = 0;
    return pair(++newest_);
  }

  net::HttpReply refresh(const net::HttpRequest& request) {
    const std::lock_guard guard(mutex_);
    const auto body = base::parse_json(request.body);
    const auto token = *body->find("refresh_token")->string();
    if (is_revoked_) return refuse("refresh_token_not_found");
    if (token == refresh_token(newest_)) {
      parent_ = newest_;
      return pair(++newest_);
    }
    if (parent_ != 0 && token == refresh_token(parent_)) return pair(newest_);
    is_revoked_ = true;
    return refuse("refresh_token_already_used");
  }

  void revoke() {
    const std::lock_guard guard(mutex_);
    is_revoked_ = true;
  }

  [[nodiscard]] int newest() const { return newest_; }

  static std::string refresh_token(int number) {
    return "refresh-token-" + std::to_string(number) + "-secret";
  }

  [[nodiscard]] std::string access_token(int number) const {
    return jwt(R"({"sub":")" + user_id + R"(","role":"authenticated","jti":)" +
               std::to_string(number) + "}");
  }

  static net::HttpReply refuse(const std::string& code) {
    return json_reply(
        400, R"({"code":")" + code + R"(","message":"Invalid Refresh Token: )" + code + R"("})");
  }

 private:
  net::HttpReply pair(int number) const {
    return json_reply(200, R"({"access_token":")" + access_token(number) +
                               R"(","refresh_token":")" + refresh_token(number) +
                               R"(","token_type":"bearer","expires_in":)" +
                               std::to_string(expires_in) + R"(,"user":{"id":")" + user_id +
                               R"(","email":")" + std::string(kEmail) + R"("}})");
  }

  std::mutex mutex_;
  int newest_ = 0;
  int parent_ = 0;
  bool is_revoked_ = false;
};

inline bool is_refresh(const net::HttpRequest& request) {
  return request.url.find("grant_type=refresh_token") != std::string::npos;
}

inline bool is_sign_in(const net::HttpRequest& request) {
  return request.url.find("grant_type=password") != std::string::npos;
}

// Everything of an error that anybody may come to see.
inline std::string text_of_error(const Error& error) {
  return error.message + "\n" + error.hint + "\n" + error.sqlstate;
}

}  // namespace convoy::supabase::test
