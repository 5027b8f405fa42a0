// The outbox and the conflicts as JSON, the same for every door.
#include <optional>
#include <string>
#include <utility>

#include "base/json.h"
#include "base/time_text.h"
#include "convoy/conflicts.h"
#include "convoy/outbox.h"

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

Json number_or_null(std::int64_t number) {
  if (number == 0) return nullptr;
  return number;
}

// JSON that stands in a text; a text where it can't be read.
Json embedded(const std::string& text) {
  if (text.empty()) return nullptr;
  auto parsed = base::parse_json(text);
  if (!parsed.ok()) return text;
  return *std::move(parsed);
}

}  // namespace

std::string to_json(const QueueEntry& entry) {
  Json::Array dependents;
  for (const auto number : entry.dependents) dependents.emplace_back(number);
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
  json.set("depends_on", number_or_null(entry.depends_on));
  json.set("dependents", std::move(dependents));
  return json.dump();
}

std::string to_json(const WriteStory& story) {
  Json json;
  json.set("number", story.number);
  json.set("state", story.state);
  json.set("mid", number_or_null(story.mid));
  json.set("attempts", story.attempts);
  json.set("written_at", time_or_null(story.written_at_ms));
  json.set("sent_at", time_or_null(story.sent_at_ms));
  json.set("answered_at", time_or_null(story.answered_at_ms));
  json.set("left_at", time_or_null(story.left_at_ms));
  json.set("outcome", text_or_null(story.outcome));
  json.set("code", text_or_null(story.code));
  json.set("message", text_or_null(story.message));
  json.set("absorbed_by", number_or_null(story.absorbed_by));
  json.set("operations", embedded(story.operations));
  return json.dump();
}

std::string to_json(const ConflictInfo& conflict) {
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
  json.set("value", embedded(conflict.value));
  json.set("rule", conflict.rule);
  json.set("reason", text_or_null(conflict.reason));
  json.set("state", to_string(conflict.state));
  json.set("resolution", text_or_null(conflict.resolution));
  json.set("resolved_at", time_or_null(conflict.resolved_at_ms));
  return json.dump();
}

}  // namespace convoy
