// home.h: the folder of a device: which project it belongs to, whose data is in it, and where its
// files are.
#pragma once

#include <optional>
#include <string>

#include "convoy/client.h"
#include "convoy/result.h"

namespace convoy::client {

// What config.json holds. Nothing in it is secret: the publishable key is public by design.
struct HomeConfig {
  std::optional<ProjectInfo> project;
  std::optional<UserInfo> user;  // Stays when the session ends, so that local data stays in reach.
};

// Thread-safety: thread-compatible. Reads and writes config.json; others may have written it
// meanwhile.
class Home {
 public:
  // Makes the folder, with mode 0700, if it is not there. Errors: Io.
  static Result<Home> open(std::string path);

  // Errors: Io, Corrupt.
  [[nodiscard]] Result<HomeConfig> load() const;
  // Atomic: whoever reads sees the old or the new one. Errors: Io, DiskFull.
  [[nodiscard]] Status save(const HomeConfig& config) const;

  [[nodiscard]] const std::string& path() const { return path_; }

  [[nodiscard]] std::string session_path() const { return path_ + "/session.json"; }

  // "<host>-<user id>.db": one file for each project and user.
  [[nodiscard]] std::string database_path(const ProjectInfo& project, const UserInfo& user) const;

 private:
  explicit Home(std::string path) : path_(std::move(path)) {}

  std::string path_;
};

}  // namespace convoy::client
