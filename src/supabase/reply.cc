#include "supabase/reply.h"

#include <algorithm>

#include "base/text.h"
#include "net/url.h"

namespace convoy::supabase {
namespace {

using base::Json;

// Long runs of base64url and dots that begin as every JWT does.
std::size_t jwt_length(std::string_view text) {
  constexpr std::size_t kShortest = 20;
  if (!text.starts_with("eyJ")) return 0;
  const auto end = std::find_if_not(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
  const auto length = static_cast<std::size_t>(end - text.begin());
  return length >= kShortest ? length : 0;
}

void remove_all(std::string& text, std::string_view secret) {
  constexpr std::size_t kShortest = 6;  // A shorter one would blank out ordinary words.
  if (secret.size() < kShortest) return;
  for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at)) {
    text.replace(at, secret.size(), "***");
  }
}

bool looks_like_a_page(const net::HttpReply& reply) {
  std::string type(reply.header("content-type").substr(0, 32));
  std::transform(type.begin(), type.end(), type.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (type.starts_with("text/html") || type.starts_with("application/xhtml")) return true;
  std::string_view body = reply.body;
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  const auto first = body.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && body[first] == '<';
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::string status_text(const net::HttpReply& reply) {
  return "HTTP " + std::to_string(reply.status);
}

Error server_error(int status, std::string_view host) {
  constexpr int kPaused = 540;  // Supabase's own.
  if (status == kPaused) {
    return {.code = ErrorCode::ServerError,
            .message = "the project at " + std::string(host) + " is paused",
            .hint = "restore it in its dashboard",
            .http_status = status};
  }
  return {.code = ErrorCode::ServerError,
          .message = std::string(host) + " failed (HTTP " + std::to_string(status) + ")",
          .hint = "try again later",
          .http_status = status};
}

}  // namespace

std::string server_text(std::string_view text, std::initializer_list<std::string_view> secrets) {
  std::string clean(text);
  for (const auto secret : secrets) remove_all(clean, secret);
  for (auto at = clean.find("eyJ"); at != std::string::npos; at = clean.find("eyJ", at + 3)) {
    if (const auto length = jwt_length(std::string_view(clean).substr(at))) {
      clean.replace(at, length, "***");
    }
  }
  // A terminal would obey control characters.
  for (char& c : clean) {
    if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') c = ' ';
  }
  if (clean.size() > kServerTextBytesMax) {
    std::size_t end = kServerTextBytesMax;
    while (end > 0 && (static_cast<unsigned char>(clean[end]) & 0xC0U) == 0x80U) --end;
    clean.resize(end);
    clean += "…";
  }
  return base::is_utf8(clean) ? clean : "(unreadable text)";
}

std::string text_of(const Json& object, std::string_view name) {
  const auto* member = object.find(name);
  const auto* text = member != nullptr ? member->string() : nullptr;
  return text != nullptr ? *text : std::string();
}

Result<Json> read_body(const net::HttpReply& reply, std::string_view host) {
  const std::string name(host);
  if (is_redirect(reply.status)) {
    const auto target = net::parse_url(reply.header("location"));
    return Error{.code = ErrorCode::BadReply,
                 .message = name + " sends us elsewhere (" + status_text(reply) +
                            (target.ok() ? ", to " + server_text(target->host) : "") +
                            "), where tokens must not go",
                 .hint = "check the project's URL; a network that asks to log in does this as well",
                 .http_status = reply.status};
  }
  if (looks_like_a_page(reply)) {
    if (reply.status >= 500) return server_error(reply.status, host);
    return Error{.code = ErrorCode::BadReply,
                 .message = "something between here and " + name +
                            " answered with a web page instead of data (" + status_text(reply) +
                            ")",
                 .hint =
                     "open a web page to see whether this network asks to log in, and check the "
                     "project's URL",
                 .http_status = reply.status};
  }
  if (reply.body.find_first_not_of(" \t\r\n") == std::string::npos) return Json();
  auto body = base::parse_json(reply.body);
  if (body.ok()) return body;
  if (reply.status >= 500) return server_error(reply.status, host);
  Error error = std::move(body).error();
  error.message = "the answer of " + name + " can't be read (" + status_text(reply) +
                  "): " + server_text(error.message);
  error.hint = "try again; if it stays so, check the project's URL";
  error.http_status = reply.status;
  return error;
}

bool explain_gateway(const net::HttpReply& reply, const Json& body, std::string_view host,
                     Error& error) {
  const std::string name(host);
  const std::string message = text_of(body, "message");
  const auto set = [&](ErrorCode code, std::string text, std::string hint) {
    error = {.code = code,
             .message = std::move(text),
             .hint = std::move(hint),
             .http_status = reply.status};
    return true;
  };
  // The gateway's own refusals have no `code`; those of the services behind it do.
  const bool has_code = body.find("code") != nullptr || body.find("error_code") != nullptr;
  if ((reply.status == 401 || reply.status == 403) &&
      (message.find("API key") != std::string::npos ||
       message.find("authentication credentials") != std::string::npos ||
       reply.header("sb-error-code").find("API_KEY") != std::string_view::npos)) {
    return set(ErrorCode::InvalidApiKey, name + " does not accept the API key",
               "use the publishable or anon key from the project's dashboard under API Keys; a key "
               "belongs to one project and may have been disabled");
  }
  switch (reply.status) {
    case 429: {
      const std::string after = server_text(reply.header("retry-after"));
      return set(
          ErrorCode::RateLimited, name + " asks to slow down (HTTP 429)",
          after.empty()
              ? "try again later"
              : "try again later; the server says: after " + after +
                    (after.find_first_not_of("0123456789") == std::string::npos ? " seconds" : ""));
    }
    case 402:
      return set(ErrorCode::Refused, "the project at " + name + " is restricted (HTTP 402)",
                 "its dashboard says which quota is exceeded");
    case 407:
      return set(ErrorCode::BadReply, "a proxy between here and " + name + " wants a password",
                 "set https_proxy to an address with the proxy's user name and password");
    case 408:
      return set(ErrorCode::Timeout, name + " gave up waiting (HTTP 408)", "try again");
    default:
      break;
  }
  if (!has_code && reply.status >= 500) {
    error = server_error(reply.status, host);
    return true;
  }
  if (!has_code && reply.status == 404) {
    return set(ErrorCode::BadReply, name + " has no such service (HTTP 404)",
               "check the project's URL");
  }
  return false;
}

}  // namespace convoy::supabase
