#include "net/url.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace convoy::net {
namespace {

constexpr std::size_t kUrlBytesMax = 4096;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) { return lower(c); });
  return result;
}

Error refuse(std::string message, std::string hint) {
  return {
      .code = ErrorCode::InvalidArgument, .message = std::move(message), .hint = std::move(hint)};
}

constexpr std::string_view kHowToWrite =
    "write it like https://abc.supabase.co, or http://127.0.0.1:54321 for a server on this machine";

// Four numbers up to 255. Other spellings of an address (octal, a single number) are names to us.
bool is_ipv4(std::string_view host) {
  for (int part = 0; part < 4; ++part) {
    const auto digits = std::min(host.find_first_not_of("0123456789"), host.size());
    if (digits == 0 || digits > 3) return false;
    unsigned number = 0;
    for (const char c : host.substr(0, digits))
      number = number * 10 + static_cast<unsigned>(c - '0');
    if (number > 255) return false;
    host.remove_prefix(digits);
    if (part == 3) return host.empty();
    if (host.empty() || host.front() != '.') return false;
    host.remove_prefix(1);
  }
  return false;
}

bool is_host(std::string_view host) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    const auto address = host.substr(1, host.size() - 2);
    return std::all_of(address.begin(), address.end(),
                       [](char c) { return is_hex(c) || c == ':' || c == '.'; });
  }
  return !host.empty() && host.size() <= 253 && host.front() != '.' && host.front() != '-' &&
         host.find("..") == std::string_view::npos &&
         std::all_of(host.begin(), host.end(), [](char c) {
           return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '_';
         });
}

Result<std::uint16_t> parse_port(std::string_view text) {
  unsigned port = 0;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (failure != std::errc{} || stop != text.data() + text.size() || port == 0 || port > 65535) {
    return refuse("the port in the address is not a number from 1 to 65535",
                  std::string(kHowToWrite));
  }
  return static_cast<std::uint16_t>(port);
}

Status check_characters(std::string_view text) {
  if (text.empty()) return refuse("the address is empty", std::string(kHowToWrite));
  if (text.size() > kUrlBytesMax) {
    return refuse("the address is too long", std::string(kHowToWrite));
  }
  const bool is_clean = std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < '\x7f' &&
           std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
  });
  if (!is_clean) {
    return refuse("the address has a blank or a character that no address has",
                  std::string(kHowToWrite));
  }
  return ok_status();
}

// The part between "//" and the path.
Status parse_authority(std::string_view authority, Url& url) {
  // What stands before "@" is a secret or a trick to make a host look like another one.
  if (authority.find('@') != std::string_view::npos) {
    return refuse("the address has a user name or password in it",
                  "remove what stands before the @");
  }
  const auto bracket = authority.rfind(']');
  const auto colon = authority.rfind(':');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    CONVOY_TRY(url.port, parse_port(authority.substr(colon + 1)));
    authority = authority.substr(0, colon);
  }
  if (!is_host(authority)) {
    return refuse("the address has no valid host name", std::string(kHowToWrite));
  }
  url.host = lower(authority);
  return ok_status();
}

std::string_view trim(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string Url::origin() const {
  std::string text = scheme + "://" + host;
  if (port != 0) text += ":" + std::to_string(port);
  return text;
}

std::string Url::to_string() const {
  std::string text = origin() + path;
  if (!query.empty()) text += "?" + query;
  return text;
}

Result<Url> parse_url(std::string_view text) {
  CONVOY_CHECK_OK(check_characters(text));
  Url url;
  const auto scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos) {
    return refuse("the address does not begin with https://", std::string(kHowToWrite));
  }
  url.scheme = lower(text.substr(0, scheme_end));
  if (url.scheme != "https" && url.scheme != "http") {
    return refuse("the address is neither https nor http", std::string(kHowToWrite));
  }
  if (text.find('#') != std::string_view::npos) {
    return refuse("the address has a # in it", "remove the # and what stands behind it");
  }
  text.remove_prefix(scheme_end + 3);

  const auto authority_end = std::min(text.find_first_of("/?"), text.size());
  CONVOY_CHECK_OK(parse_authority(text.substr(0, authority_end), url));
  text.remove_prefix(authority_end);

  const auto path_end = std::min(text.find('?'), text.size());
  url.path = text.substr(0, path_end);
  if (path_end < text.size()) url.query = text.substr(path_end + 1);

  if (url.scheme == "http" && !is_loopback_host(url.host)) {
    return refuse("http to " + url.host + " would send passwords and tokens in the clear",
                  "write https:// instead; http is only for servers on this machine");
  }
  return url;
}

Result<Url> parse_project_url(std::string_view text) {
  text = trim(text);
  while (text.ends_with('/')) text.remove_suffix(1);
  CONVOY_TRY(Url url, parse_url(text));
  if (url.host == "supabase.com" || url.host.ends_with(".supabase.com")) {
    return refuse(url.host + " is Supabase's own site, not your project",
                  "the project's URL is in its dashboard under Connect and looks like "
                  "https://abc.supabase.co");
  }
  if (!url.query.empty()) {
    return refuse("the project's address has a ? in it", "remove the ? and what stands behind it");
  }
  for (const std::string_view api :
       {"/rest/v1", "/auth/v1", "/realtime/v1", "/storage/v1", "/functions/v1", "/graphql/v1"}) {
    if (url.path.ends_with(api)) {
      return refuse("the project's address ends in " + std::string(api),
                    "leave that away: " + url.origin());
    }
  }
  return url;
}

bool is_loopback_host(std::string_view host) {
  const std::string name = lower(host);
  return name == "localhost" || name == "[::1]" || (name.starts_with("127.") && is_ipv4(name));
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    if (is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      result += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    result += '%';
    result += kDigits[byte >> 4U];
    result += kDigits[byte & 15U];
  }
  return result;
}

std::string join_url(std::string_view base, std::string_view path) {
  while (base.ends_with('/')) base.remove_suffix(1);
  while (path.starts_with('/')) path.remove_prefix(1);
  std::string result(base);
  result += '/';
  result += path;
  return result;
}

}  // namespace convoy::net
