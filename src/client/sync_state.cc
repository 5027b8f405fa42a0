#include "client/sync_state.h"

#include <array>
#include <cstdio>
#include <utility>

#include "base/json.h"
#include "base/uuid.h"
#include "platform/posix/file_lock.h"
#include "platform/posix/shared_file.h"

namespace convoy::client {
namespace {

using base::Json;

constexpr std::int64_t kVersion = 1;
// No pace worth the name before that.
constexpr std::int64_t kPaceMsMin = 500;

constexpr std::array kConnections = {
    Connection::Off,         Connection::Connecting, Connection::Online, Connection::Offline,
    Connection::NeedsSignIn, Connection::Blocked,    Connection::Paused};
constexpr std::array kRealtimes = {Realtime::Off, Realtime::Connecting, Realtime::On};
constexpr std::array kPhases = {SyncPhase::SigningIn,   SyncPhase::Pushing,   SyncPhase::Pulling,
                                SyncPhase::BackFilling, SyncPhase::Verifying, SyncPhase::Done};

std::string ask_path(const std::string& database_path) { return database_path + ".sync.ask"; }

Json number_or_null(std::optional<std::int64_t> number) {
  if (!number) return nullptr;
  return *number;
}

std::optional<std::int64_t> number_of(const Json& json, std::string_view name) {
  const auto* found = json.find(name);
  return found == nullptr ? std::nullopt : found->integer();
}

std::string text_of(const Json& json, std::string_view name) {
  const auto* found = json.find(name);
  const auto* text = found == nullptr ? nullptr : found->string();
  return text == nullptr ? std::string() : *text;
}

// The one of `all` that has this name; else the first.
template <class Names>
auto named(const Names& all, std::string_view name) {
  for (const auto one : all) {
    if (to_string(one) == name) return one;
  }
  return all.front();
}

Json to_value(const SyncActivity& activity) {
  Json json;
  json.set("cause", activity.cause);
  json.set("started", activity.started_at_ms);
  json.set("phase", to_string(activity.progress.phase));
  json.set("rows", activity.progress.rows_received);
  json.set("rows_expected", activity.progress.rows_expected);
  json.set("mutations", activity.progress.mutations_sent);
  json.set("mutations_expected", activity.progress.mutations_expected);
  json.set("eta", number_or_null(activity.eta_ms));
  return json;
}

SyncActivity activity_of(const Json& json) {
  return {.cause = text_of(json, "cause"),
          .started_at_ms = number_of(json, "started").value_or(0),
          .progress = {.phase = named(kPhases, text_of(json, "phase")),
                       .rows_received = number_of(json, "rows").value_or(0),
                       .rows_expected = number_of(json, "rows_expected").value_or(0),
                       .mutations_sent = number_of(json, "mutations").value_or(0),
                       .mutations_expected = number_of(json, "mutations_expected").value_or(0)},
          .eta_ms = number_of(json, "eta")};
}

}  // namespace

std::string encode(const SyncState& state) {
  Json json;
  json.set("version", kVersion);
  json.set("process", number_or_null(state.process));
  json.set("connection", to_string(state.connection));
  json.set("realtime", to_string(state.realtime));
  json.set("metered", state.is_metered);
  json.set("activity", state.activity ? to_value(*state.activity) : Json());
  json.set("next_attempt", number_or_null(state.next_attempt_ms));
  return json.dump();
}

std::optional<SyncState> decode_sync_state(std::string_view text) {
  const auto json = base::parse_json(text);
  if (!json.ok() || number_of(*json, "version") != kVersion) return std::nullopt;
  SyncState state{.connection = named(kConnections, text_of(*json, "connection")),
                  .realtime = named(kRealtimes, text_of(*json, "realtime")),
                  .process = number_of(*json, "process"),
                  .next_attempt_ms = number_of(*json, "next_attempt")};
  if (const auto* metered = json->find("metered"); metered != nullptr && metered->boolean()) {
    state.is_metered = *metered->boolean();
  }
  if (const auto* activity = json->find("activity"); activity != nullptr && activity->object()) {
    state.activity = activity_of(*activity);
  }
  return state;
}

std::optional<std::int64_t> remaining_ms(const SyncProgress& progress, std::int64_t elapsed_ms) {
  const bool is_sending = progress.phase == SyncPhase::Pushing;
  const auto done = is_sending ? progress.mutations_sent : progress.rows_received;
  const auto all = is_sending ? progress.mutations_expected : progress.rows_expected;
  if (progress.phase == SyncPhase::Done || done <= 0 || all <= 0 || elapsed_ms < kPaceMsMin) {
    return std::nullopt;
  }
  if (done >= all) return 0;
  return static_cast<std::int64_t>(static_cast<double>(elapsed_ms) *
                                   static_cast<double>(all - done) / static_cast<double>(done));
}

std::string sync_lock_path(const std::string& database_path) {
  return database_path + ".sync.lock";
}

std::string sync_state_path(const std::string& database_path) {
  return database_path + ".sync.json";
}

Status write_sync_state(const std::string& database_path, const SyncState& state) {
  return platform::replace_shared_file(sync_state_path(database_path), encode(state));
}

void remove_sync_state(const std::string& database_path) noexcept {
  std::remove(sync_state_path(database_path).c_str());
}

Status ask_for_sync(const std::string& database_path, base::Random& random) {
  return platform::replace_shared_file(ask_path(database_path), base::uuid_v4(random));
}

std::string last_ask(const std::string& database_path) {
  return platform::read_shared_file(ask_path(database_path)).value_or("");
}

SyncState read_sync_state(const std::string& database_path) {
  if (!platform::FileLock::is_held(sync_lock_path(database_path))) return {};
  const auto text = platform::read_shared_file(sync_state_path(database_path));
  auto state = text ? decode_sync_state(*text) : std::nullopt;
  // It has just begun, or is of another version.
  return state.value_or(SyncState{.connection = Connection::Connecting});
}

}  // namespace convoy::client
