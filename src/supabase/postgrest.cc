#include "supabase/postgrest.h"

#include <utility>

#include "net/retry_after.h"
#include "net/url.h"
#include "supabase/auth_errors.h"
#include "supabase/postgrest_errors.h"
#include "supabase/reply.h"

namespace convoy::supabase {
namespace {

using base::Json;

Error wrong_user(const std::string& email) {
  return {.code = ErrorCode::WrongDatabase,
          .message = "the data here belongs to another user than " +
                     (email.empty() ? std::string("the one who is signed in") : email),
          .hint = "sign in as that user"};
}

Result<RpcReply> read(const net::HttpReply& reply, std::string_view function, std::string_view host,
                      bool is_signed_in) {
  CONVOY_TRY(auto body, read_body(reply, host));
  if (auto error = explain_rest_reply(reply, body, function, host, is_signed_in)) {
    return *std::move(error);
  }
  return RpcReply{.body = std::move(body),
                  .bytes_sent = reply.bytes_sent,
                  .bytes_received = reply.bytes_received};
}

}  // namespace

Rest::Rest(const Project& project, net::HttpTransport& transport, Auth* auth, base::Clock& clock)
    : project_(project), transport_(&transport), auth_(auth), clock_(&clock) {}

Result<RpcReply> Rest::rpc(std::string_view function, const Json& arguments,
                           const CallOptions& options) {
  return exchange(
      {.method = "POST",
       .url = net::join_url(project_.url(), "/rest/v1/rpc/" + net::percent_encode(function)),
       .headers = {{"Content-Type", "application/json"}},
       .body = arguments.is_null() ? "{}" : arguments.dump()},
      function, options);
}

Result<RpcReply> Rest::select(std::string_view table,
                              const std::vector<std::pair<std::string, std::string>>& parameters,
                              const CallOptions& options) {
  auto path = "/rest/v1/" + net::percent_encode(table);
  char separator = '?';
  for (const auto& [name, value] : parameters) {
    path += separator + net::percent_encode(name) + "=" + net::percent_encode(value);
    separator = '&';
  }
  return exchange({.method = "GET", .url = net::join_url(project_.url(), path)}, table, options);
}

Result<RpcReply> Rest::exchange(net::HttpRequest request, std::string_view name,
                                const CallOptions& options) {
  if (options.as == CallAs::Anonymous) {
    CONVOY_TRY(const auto reply, send(std::move(request), "", options));
    return read(reply, name, project_.host(), false);
  }

  if (auth_ == nullptr) return not_signed_in();
  CONVOY_TRY(Session session, auth_->fresh_session(options.cancellation));
  for (bool is_repeated = false;; is_repeated = true) {
    // Another process may have signed somebody else in since.
    if (!options.user_id.empty() && session.user_id != options.user_id) {
      return wrong_user(session.email);
    }
    CONVOY_TRY(const auto reply, send(request, session.access_token, options));
    auto result = read(reply, name, project_.host(), true);
    if (result.ok() || is_repeated || !is_about_access_token(result.error())) return result;
    CONVOY_TRY(session, auth_->renew(session.access_token, options.cancellation));
  }
}

Result<net::HttpReply> Rest::send(net::HttpRequest request, std::string_view access_token,
                                  const CallOptions& options) {
  auto headers = project_.headers(access_token);
  headers.emplace_back("Accept", "application/json");
  headers.insert(headers.end(), request.headers.begin(), request.headers.end());
  request.headers = std::move(headers);
  request.timeout = options.timeout;
  request.reply_bytes_max = options.reply_bytes_max;
  request.cancellation = options.cancellation;
  auto reply = transport_->send(request);
  if (!reply.ok()) return reply;
  requests_.fetch_add(1, std::memory_order_relaxed);
  bytes_sent_.fetch_add(static_cast<std::int64_t>(reply->bytes_sent), std::memory_order_relaxed);
  bytes_received_.fetch_add(static_cast<std::int64_t>(reply->bytes_received),
                            std::memory_order_relaxed);
  const auto after = net::parse_retry_after(reply->header("retry-after"), clock_->now_ms());
  retry_after_ms_.store(after ? after->count() : -1, std::memory_order_relaxed);
  return reply;
}

Rest::Traffic Rest::traffic() const {
  return {.requests = requests_.load(std::memory_order_relaxed),
          .bytes_sent = bytes_sent_.load(std::memory_order_relaxed),
          .bytes_received = bytes_received_.load(std::memory_order_relaxed)};
}

std::optional<std::chrono::milliseconds> Rest::retry_after() const {
  const auto after = retry_after_ms_.load(std::memory_order_relaxed);
  if (after < 0) return std::nullopt;
  return std::chrono::milliseconds(after);
}

}  // namespace convoy::supabase
