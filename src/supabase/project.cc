#include "supabase/project.h"

#include <algorithm>

#include "net/url.h"
#include "supabase/jwt.h"

namespace convoy::supabase {
namespace {

constexpr std::string_view kWhereKeysAre =
    "use the publishable key (sb_publishable_…) or the legacy anon key from the project's "
    "dashboard "
    "under API Keys";

Error refuse_key(std::string message) {
  return {.code = ErrorCode::InvalidArgument,
          .message = std::move(message),
          .hint = std::string(kWhereKeysAre)};
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

Status check_characters(std::string_view key) {
  if (key.empty()) return refuse_key("the API key is empty");
  const bool is_clean =
      std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (!is_clean) return refuse_key("the API key has a character that no key has");
  return ok_status();
}

Status check_legacy_key(std::string_view key) {
  const auto claims = decode_jwt(key);
  if (!claims) return refuse_key("this is no API key of a Supabase project");
  if (claims->role == "anon") return ok_status();
  if (claims->role == "authenticated") {
    return refuse_key("this is somebody's access token, not the project's API key");
  }
  // service_role, supabase_admin, or one made by hand: all may be more than a user.
  return refuse_key("this API key has the role \"" + claims->role +
                    "\", which may bypass Row Level Security; it must not be on a device");
}

}  // namespace

Result<Project> Project::create(std::string_view url, std::string_view api_key) {
  CONVOY_CHECK_OK(net::parse_project_url(url));
  const std::string_view key = trim(api_key);
  CONVOY_CHECK_OK(check_characters(key));
  if (key.starts_with("sb_secret_")) {
    return refuse_key(
        "this is a secret API key, which bypasses Row Level Security; it must not be on a device");
  }
  const bool is_legacy_key = !key.starts_with("sb_publishable_");
  if (is_legacy_key) CONVOY_CHECK_OK(check_legacy_key(key));
  return make(url, key, is_legacy_key);
}

Result<Project> Project::create_for_owner(std::string_view url, std::string_view secret_key) {
  const std::string_view key = trim(secret_key);
  CONVOY_CHECK_OK(check_characters(key));
  if (key.starts_with("sb_secret_")) return make(url, key, false);
  const auto claims = decode_jwt(key);
  if (claims && claims->role == "service_role") return make(url, key, true);
  return Error{.code = ErrorCode::InvalidArgument,
               .message = "this is no secret API key",
               .hint =
                   "Take a secret key (sb_secret_…) or the legacy service_role key from the "
                   "project's dashboard under API Keys."};
}

Result<Project> Project::make(std::string_view url, std::string_view key, bool is_legacy_key) {
  CONVOY_TRY(const net::Url parsed, net::parse_project_url(url));
  Project project;
  project.is_legacy_key_ = is_legacy_key;
  project.url_ = parsed.to_string();
  project.api_key_ = key;
  project.host_ = parsed.host + (parsed.port == 0 ? "" : ":" + std::to_string(parsed.port));
  return project;
}

std::vector<net::Header> Project::headers(std::string_view access_token) const {
  std::vector<net::Header> headers{{"apikey", api_key_}};
  if (!access_token.empty()) {
    headers.emplace_back("Authorization", "Bearer " + std::string(access_token));
  } else if (is_legacy_key_) {
    headers.emplace_back("Authorization", "Bearer " + api_key_);
  }
  return headers;
}

}  // namespace convoy::supabase
