#include "base/json.h"
#include "base/time_text.h"
#include "convoy/status.h"

namespace convoy {
namespace {

using base::Json;

Json time_or_null(std::optional<std::int64_t> milliseconds) {
  if (!milliseconds) return nullptr;
  return base::format_json_timestamp(static_cast<double>(*milliseconds));
}

Json text_or_null(const std::string& text) {
  if (text.empty()) return nullptr;
  return text;
}

Json number_or_null(std::optional<std::int64_t> number) {
  if (!number) return nullptr;
  return *number;
}

// 0 stands for "not known".
Json bound_or_null(std::int64_t number) {
  if (number <= 0) return nullptr;
  return number;
}

Json to_value(const SyncActivity& activity) {
  Json json;
  json.set("phase", to_string(activity.progress.phase));
  json.set("cause", activity.cause);
  json.set("started_at", time_or_null(activity.started_at_ms));
  json.set("rows_received", activity.progress.rows_received);
  json.set("rows_expected", bound_or_null(activity.progress.rows_expected));
  json.set("mutations_sent", activity.progress.mutations_sent);
  json.set("mutations_expected", activity.progress.mutations_expected);
  json.set("eta_ms", number_or_null(activity.eta_ms));
  return json;
}

Json to_value(const LastSync& last) {
  Json error;
  if (!last.error_code.empty()) {
    error.set("code", last.error_code);
    error.set("message", last.error_message);
    error.set("hint", text_or_null(last.error_hint));
  }
  Json json;
  json.set("finished_at", time_or_null(last.finished_at_ms));
  json.set("cause", text_or_null(last.cause));
  json.set("error", std::move(error));
  return json;
}

Json to_value(const ScopeStatus& scope) {
  Json json;
  json.set("id", scope.id);
  json.set("visibility", scope.visibility);
  json.set("backfilling", scope.is_backfilling);
  json.set("rows_received", scope.rows_received);
  json.set("rows_expected", bound_or_null(scope.rows_expected));
  json.set("current_at", time_or_null(scope.current_at_ms));
  return json;
}

Json to_value(const TableStatus& table) {
  Json json;
  json.set("name", table.name);
  json.set("rows", table.rows);
  json.set("unsent", table.unsent);
  return json;
}

Json to_value(const StoppedTable& table) {
  Json json;
  json.set("name", table.name);
  json.set("problem", table.problem);
  return json;
}

template <class Entry>
Json to_array(const std::vector<Entry>& entries) {
  Json::Array array;
  array.reserve(entries.size());
  for (const auto& entry : entries) array.push_back(to_value(entry));
  return array;
}

}  // namespace

std::string_view to_string(Connection connection) noexcept {
  switch (connection) {
    case Connection::Off:
      return "off";
    case Connection::Connecting:
      return "connecting";
    case Connection::Online:
      return "online";
    case Connection::Offline:
      return "offline";
    case Connection::NeedsSignIn:
      return "needs_sign_in";
    case Connection::Blocked:
      return "blocked";
    case Connection::Paused:
      break;
  }
  return "paused";
}

std::string_view to_string(Realtime realtime) noexcept {
  if (realtime == Realtime::On) return "on";
  return realtime == Realtime::Connecting ? "connecting" : "off";
}

std::string_view to_string(SyncPhase phase) noexcept {
  switch (phase) {
    case SyncPhase::SigningIn:
      return "signing_in";
    case SyncPhase::Pushing:
      return "pushing";
    case SyncPhase::Pulling:
      return "pulling";
    case SyncPhase::BackFilling:
      return "back_filling";
    case SyncPhase::Verifying:
      return "verifying";
    case SyncPhase::Done:
      break;
  }
  return "done";
}

std::string to_json(const SyncStatus& status) {
  Json project;
  if (status.project_url) project.set("url", *status.project_url);
  Json user;
  if (status.user) {
    user.set("id", status.user->id);
    user.set("email", status.user->email);
  }
  Json verification;
  if (status.verification) {
    verification.set("finished_at", time_or_null(status.verification->finished_at_ms));
    verification.set("rows", status.verification->rows);
    verification.set("repaired", status.verification->repaired);
    verification.set("unrepaired", status.verification->unrepaired);
  }
  Json json;
  json.set("version", kStatusVersion);
  json.set("project", std::move(project));
  json.set("user", std::move(user));
  json.set("signed_in", status.is_signed_in);
  json.set("database_path", text_or_null(status.database_path));
  json.set("connection", to_string(status.connection));
  json.set("realtime", to_string(status.realtime));
  json.set("metered", status.is_metered);
  json.set("syncing_process", number_or_null(status.syncing_process));
  json.set("activity", status.activity ? to_value(*status.activity) : Json());
  json.set("next_attempt_at", time_or_null(status.next_attempt_ms));
  json.set("last_sync", status.last_sync ? to_value(*status.last_sync) : Json());
  json.set("last_success_at", time_or_null(status.last_success_ms));
  json.set("bytes_up", status.bytes_up);
  json.set("bytes_down", status.bytes_down);
  json.set("pending", status.pending);
  json.set("oldest_pending_at", time_or_null(status.oldest_pending_ms));
  json.set("parked", status.parked);
  json.set("conflicts", status.conflicts);
  json.set("conflicts_open", status.conflicts_open);
  json.set("clock_offset_ms", status.clock_offset_ms);
  json.set("rows", status.rows);
  json.set("scopes", to_array(status.scopes));
  json.set("tables", to_array(status.tables));
  json.set("stopped", to_array(status.stopped));
  json.set("verification", std::move(verification));
  return json.dump();
}

}  // namespace convoy
