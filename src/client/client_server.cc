// The client's half that asks the server about itself and about the user's devices.
#include <chrono>
#include <cmath>
#include <utility>

#include "base/time_text.h"
#include "client/client_impl.h"
#include "remote/supabase_remote.h"
#include "sql/connection.h"
#include "supabase/postgrest.h"
#include "supabase/project.h"
#include "sync/machine/protocol.h"

namespace convoy {
namespace {

using base::Json;

Json request_of(std::initializer_list<Json::Member> members = {}) {
  Json request;
  request.set("protocol", sync::machine::kProtocolVersion);
  for (const auto& [name, value] : members) request.set(name, value);
  return request;
}

Json arguments_of(Json request) {
  Json arguments;
  arguments.set("req", std::move(request));
  return arguments;
}

Error bad_reply(std::string_view function) {
  return {.code = ErrorCode::BadReply,
          .message = std::string(function) + ": the server's answer breaks the protocol",
          .hint = "Check that the project's Convoy SQL and this program are of the same version."};
}

// "" for null and for what is not there.
std::string text_of(const Json& json, std::string_view member) {
  const auto* found = json.find(member);
  return found == nullptr || found->string() == nullptr ? "" : *found->string();
}

std::int64_t number_of(const Json& json, std::string_view member) {
  const auto* found = json.find(member);
  return found == nullptr ? 0 : found->integer().value_or(0);
}

bool flag_of(const Json& json, std::string_view member) {
  const auto* found = json.find(member);
  return found != nullptr && found->boolean() != nullptr && *found->boolean();
}

std::optional<std::int64_t> time_of(const Json& json, std::string_view member) {
  const auto time = base::parse_timestamp(text_of(json, member));
  if (!time || !std::isfinite(*time)) return std::nullopt;
  return static_cast<std::int64_t>(std::floor(*time));
}

Result<const Json::Array*> array_of(const Json& reply, std::string_view member,
                                    std::string_view function) {
  const auto* found = reply.find(member);
  if (found == nullptr || found->array() == nullptr) return bad_reply(function);
  return found->array();
}

// Somebody sits there and waits for what the device could answer only in part.
constexpr std::chrono::milliseconds kReadRowsTimeout{8'000};

Error nobody_signed_in() {
  return {.code = ErrorCode::SignInRequired,
          .message = "nobody has signed in here yet",
          .hint = "Run `convoy login`."};
}

}  // namespace

Result<Json> ClientImpl::call(std::string_view function, Json request,
                              base::Cancellation* cancellation) {
  CONVOY_TRY(auto access, connect());
  if (!access.config.user) return nobody_signed_in();
  supabase::Rest rest(access.auth->project(), *transport_, access.auth.get(), *clock_);
  remote::SupabaseRemote remote(rest, access.config.user->id);
  return remote.call(function, request, cancellation);
}

Result<Json> ClientImpl::read_rows(
    std::string_view table, const std::vector<std::pair<std::string, std::string>>& parameters) {
  CONVOY_TRY(auto access, connect());
  if (!access.config.user) return nobody_signed_in();
  supabase::Rest rest(access.auth->project(), *transport_, access.auth.get(), *clock_);
  CONVOY_TRY(auto reply,
             rest.select(table, parameters,
                         {.user_id = access.config.user->id, .timeout = kReadRowsTimeout}));
  if (reply.body.array() == nullptr) return bad_reply(table);
  return std::move(reply.body);
}

Result<Json> ClientImpl::call_anonymously(std::string_view function, Json request) {
  CONVOY_TRY(auto access, connect());
  supabase::Rest rest(access.auth->project(), *transport_, nullptr, *clock_);
  CONVOY_TRY(auto reply, rest.rpc(function, arguments_of(std::move(request)),
                                  {.as = supabase::CallAs::Anonymous}));
  return std::move(reply.body);
}

Result<Json> ClientImpl::call_as_owner(std::string_view function, Json request,
                                       const std::string& secret_key) {
  CONVOY_TRY(const auto access, connect());
  CONVOY_TRY(const auto project,
             supabase::Project::create_for_owner(access.auth->project().url(), secret_key));
  supabase::Rest rest(project, *transport_, nullptr, *clock_);
  CONVOY_TRY(auto reply, rest.rpc(function, arguments_of(std::move(request)),
                                  {.as = supabase::CallAs::Anonymous}));
  return std::move(reply.body);
}

Result<std::string> Client::describe_server() {
  CONVOY_TRY(const auto reply, impl_->call("convoy_schema", request_of()));
  return reply.dump();
}

Result<std::string> Client::read_rows(
    const std::string& table, const std::vector<std::pair<std::string, std::string>>& parameters) {
  CONVOY_TRY(const auto rows, impl_->read_rows(table, parameters));
  return rows.dump();
}

Result<ServerInfo> Client::hello(const std::string& name) { return impl_->hello(name); }

Result<ServerInfo> ClientImpl::hello(const std::string& name, base::Cancellation* cancellation) {
  CONVOY_TRY(auto mine, replica());
  CONVOY_TRY(const auto state, mine.load());
  Json device{Json::Object{}};
  if (!name.empty()) device.set("name", name);
  if (!options_.program.empty()) device.set("program", options_.program);
  const auto asked_at = clock_->now_ms();
  CONVOY_TRY(
      const auto reply,
      call("convoy_hello", request_of({{"client", state.client_id}, {"device", std::move(device)}}),
           cancellation));
  const auto answered_at = clock_->now_ms();
  const auto server_time = time_of(reply, "server_time");
  auto version = text_of(reply, "version");
  if (!server_time || version.empty()) return bad_reply("convoy_hello");
  const auto round_trip = answered_at - asked_at;
  return ServerInfo{.version = std::move(version),
                    .last_mid = number_of(reply, "last_mid"),
                    .has_realtime = flag_of(reply, "realtime"),
                    .clock_skew_ms = *server_time - (asked_at + round_trip / 2),
                    .round_trip_ms = round_trip};
}

Result<std::vector<DeviceInfo>> Client::devices() {
  CONVOY_TRY(auto replica, impl_->replica());
  CONVOY_TRY(const auto state, replica.load());
  CONVOY_TRY(const auto reply, impl_->call("convoy_devices", request_of()));
  CONVOY_TRY(const auto* list, array_of(reply, "devices", "convoy_devices"));
  std::vector<DeviceInfo> devices;
  for (const auto& one : *list) {
    auto id = text_of(one, "client");
    if (id.empty()) return bad_reply("convoy_devices");
    const bool is_this = id == state.client_id;
    devices.push_back({.id = std::move(id),
                       .name = text_of(one, "name"),
                       .program = text_of(one, "program"),
                       .seen_at_ms = time_of(one, "seen_at"),
                       .created_at_ms = time_of(one, "created_at"),
                       .last_mid = number_of(one, "last_mid"),
                       .is_revoked = flag_of(one, "is_revoked"),
                       .is_this = is_this});
  }
  return devices;
}

Status Client::revoke_device(const std::string& id) {
  const auto reply = impl_->call("convoy_revoke_device", request_of({{"client", id}}));
  if (reply.ok()) return ok_status();
  if (reply.error().sqlstate != "CV010") return reply.error();
  return Error{.code = ErrorCode::NotFound,
               .message = "no device of yours has the id " + id,
               .hint = "`convoy devices list` shows them all.",
               .sqlstate = "CV010"};
}

Status Client::reach_server() {
  const auto reply = impl_->call_anonymously("convoy_hello", request_of());
  // Nobody may say hello without signing in; who says so is a server with Convoy's SQL.
  if (reply.ok() || reply.error().sqlstate == "42501") return ok_status();
  return reply.error();
}

Result<std::vector<ServerFinding>> Client::server_findings(const std::string& secret_key) {
  CONVOY_TRY(const auto reply, impl_->call_as_owner("convoy_doctor", request_of(), secret_key));
  CONVOY_TRY(const auto* list, array_of(reply, "findings", "convoy_doctor"));
  std::vector<ServerFinding> findings;
  for (const auto& one : *list) {
    findings.push_back({.check = text_of(one, "check"),
                        .severity = text_of(one, "severity"),
                        .subject = text_of(one, "subject"),
                        .message = text_of(one, "message"),
                        .fix = text_of(one, "fix")});
  }
  return findings;
}

Result<std::vector<std::string>> Client::check_file() {
  CONVOY_CHECK_OK(impl_->database());  // Also says who is missing.
  const auto path = impl_->database_path();
  if (!path) return std::vector<std::string>();
  CONVOY_TRY(auto connection, sql::Connection::open(*path, sql::Access::Read));
  CONVOY_TRY(auto statement, connection->prepare("pragma quick_check"));
  std::vector<std::string> damage;
  for (;;) {
    CONVOY_TRY(const bool has_row, statement.step());
    if (!has_row) return damage;
    if (statement.text(0) != "ok") damage.push_back(statement.text(0));
  }
}

}  // namespace convoy
