// auth.h: signing in and staying signed in (GoTrue).
//
// The session lives in the store and nowhere else, so that all processes of a device see one. The
// access token is renewed early, by one thread of one process at a time, and the new pair is on
// disk before it is used. No error, log or message ever contains a token or a password.
//
// Three different things have three different errors everywhere: the server can't be reached
// (Offline, Timeout, ServerError …; the session is kept), the session has ended (SignInRequired),
// and the server understands and says no (Refused).
//
// Thread-safety: thread-safe. Ownership: transport, store and clock are borrowed.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/environment.h"
#include "base/json.h"
#include "base/mutex.h"
#include "convoy/result.h"
#include "net/http.h"
#include "net/secret_store.h"
#include "supabase/auth_errors.h"
#include "supabase/project.h"
#include "supabase/session.h"

namespace convoy::supabase {

inline constexpr std::chrono::milliseconds kAuthTimeout{20'000};
// Longer than whoever holds the lock may take: a request and its one repetition.
inline constexpr std::chrono::milliseconds kSessionLockWait{60'000};
// After a renewal that failed while the old access token still serves, this long without another.
inline constexpr std::chrono::milliseconds kRenewalPause{30'000};

struct User {
  std::string id;
  std::string email;
};

struct SignInOptions {
  // If not empty, only this user may sign in: anybody else's session is given back to the server
  // and not kept.
  std::string user_id;
  base::Cancellation* cancellation = nullptr;  // Borrowed.
};

class Auth {
 public:
  Auth(Project project, net::HttpTransport& transport, net::SecretStore& store, base::Clock& clock);

  // Makes an account and signs it in. Errors: AlreadyExists, InvalidArgument (weak password, bad
  // address), Refused (sign-ups are closed; or the account exists now but its e-mail address must
  // be confirmed first: http_status is 200 then), RateLimited, InvalidApiKey, and the transport's.
  Result<Session> sign_up(std::string_view email, std::string_view password,
                          base::Cancellation* cancellation = nullptr);

  // Errors: InvalidCredentials, Refused (e-mail not confirmed, banned …), RateLimited,
  // InvalidApiKey, WrongDatabase (see SignInOptions), and the transport's.
  Result<Session> sign_in_with_password(std::string_view email, std::string_view password,
                                        const SignInOptions& options = {});

  // Ends this session on the server and forgets it here. It is forgotten here even if the server
  // can't be told, which is an error (Offline and its kin, Corrupt …) all the same. Nobody signed
  // in is fine. Errors that leave the session as it is: Busy, Io, Cancelled while waiting for the
  // store.
  Status sign_out(base::Cancellation* cancellation = nullptr);

  // The session as it is kept, without asking the server; nothing if nobody is signed in or the
  // session has ended. Errors: Io, Corrupt.
  Result<std::optional<Session>> session();

  // A session whose access token can be used now, renewed if needed. Errors: SignInRequired,
  // Refused (banned), and if the token has run out: Offline and its kin, ServerError, RateLimited;
  // Io.
  Result<Session> fresh_session(base::Cancellation* cancellation = nullptr);

  // As fresh_session, after the server did not accept this access token.
  Result<Session> renew(std::string_view rejected_access_token,
                        base::Cancellation* cancellation = nullptr);

  // Asks the server who is signed in. Errors: as fresh_session.
  Result<User> user(base::Cancellation* cancellation = nullptr);

  [[nodiscard]] const Project& project() const { return project_; }

 private:
  Result<std::optional<Session>> load();
  Result<Session> load_alive();
  Status keep(const Session& session);
  Status keep_under_lock(const Session& session, base::Cancellation* cancellation);
  Result<base::Json> post(std::string_view path, const base::Json& body, AuthCall call,
                          std::string_view secret, base::Cancellation* cancellation);
  Result<base::Json> send(const net::HttpRequest& request, AuthCall call, std::string_view secret);
  net::HttpRequest request(std::string_view method, std::string_view path,
                           std::string_view access_token, base::Cancellation* cancellation) const;
  Result<Session> exchange(const Session& old, base::Cancellation* cancellation);
  Result<Session> renew_unless_fresh(std::string_view rejected, base::Cancellation* cancellation);
  Result<Session> renew_locked(const Session& old, std::string_view rejected,
                               base::Cancellation* cancellation);
  Status tell_server_of_sign_out(const Session& session, base::Cancellation* cancellation);
  Status end_on_server(std::string_view access_token, base::Cancellation* cancellation);
  [[nodiscard]] bool is_fresh(const Session& session, std::string_view rejected) const;

  const Project project_;
  net::HttpTransport* const transport_;
  net::SecretStore* const store_;
  base::Clock* const clock_;

  base::Mutex renewal_;  // One renewal at a time in this process.
  std::atomic<std::int64_t> renewal_pause_end_{0};
};

}  // namespace convoy::supabase
