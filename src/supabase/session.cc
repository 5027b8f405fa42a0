#include "supabase/session.h"

#include <algorithm>

#include "supabase/jwt.h"

namespace convoy::supabase {
namespace {

using base::Json;

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kMargin = 60 * kSecond;
// A lifetime beyond a year is a mistake of somebody's; it is renewed sooner, that is all.
constexpr std::int64_t kLifeMax = 365LL * 24 * 3600 * kSecond;

std::string text_member(const Json& object, std::string_view name) {
  const auto* member = object.find(name);
  const auto* text = member != nullptr ? member->string() : nullptr;
  return text != nullptr ? *text : std::string();
}

std::optional<std::int64_t> integer_member(const Json& object, std::string_view name) {
  const auto* member = object.find(name);
  return member != nullptr ? member->integer() : std::nullopt;
}

// What a header may hold.
bool is_token_text(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

Error corrupt() {
  return {.code = ErrorCode::Corrupt,
          .message = "the kept session can't be read",
          .hint = "sign in again with `convoy login`"};
}

Error incomplete(std::string_view what) {
  return {.code = ErrorCode::BadReply,
          .message = "the server's session has no " + std::string(what)};
}

}  // namespace

bool Session::is_usable(std::int64_t now_ms) const {
  return !access_token.empty() && now_ms < expires_at_ms;
}

bool Session::needs_refresh(std::int64_t now_ms) const {
  const std::int64_t life = expires_at_ms - obtained_at_ms;
  return now_ms >= obtained_at_ms + life / 5 * 4 || now_ms >= expires_at_ms - kMargin ||
         now_ms < obtained_at_ms - kMargin;
}

std::string encode_session(const Session& session) {
  Json json;
  json.set("version", 1);
  json.set("project_url", session.project_url);
  json.set("user_id", session.user_id);
  json.set("email", session.email);
  json.set("access_token", session.access_token);
  json.set("refresh_token", session.refresh_token);
  json.set("obtained_at_ms", session.obtained_at_ms);
  json.set("expires_at_ms", session.expires_at_ms);
  return json.dump_pretty() + "\n";
}

Result<Session> decode_session(std::string_view text) {
  const auto json = base::parse_json(text);
  if (!json.ok()) return corrupt();
  const auto version = integer_member(*json, "version");
  const auto obtained = integer_member(*json, "obtained_at_ms");
  const auto expires = integer_member(*json, "expires_at_ms");
  if (version && *version > 1) {
    return Error{.code = ErrorCode::Corrupt,
                 .message = "the kept session was written by a newer version",
                 .hint = "use the newer version, or sign in again with `convoy login`"};
  }
  Session session{.access_token = text_member(*json, "access_token"),
                  .refresh_token = text_member(*json, "refresh_token"),
                  .obtained_at_ms = obtained.value_or(0),
                  .expires_at_ms = expires.value_or(0),
                  .user_id = text_member(*json, "user_id"),
                  .email = text_member(*json, "email"),
                  .project_url = text_member(*json, "project_url")};
  const bool has_times = obtained && expires && *obtained >= 0 && *expires >= *obtained &&
                         *expires - *obtained <= kLifeMax;
  const bool has_tokens =
      is_token_text(session.access_token) && is_token_text(session.refresh_token);
  const bool has_no_token = session.access_token.empty() && session.refresh_token.empty();
  if (!version || !has_times || session.user_id.empty() || !(has_tokens || has_no_token)) {
    return corrupt();
  }
  return session;
}

Result<Session> read_session_reply(const Json& reply, std::int64_t now_ms,
                                   std::string_view project_url) {
  Session session{.access_token = text_member(reply, "access_token"),
                  .refresh_token = text_member(reply, "refresh_token"),
                  .obtained_at_ms = now_ms,
                  .project_url = std::string(project_url)};
  if (!is_token_text(session.access_token)) return incomplete("access token");
  if (!is_token_text(session.refresh_token)) return incomplete("refresh token");
  // Its life counts from now by this device's clock: the server's `expires_at` would be wrong here
  // by as much as the two clocks differ.
  auto life = integer_member(reply, "expires_in");
  const auto claims = decode_jwt(session.access_token);
  if (!life && claims && claims->exp) life = *claims->exp - now_ms / kSecond;
  if (!life) return incomplete("expiry");
  session.expires_at_ms = now_ms + std::clamp<std::int64_t>(*life, 0, kLifeMax / kSecond) * kSecond;

  if (const auto* user = reply.find("user")) {
    session.user_id = text_member(*user, "id");
    session.email = text_member(*user, "email");
  }
  if (claims && session.user_id.empty()) session.user_id = claims->sub;
  if (claims && session.email.empty()) session.email = claims->email;
  if (session.user_id.empty()) return incomplete("user");
  return session;
}

}  // namespace convoy::supabase
