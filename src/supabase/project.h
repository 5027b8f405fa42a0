// project.h: a Supabase project: where it is and the key that names it.
//
// Thread-safety: immutable.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "convoy/result.h"
#include "net/http.h"

namespace convoy::supabase {

class Project {
 public:
  // `url`: see net::parse_project_url. `api_key`: the publishable key ("sb_publishable_…") or the
  // legacy anon key (a JWT). Errors: InvalidArgument, saying what to do; a secret or service_role
  // key is one, because it bypasses Row Level Security and must never be on a device.
  static Result<Project> create(std::string_view url, std::string_view api_key);

  // For an owner's tools that look at a project as a whole: with a secret key ("sb_secret_…") or
  // the legacy service_role key, which bypass Row Level Security. Whoever calls this keeps the key
  // nowhere. Errors: InvalidArgument; a key that is none of these is one.
  static Result<Project> create_for_owner(std::string_view url, std::string_view secret_key);

  [[nodiscard]] const std::string& url() const { return url_; }  // Without a slash at its end.

  [[nodiscard]] const std::string& api_key() const { return api_key_; }

  // For messages: "abc.supabase.co", "127.0.0.1:54321".
  [[nodiscard]] const std::string& host() const { return host_; }

  // The headers that say who calls: `apikey`, and `Authorization` with the access token or, without
  // one, with a legacy key. A publishable key is no JWT and never goes into Authorization.
  [[nodiscard]] std::vector<net::Header> headers(std::string_view access_token) const;

 private:
  Project() = default;

  static Result<Project> make(std::string_view url, std::string_view key, bool is_legacy_key);

  std::string url_;
  std::string api_key_;
  std::string host_;
  bool is_legacy_key_ = false;
};

}  // namespace convoy::supabase
