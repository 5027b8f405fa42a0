#include "supabase/auth_errors.h"

#include <algorithm>
#include <array>
#include <string>

#include "supabase/reply.h"

namespace convoy::supabase {
namespace {

using base::Json;

constexpr std::string_view kSignIn = "sign in with `convoy login`";

struct Meaning {
  std::string_view code;
  ErrorCode error;
  std::string_view hint;
};

// https://supabase.com/docs/guides/auth/debugging/error-codes
constexpr std::array kMeanings = {
    Meaning{"invalid_credentials", ErrorCode::InvalidCredentials,
            "check both; `convoy signup` makes a new account"},
    Meaning{"email_not_confirmed", ErrorCode::Refused,
            "open the link in the e-mail that the server sent, then `convoy login`"},
    Meaning{"user_already_exists", ErrorCode::AlreadyExists, kSignIn},
    Meaning{"email_exists", ErrorCode::AlreadyExists, kSignIn},
    Meaning{"weak_password", ErrorCode::InvalidArgument, "choose a longer password"},
    Meaning{"validation_failed", ErrorCode::InvalidArgument, ""},
    Meaning{"email_address_invalid", ErrorCode::InvalidArgument, "check the e-mail address"},
    Meaning{"email_address_not_authorized", ErrorCode::Refused,
            "the project may only send e-mail to its members until it has its own mail server"},
    Meaning{"signup_disabled", ErrorCode::Refused, "ask the project's owner for an account"},
    Meaning{"email_provider_disabled", ErrorCode::Refused,
            "the project's owner has to enable sign-in by e-mail"},
    Meaning{"provider_disabled", ErrorCode::Refused, ""},
    Meaning{"user_banned", ErrorCode::Refused, "ask the project's owner"},
    Meaning{"captcha_failed", ErrorCode::Refused,
            "the project wants a captcha, which only a web page can show"},
    Meaning{"insufficient_aal", ErrorCode::Refused, "the account needs a second factor"},
    Meaning{"over_request_rate_limit", ErrorCode::RateLimited, "try again in some minutes"},
    Meaning{"over_email_send_rate_limit", ErrorCode::RateLimited, "try again in an hour"},
    Meaning{"request_timeout", ErrorCode::Timeout, "try again"},
    Meaning{"hook_timeout", ErrorCode::ServerError, "try again later"},
    Meaning{"hook_timeout_after_retry", ErrorCode::ServerError, "try again later"},
    Meaning{"conflict", ErrorCode::ServerError, "try again"},
    Meaning{"unexpected_failure", ErrorCode::ServerError, "try again later"},
    Meaning{"bad_jwt", ErrorCode::SignInRequired, kSignIn},
    Meaning{"no_authorization", ErrorCode::SignInRequired, kSignIn},
    Meaning{"session_not_found", ErrorCode::SignInRequired, kSignIn},
    Meaning{"session_expired", ErrorCode::SignInRequired, kSignIn},
    Meaning{"refresh_token_not_found", ErrorCode::SignInRequired, kSignIn},
    Meaning{"refresh_token_already_used", ErrorCode::SignInRequired, kSignIn},
    Meaning{"user_not_found", ErrorCode::SignInRequired, kSignIn},
};

const Meaning* find_meaning(std::string_view code) {
  const auto* const found =
      std::find_if(kMeanings.begin(), kMeanings.end(),
                   [code](const Meaning& meaning) { return meaning.code == code; });
  return found == kMeanings.end() ? nullptr : &*found;
}

// Newer servers write {"code": "<name>"}, others {"code": <status>, "error_code": "<name>"}, the
// oldest of all {"error": "invalid_grant"}.
std::string code_of(const Json& body) {
  for (const std::string_view name : {"error_code", "code", "error"}) {
    std::string code = text_of(body, name);
    if (!code.empty()) return server_text(code);
  }
  return {};
}

std::string words_of(const Json& body, std::string_view secret) {
  for (const std::string_view name : {"msg", "message", "error_description"}) {
    const std::string words = text_of(body, name);
    if (!words.empty()) return server_text(words, {secret});
  }
  return {};
}

}  // namespace

std::optional<Error> explain_auth_reply(const net::HttpReply& reply, const Json& body,
                                        AuthCall call, std::string_view host,
                                        std::string_view secret) {
  if (reply.status >= 200 && reply.status < 300) return std::nullopt;

  const std::string code = code_of(body);
  const std::string words = words_of(body, secret);
  const std::string said = std::string(host) + " says: " +
                           (words.empty() ? "HTTP " + std::to_string(reply.status) : words);
  Error error{.message = said, .sqlstate = code, .http_status = reply.status};

  const Meaning* meaning = find_meaning(code);
  if (meaning == nullptr) {
    Error gateway;
    if (explain_gateway(reply, body, host, gateway)) return gateway;
  }
  // Servers from before error codes.
  if (meaning == nullptr && code == "invalid_grant" && call == AuthCall::SignIn) {
    meaning = find_meaning("invalid_credentials");
  }
  if (meaning != nullptr) {
    error.code = meaning->error;
    error.hint = meaning->hint;
  } else if (reply.status >= 500) {
    error.code = ErrorCode::ServerError;
    error.hint = "try again later";
  } else {
    error.code = ErrorCode::Refused;
  }
  // "Not valid" in a refresh is about the token: only a new session helps.
  const bool is_about_token = code == "validation_failed" || code == "invalid_grant" ||
                              (meaning == nullptr && (reply.status == 401 || reply.status == 403));
  if (is_about_token && (call == AuthCall::Refresh || call == AuthCall::SignedIn)) {
    error.code = ErrorCode::SignInRequired;
    error.hint = kSignIn;
  }
  return error;
}

bool ends_session(const Error& error) {
  constexpr std::array<std::string_view, 5> kEnds = {"refresh_token_already_used",
                                                     "refresh_token_not_found", "session_not_found",
                                                     "session_expired", "user_not_found"};
  return error.code == ErrorCode::SignInRequired &&
         std::find(kEnds.begin(), kEnds.end(), error.sqlstate) != kEnds.end();
}

Error not_signed_in() {
  return {.code = ErrorCode::SignInRequired,
          .message = "nobody is signed in",
          .hint = std::string(kSignIn)};
}

Error session_has_ended(std::string_view email) {
  return {.code = ErrorCode::SignInRequired,
          .message = email.empty() ? "the session has ended"
                                   : "the session of " + std::string(email) + " has ended",
          .hint = std::string(kSignIn) + "; nothing that is stored here is lost"};
}

}  // namespace convoy::supabase
