#include "cli/row_json.h"

#include <optional>
#include <utility>

#include "cli/times.h"
#include "memory/record_json.h"

namespace convoy::cli {
namespace {

using base::Json;

Json time_or_null(std::optional<std::int64_t> milliseconds) {
  if (!milliseconds) return nullptr;
  return json_time(static_cast<double>(*milliseconds));
}

Json text_or_null(const std::string& text) {
  if (text.empty()) return nullptr;
  return text;
}

}  // namespace

Json embedded(const std::string& text) { return memory::embedded(text); }

Json to_json(const Record& record) { return memory::to_json(record); }

Json to_json(const std::vector<Record>& records) {
  Json::Array rows;
  rows.reserve(records.size());
  for (const auto& record : records) rows.push_back(to_json(record));
  return rows;
}

Json to_json(const SyncReport& report) {
  Json json;
  json.set("rows_received", report.rows_received);
  json.set("mutations_sent", report.mutations_sent);
  json.set("conflicts", report.conflicts);
  json.set("parked", report.parked);
  json.set("scopes_gained", report.scopes_gained);
  json.set("scopes_lost", report.scopes_lost);
  json.set("bytes_up", report.bytes_up);
  json.set("bytes_down", report.bytes_down);
  json.set("requests", report.requests);
  return json;
}

Json to_json(const VerificationReport& report) {
  Json::Array differences;
  for (const auto& difference : report.differences) {
    Json one;
    one.set("scope", difference.scope);
    one.set("table", difference.table);
    one.set("rows_here", difference.rows_here);
    one.set("rows_there", difference.rows_there);
    one.set("rows_repaired", difference.rows_repaired);
    one.set("repaired", difference.is_repaired);
    differences.push_back(std::move(one));
  }
  Json::Array left_out;
  for (const auto& table : report.tables_left_out) left_out.emplace_back(table);
  Json json;
  json.set("scopes", report.scopes);
  json.set("scopes_skipped", report.scopes_skipped);
  json.set("rows", report.rows);
  json.set("differences", std::move(differences));
  json.set("tables_left_out", std::move(left_out));
  json.set("bytes_up", report.bytes_up);
  json.set("bytes_down", report.bytes_down);
  return json;
}

Json to_json(const SyncLogEntry& entry) {
  Json phases;
  phases.set("push_ms", entry.push_ms);
  phases.set("pull_ms", entry.pull_ms);
  phases.set("back_fill_ms", entry.back_fill_ms);
  Json error;
  if (!entry.error_code.empty()) {
    error.set("code", entry.error_code);
    error.set("message", entry.error_message);
  }
  Json json;
  json.set("started_at", time_or_null(entry.started_at_ms));
  json.set("duration_ms", entry.finished_at_ms - entry.started_at_ms);
  json.set("cause", text_or_null(entry.cause));
  json.set("phases", std::move(phases));
  base::Json::Array recoveries;
  for (const auto& [step, why] : entry.recoveries) {
    Json recovery;
    recovery.set("step", step);
    recovery.set("cause", text_or_null(why));
    recoveries.push_back(std::move(recovery));
  }
  json.set("recoveries", std::move(recoveries));
  json.set("rows_received", entry.rows_received);
  json.set("mutations_sent", entry.mutations_sent);
  json.set("bytes_up", entry.bytes_up);
  json.set("bytes_down", entry.bytes_down);
  json.set("error", std::move(error));
  return json;
}

Json to_json(const Error& error) {
  Json details;
  details.set("code", to_string(error.code));
  details.set("message", error.message);
  details.set("hint", text_or_null(error.hint));
  details.set("sqlstate", text_or_null(error.sqlstate));
  Json json;
  json.set("error", std::move(details));
  return json;
}

}  // namespace convoy::cli
