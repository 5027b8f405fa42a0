#include "supabase/auth.h"

#include <utility>

#include "base/text.h"
#include "net/url.h"
#include "supabase/reply.h"

namespace convoy::supabase {
namespace {

using base::Json;

Status check_credentials(std::string_view email, std::string_view password) {
  CONVOY_CHECK_OK(base::check_text(email, "the e-mail address"));
  CONVOY_CHECK_OK(base::check_text(password, "the password"));
  if (email.find('@') == std::string_view::npos) {
    return Error{.code = ErrorCode::InvalidArgument,
                 .message = "the e-mail address has no @",
                 .hint = "write it like ada@example.com"};
  }
  if (password.empty()) {
    return Error{.code = ErrorCode::InvalidArgument, .message = "the password is empty"};
  }
  return ok_status();
}

Json credentials(std::string_view email, std::string_view password) {
  Json body;
  body.set("email", email);
  body.set("password", password);
  return body;
}

}  // namespace

Auth::Auth(Project project, net::HttpTransport& transport, net::SecretStore& store,
           base::Clock& clock)
    : project_(std::move(project)), transport_(&transport), store_(&store), clock_(&clock) {}

net::HttpRequest Auth::request(std::string_view method, std::string_view path,
                               std::string_view access_token,
                               base::Cancellation* cancellation) const {
  net::HttpRequest request{.method = std::string(method),
                           .url = net::join_url(project_.url(), path),
                           .headers = project_.headers(access_token),
                           .timeout = kAuthTimeout,
                           .cancellation = cancellation};
  request.headers.emplace_back("Accept", "application/json");
  request.headers.emplace_back("X-Supabase-Api-Version", "2024-01-01");
  return request;
}

Result<Json> Auth::send(const net::HttpRequest& request, AuthCall call, std::string_view secret) {
  CONVOY_TRY(const auto reply, transport_->send(request));
  CONVOY_TRY(auto body, read_body(reply, project_.host()));
  if (auto error = explain_auth_reply(reply, body, call, project_.host(), secret)) {
    return *std::move(error);
  }
  return body;
}

Result<Json> Auth::post(std::string_view path, const Json& body, AuthCall call,
                        std::string_view secret, base::Cancellation* cancellation) {
  net::HttpRequest post = request("POST", path, "", cancellation);
  post.headers.emplace_back("Content-Type", "application/json");
  post.body = body.dump();
  return send(post, call, secret);
}

Result<Session> Auth::sign_up(std::string_view email, std::string_view password,
                              base::Cancellation* cancellation) {
  CONVOY_CHECK_OK(check_credentials(email, password));
  CONVOY_TRY(const auto reply, post("/auth/v1/signup", credentials(email, password),
                                    AuthCall::SignUp, password, cancellation));
  if (reply.find("access_token") == nullptr && reply.find("id") != nullptr) {
    return Error{.code = ErrorCode::Refused,
                 .message = "the address " + std::string(email) +
                            " must be confirmed before the first sign-in",
                 .hint =
                     "open the link in the e-mail that the server sent, then `convoy login`; if "
                     "no e-mail comes, the account may exist already",
                 .http_status = 200};
  }
  CONVOY_TRY(auto session, read_session_reply(reply, clock_->now_ms(), project_.url()));
  CONVOY_CHECK_OK(keep_under_lock(session, cancellation));
  return session;
}

Result<Session> Auth::sign_in_with_password(std::string_view email, std::string_view password,
                                            const SignInOptions& options) {
  CONVOY_CHECK_OK(check_credentials(email, password));
  CONVOY_TRY(const auto reply,
             post("/auth/v1/token?grant_type=password", credentials(email, password),
                  AuthCall::SignIn, password, options.cancellation));
  CONVOY_TRY(auto session, read_session_reply(reply, clock_->now_ms(), project_.url()));
  if (!options.user_id.empty() && session.user_id != options.user_id) {
    // Nobody will ever use it; if the server can't be told, it runs out by itself.
    const auto told = end_on_server(session.access_token, options.cancellation);
    static_cast<void>(told);
    return Error{.code = ErrorCode::WrongDatabase,
                 .message = "the data here belongs to another user than " + std::string(email),
                 .hint = "sign in as that user, or sign out first"};
  }
  CONVOY_CHECK_OK(keep_under_lock(session, options.cancellation));
  return session;
}

Status Auth::sign_out(base::Cancellation* cancellation) {
  const base::MutexLock guard(renewal_);
  CONVOY_TRY(const auto lock, store_->lock(kSessionLockWait, cancellation));
  auto loaded = load();
  Status told = ok_status();
  if (!loaded.ok()) {
    told = loaded.error();
  } else if (const auto& kept = *loaded; kept.has_value() && !kept->is_ended()) {
    told = tell_server_of_sign_out(*kept, cancellation);
  }
  CONVOY_CHECK_OK(store_->clear());
  return told;
}

Result<std::optional<Session>> Auth::session() {
  CONVOY_TRY(auto kept, load());
  if (kept && kept->is_ended()) kept.reset();
  return kept;
}

Result<Session> Auth::fresh_session(base::Cancellation* cancellation) {
  CONVOY_TRY(auto session, load_alive());
  const auto now = clock_->now_ms();
  if (is_fresh(session, "")) return session;
  if (session.is_usable(now) && now < renewal_pause_end_.load(std::memory_order_relaxed)) {
    return session;
  }
  return renew_unless_fresh("", cancellation);
}

Result<Session> Auth::renew(std::string_view rejected_access_token,
                            base::Cancellation* cancellation) {
  return renew_unless_fresh(rejected_access_token, cancellation);
}

Result<User> Auth::user(base::Cancellation* cancellation) {
  CONVOY_TRY(auto session, fresh_session(cancellation));
  auto reply = send(request("GET", "/auth/v1/user", session.access_token, cancellation),
                    AuthCall::SignedIn, session.access_token);
  if (!reply.ok() && reply.error().code == ErrorCode::SignInRequired) {
    CONVOY_TRY(session, renew(session.access_token, cancellation));
    reply = send(request("GET", "/auth/v1/user", session.access_token, cancellation),
                 AuthCall::SignedIn, session.access_token);
  }
  if (!reply.ok()) return reply.error();
  User user{.id = text_of(*reply, "id"), .email = text_of(*reply, "email")};
  if (user.id.empty()) {
    return Error{.code = ErrorCode::BadReply, .message = project_.host() + " sent no user"};
  }
  return user;
}

bool Auth::is_fresh(const Session& session, std::string_view rejected) const {
  return !session.needs_refresh(clock_->now_ms()) && session.access_token != rejected;
}

Result<std::optional<Session>> Auth::load() {
  CONVOY_TRY(const auto text, store_->load());
  if (!text) return std::optional<Session>();
  CONVOY_TRY(auto session, decode_session(*text));
  // Another project's session is nobody's here, and its tokens must not travel to this one.
  if (session.project_url != project_.url()) return std::optional<Session>();
  return std::optional<Session>(std::move(session));
}

Result<Session> Auth::load_alive() {
  CONVOY_TRY(auto kept, load());
  if (!kept) return not_signed_in();
  if (kept->is_ended()) return session_has_ended(kept->email);
  return *std::move(kept);
}

Status Auth::keep(const Session& session) { return store_->save(encode_session(session)); }

Status Auth::keep_under_lock(const Session& session, base::Cancellation* cancellation) {
  CONVOY_TRY(const auto lock, store_->lock(kSessionLockWait, cancellation));
  return keep(session);
}

Result<Session> Auth::renew_unless_fresh(std::string_view rejected,
                                         base::Cancellation* cancellation) {
  // The store's lock alone would do; waiting here costs no polling.
  const base::MutexLock guard(renewal_);
  CONVOY_TRY(auto session, load_alive());
  if (is_fresh(session, rejected)) return session;

  auto renewed = [&]() -> Result<Session> {
    CONVOY_TRY(const auto lock, store_->lock(kSessionLockWait, cancellation));
    // Whoever held the lock may have renewed, or signed out.
    CONVOY_TRY(session, load_alive());
    if (is_fresh(session, rejected)) return session;
    return renew_locked(session, rejected, cancellation);
  }();
  if (renewed.ok()) {
    renewal_pause_end_.store(0, std::memory_order_relaxed);
    return renewed;
  }
  const auto code = renewed.error().code;
  const auto now = clock_->now_ms();
  const bool may_pass = is_retryable(code) && code != ErrorCode::Cancelled;
  if (may_pass && session.is_usable(now) && session.access_token != rejected) {
    renewal_pause_end_.store(now + kRenewalPause.count(), std::memory_order_relaxed);
    return session;
  }
  return renewed;
}

// REQUIRES: the store's lock is held, and `old` is what the store holds.
Result<Session> Auth::renew_locked(const Session& old, std::string_view rejected,
                                   base::Cancellation* cancellation) {
  auto renewed = exchange(old, cancellation);
  Session used = old;
  if (!renewed.ok() && renewed.error().code == ErrorCode::SignInRequired) {
    // A lock that does not work (a network file system) shows here: somebody else has renewed.
    CONVOY_TRY(auto current, load_alive());
    if (current.refresh_token != used.refresh_token) {
      if (is_fresh(current, rejected)) return current;
      used = std::move(current);
      renewed = exchange(used, cancellation);
    }
  }
  if (renewed.ok()) {
    // On disk before anybody uses it: after a crash the old one would be one step behind, which the
    // server forgives only once.
    CONVOY_CHECK_OK(keep(*renewed));
    return renewed;
  }
  if (renewed.error().code != ErrorCode::SignInRequired) return renewed;

  Error error = session_has_ended(used.email);
  error.sqlstate = renewed.error().sqlstate;
  error.http_status = renewed.error().http_status;
  if (ends_session(renewed.error())) {
    used.access_token.clear();
    used.refresh_token.clear();
    CONVOY_CHECK_OK(keep(used));
  }
  return error;
}

// One refresh token against a new pair. Does not touch the store.
Result<Session> Auth::exchange(const Session& old, base::Cancellation* cancellation) {
  Json body;
  body.set("refresh_token", old.refresh_token);
  const auto ask = [&] {
    return post("/auth/v1/token?grant_type=refresh_token", body, AuthCall::Refresh,
                old.refresh_token, cancellation);
  };
  auto reply = ask();
  // The answer may be what was lost. The same token again is safe: the server knows it as the
  // parent of the pair that did not arrive.
  if (!reply.ok() && reply.error().code == ErrorCode::Offline) reply = ask();
  if (!reply.ok()) return reply.error();

  CONVOY_TRY(auto session, read_session_reply(*reply, clock_->now_ms(), project_.url()));
  if (session.user_id != old.user_id) {
    return Error{.code = ErrorCode::BadReply,
                 .message = project_.host() + " answered with another user's session"};
  }
  if (session.email.empty()) session.email = old.email;
  return session;
}

Status Auth::tell_server_of_sign_out(const Session& session, base::Cancellation* cancellation) {
  if (session.is_usable(clock_->now_ms())) return end_on_server(session.access_token, cancellation);
  // Signing out needs an access token as well.
  const auto renewed = exchange(session, cancellation);
  if (renewed.ok()) return end_on_server(renewed->access_token, cancellation);
  if (renewed.error().code == ErrorCode::SignInRequired) return ok_status();
  return renewed.error();
}

Status Auth::end_on_server(std::string_view access_token, base::Cancellation* cancellation) {
  const auto reply =
      send(request("POST", "/auth/v1/logout?scope=local", access_token, cancellation),
           AuthCall::SignedIn, access_token);
  // A session that the server does not know any more is what was wanted.
  if (reply.ok() || reply.error().code == ErrorCode::SignInRequired) return ok_status();
  return reply.error();
}

}  // namespace convoy::supabase
