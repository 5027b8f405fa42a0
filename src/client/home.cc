#include "client/home.h"

#include <cctype>
#include <utility>

#include "base/json.h"
#include "platform/posix/secret_file.h"

namespace convoy::client {
namespace {

using base::Json;

std::string config_path(const std::string& home) { return home + "/config.json"; }

std::string member(const Json* object, std::string_view name) {
  const auto* value = object == nullptr ? nullptr : object->find(name);
  const auto* text = value == nullptr ? nullptr : value->string();
  return text == nullptr ? "" : *text;
}

}  // namespace

Result<Home> Home::open(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  CONVOY_CHECK_OK(platform::make_private_directory(path));
  return Home(std::move(path));
}

Result<HomeConfig> Home::load() const {
  CONVOY_TRY(auto text, platform::read_secret_file(config_path(path_)));
  if (!text) return HomeConfig{};
  auto json = base::parse_json(*text);
  if (!json.ok() || json->object() == nullptr) {
    return Error{.code = ErrorCode::Corrupt,
                 .message = config_path(path_) + " is damaged",
                 .hint =
                     "Run `convoy init` again; databases and the session are other files and stay "
                     "as they are."};
  }
  HomeConfig config;
  if (const auto* project = json->find("project")) {
    config.project = ProjectInfo{.url = member(project, "url"), .api_key = member(project, "key")};
  }
  if (const auto* user = json->find("user")) {
    config.user = UserInfo{.id = member(user, "id"), .email = member(user, "email")};
  }
  return config;
}

Status Home::save(const HomeConfig& config) const {
  Json json = Json::Object{};
  if (config.project) {
    Json project;
    project.set("url", config.project->url);
    project.set("key", config.project->api_key);
    json.set("project", std::move(project));
  }
  if (config.user) {
    Json user;
    user.set("id", config.user->id);
    user.set("email", config.user->email);
    json.set("user", std::move(user));
  }
  return platform::write_secret_file(config_path(path_), json.dump_pretty() + "\n");
}

std::string Home::database_path(const ProjectInfo& project, const UserInfo& user) const {
  const auto after_scheme = project.url.find("://");
  std::string host =
      after_scheme == std::string::npos ? project.url : project.url.substr(after_scheme + 3);
  for (char& c : host) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-';
    if (!plain) c = '_';
  }
  return path_ + "/" + host + "-" + user.id + ".db";
}

}  // namespace convoy::client
