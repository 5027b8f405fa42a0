#include "cli/row_json.h"

#include <optional>
#include <utility>

#include "base/number_text.h"
#include "cli/times.h"

namespace convoy::cli {
namespace {

using base::Json;

Json text_to_json(const Column& column, const std::string& text) {
  switch (column.pg_type) {
    case PgType::Jsonb:
    case PgType::Array:
      return embedded(text);
    case PgType::Bigint:
    case PgType::Numeric:
      if (base::is_json_number(text)) return Json::Number{text};
      return text;
    case PgType::Native:
    case PgType::Timestamptz:
    case PgType::Date:
    case PgType::Uuid:
      break;
  }
  return text;
}

Json value_to_json(const Column& column, const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag;
  if (const auto* text = std::get_if<std::string>(&value)) return text_to_json(column, *text);
  const auto* number = std::get_if<double>(&value);
  if (number == nullptr) return nullptr;
  if (column.pg_type == PgType::Timestamptz) return json_time(*number);
  return Json::from_double(*number);
}

Json time_or_null(std::optional<std::int64_t> milliseconds) {
  if (!milliseconds) return nullptr;
  return json_time(static_cast<double>(*milliseconds));
}

Json text_or_null(const std::string& text) {
  if (text.empty()) return nullptr;
  return text;
}

}  // namespace

Json embedded(const std::string& text) {
  if (text.empty()) return nullptr;
  auto parsed = base::parse_json(text);
  if (!parsed.ok()) return text;
  return *std::move(parsed);
}

Json to_json(const Record& record) {
  Json json;
  json.set("id", record.id);
  if (record.table != nullptr) {
    for (const auto& column : record.table->columns) {
      json.set(column.name, value_to_json(column, record.get(column.name)));
    }
  }
  json.set("_status", record.status);
  return json;
}

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
  json.set("rows_received", entry.rows_received);
  json.set("mutations_sent", entry.mutations_sent);
  json.set("bytes_up", entry.bytes_up);
  json.set("bytes_down", entry.bytes_down);
  json.set("error", std::move(error));
  return json;
}

Json to_json(const QueueEntry& entry) {
  Json json;
  json.set("number", entry.number);
  json.set("state", entry.state);
  json.set("created_at", time_or_null(entry.created_at_ms));
  json.set("attempts", entry.attempts);
  json.set("operations", embedded(entry.operations));
  json.set("code", text_or_null(entry.code));
  json.set("message", text_or_null(entry.message));
  json.set("table", text_or_null(entry.table));
  json.set("id", text_or_null(entry.id));
  json.set("depends_on", entry.depends_on == 0 ? Json() : Json(entry.depends_on));
  Json::Array dependents;
  for (const auto number : entry.dependents) dependents.emplace_back(number);
  json.set("dependents", std::move(dependents));
  return json;
}

Json to_json(const ConflictInfo& conflict) {
  Json json;
  json.set("number", conflict.number);
  json.set("at", time_or_null(conflict.at_ms));
  json.set("table", conflict.table);
  json.set("id", conflict.id);
  json.set("column", conflict.column);
  json.set("base", embedded(conflict.base));
  json.set("client", embedded(conflict.client));
  json.set("server", embedded(conflict.server));
  json.set("kept", conflict.kept);
  json.set("value", conflict.value.empty() ? Json() : embedded(conflict.value));
  json.set("rule", conflict.rule);
  json.set("reason", text_or_null(conflict.reason));
  json.set("state", to_string(conflict.state));
  json.set("resolution", text_or_null(conflict.resolution));
  json.set("resolved_at", time_or_null(conflict.resolved_at_ms));
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
