#include "supabase/postgrest_errors.h"

#include <algorithm>
#include <array>
#include <string>

#include "supabase/reply.h"

namespace convoy::supabase {
namespace {

using base::Json;

constexpr std::string_view kInstall =
    "the project's owner installs it with `supabase db push`, with Convoy's supabase/migrations "
    "among "
    "the project's own, or with `psql -f` for each of these files in their order; then reloads the "
    "API's schema cache: notify pgrst, 'reload schema'";
constexpr std::string_view kLater = "try again later";
constexpr std::string_view kSignIn = "sign in with `convoy login`";

struct Meaning {
  std::string_view code;  // A whole code, or the beginning of a family of codes.
  ErrorCode error;
  std::string_view hint;
};

// The first that fits. PostgREST's own codes:
// https://postgrest.org/en/stable/references/errors.html
constexpr std::array kMeanings = {
    Meaning{"PGRST301", ErrorCode::SignInRequired, kSignIn},
    Meaning{"PGRST302", ErrorCode::SignInRequired, kSignIn},
    Meaning{"PGRST303", ErrorCode::SignInRequired, kSignIn},
    Meaning{"PGRST106", ErrorCode::NotInstalled,
            "the project's owner adds the schema `public` to the API's exposed schemas"},
    Meaning{"PGRST202", ErrorCode::NotInstalled, kInstall},
    Meaning{"PGRST203", ErrorCode::NotInstalled, kInstall},
    Meaning{"PGRST205", ErrorCode::NotInstalled, kInstall},
    Meaning{"42883", ErrorCode::NotInstalled, kInstall},
    Meaning{"42P01", ErrorCode::NotInstalled, kInstall},
    Meaning{"3F000", ErrorCode::NotInstalled, kInstall},
    Meaning{"PGRST00", ErrorCode::ServerError, kLater},
    Meaning{"PGRST300", ErrorCode::ServerError, "the project's API lacks its JWT secret"},
    Meaning{"PGRSTX", ErrorCode::ServerError, kLater},
    Meaning{"PGRST102", ErrorCode::Rejected, ""},
    Meaning{"PGRST", ErrorCode::BadReply,
            "check that the project's API and Convoy's SQL are of now"},
    // The local stand-in's word for every failure that it does not pass on.
    Meaning{"SUP", ErrorCode::ServerError, kLater},
    Meaning{"57014", ErrorCode::Timeout, "the server gave up on it; a smaller request may do"},
    Meaning{"42501", ErrorCode::Refused,
            "the project's rules (grants or Row Level Security) do not allow it"},
    Meaning{"55P03", ErrorCode::ServerError, kLater},
    Meaning{"08", ErrorCode::ServerError, kLater},
    // A database that is read only, for example because its disk is full: nothing is wrong with
    // what was sent.
    Meaning{"25", ErrorCode::ServerError, "the database may be read only at the moment"},
    Meaning{"40", ErrorCode::ServerError, kLater},
    Meaning{"53", ErrorCode::ServerError, kLater},
    Meaning{"57", ErrorCode::ServerError, kLater},
    Meaning{"58", ErrorCode::ServerError, kLater},
    Meaning{"F0", ErrorCode::ServerError, kLater},
    Meaning{"XX", ErrorCode::ServerError, kLater},
    Meaning{"CV001", ErrorCode::ProtocolMismatch,
            "update this program, or have the project's owner apply the newer supabase/migrations"},
    Meaning{"CV009", ErrorCode::Rejected, "this is a bug in Convoy; updating may help"},
    Meaning{"CV010", ErrorCode::Rejected,
            "the data here belongs to another user; sign in as that user, or sign out first"},
    Meaning{
        "CV011", ErrorCode::ServerRestored,
        "the project's owner runs `select convoy.after_restore()`; until then nothing is synced "
        "and nothing is lost"},
    Meaning{"CV012", ErrorCode::SignInRequired,
            "sign in with `convoy login`, and it counts as a new device; nothing here is lost"},
};

const Meaning* find_meaning(std::string_view code) {
  if (code.empty()) return nullptr;
  const auto* const found =
      std::find_if(kMeanings.begin(), kMeanings.end(), [code](const Meaning& meaning) {
        return code == meaning.code ||
               (meaning.code.size() != code.size() && code.starts_with(meaning.code));
      });
  return found == kMeanings.end() ? nullptr : &*found;
}

bool is_sqlstate(std::string_view code) {
  return code.size() == 5 && std::all_of(code.begin(), code.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
         });
}

// Without a code, or with one that nobody knows.
void explain_status(const net::HttpReply& reply, Error& error) {
  if (reply.status >= 500) {
    error.code = ErrorCode::ServerError;
    error.hint = kLater;
  } else if (reply.status == 401) {
    error.code = ErrorCode::SignInRequired;
    error.hint = kSignIn;
  } else if (reply.status == 403) {
    error.code = ErrorCode::Refused;
  } else if (reply.status == 413) {
    error.code = ErrorCode::Rejected;
    error.hint = "it is larger than the server takes";
  } else {
    error.code = ErrorCode::BadReply;
    error.hint = "check the project's URL";
  }
}

}  // namespace

std::optional<Error> explain_rest_reply(const net::HttpReply& reply, const Json& body,
                                        std::string_view function, std::string_view host,
                                        bool is_signed_in) {
  if (reply.status >= 200 && reply.status < 300) return std::nullopt;

  const std::string code = server_text(text_of(body, "code"));
  const Meaning* const meaning = find_meaning(code);
  if (meaning == nullptr && !is_sqlstate(code)) {
    Error gateway;
    if (explain_gateway(reply, body, host, gateway)) return gateway;
  }

  std::string said = server_text(text_of(body, "message"));
  if (said.empty()) said = "HTTP " + std::to_string(reply.status);
  const std::string first_words = said;
  const std::string details = server_text(text_of(body, "details"));
  if (!details.empty()) said += " (" + details + ")";

  Error error{.message = std::string(function) + ": " + said,
              .hint = server_text(text_of(body, "hint")),
              .sqlstate = code,
              .http_status = reply.status};
  if (meaning != nullptr) {
    error.code = meaning->error;
    if (!meaning->hint.empty()) error.hint = meaning->hint;
  } else if (is_sqlstate(code)) {
    error.code = ErrorCode::Rejected;
  } else {
    explain_status(reply, error);
  }

  switch (error.code) {
    case ErrorCode::NotInstalled:
      error.message = "the project at " + std::string(host) + " does not have what " +
                      std::string(function) + " needs: " + first_words;
      break;
    case ErrorCode::Refused:
      if (code == "42501" && !is_signed_in) {
        error.code = ErrorCode::SignInRequired;
        error.hint = kSignIn;
      }
      break;
    default:
      break;
  }
  return error;
}

bool is_about_access_token(const Error& error) {
  // 42501 comes as 401 to somebody who is not signed in; a token would not have been looked at.
  return error.code == ErrorCode::SignInRequired && error.sqlstate != "42501";
}

}  // namespace convoy::supabase
