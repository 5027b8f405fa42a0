// url.h: addresses of servers: which ones may be talked to, and how to write one. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "convoy/result.h"

namespace convoy::net {

struct Url {
  std::string scheme;      // "https" or "http".
  std::string host;        // In lower case; an IPv6 address keeps its brackets.
  std::uint16_t port = 0;  // 0: the scheme's own.
  std::string path;        // "" or "/…".
  std::string query;       // What follows "?", without it.

  // "https://host:port", the part that decides where secrets go.
  [[nodiscard]] std::string origin() const;
  [[nodiscard]] std::string to_string() const;
};

// Errors: InvalidArgument, saying what to write instead: not an http(s) address; http to a host
// that is not this machine (tokens would travel in the clear); a user name or password in it; a
// fragment; blanks, control characters or non-ASCII letters.
Result<Url> parse_url(std::string_view text);

// The address of a Supabase project as people paste it: blanks around it and slashes at its end are
// dropped, a missing scheme is an error. Errors: as parse_url; also the dashboard's address, a
// query, and an address that already ends in the path of an API ("/rest/v1").
Result<Url> parse_project_url(std::string_view text);

// "localhost", 127.0.0.0/8 and [::1].
bool is_loopback_host(std::string_view host);

// Everything but A–Z a–z 0–9 - . _ ~ as %XX, fit for a path segment or a query value.
std::string percent_encode(std::string_view text);

// `base` without its trailing slashes, one slash, `path` without its leading slashes.
std::string join_url(std::string_view base, std::string_view path);

}  // namespace convoy::net
