#include "memory/context_json.h"

#include <optional>
#include <string>
#include <utility>

#include "base/time_text.h"
#include "memory/record_json.h"

namespace convoy::memory {
namespace {

using base::Json;

Json text_or_null(const std::string& text) {
  if (text.empty()) return nullptr;
  return text;
}

Json time_or_null(std::optional<std::int64_t> ms) {
  if (!ms) return nullptr;
  return base::format_json_timestamp(static_cast<double>(*ms));
}

Json with_provenance(const Context& context, const Record& record) {
  const auto from = provenance_of(context, record);
  Json provenance;
  provenance.set("source", from.source);
  provenance.set("scope", from.scope);
  provenance.set("at", text_or_null(from.at));
  provenance.set("by", text_or_null(from.by));
  provenance.set("unsent", from.is_unsent);
  Json json = to_json(record);
  json.set("_provenance", std::move(provenance));
  return json;
}

Json or_null(const Context& context, const std::optional<Record>& record) {
  if (!record) return nullptr;
  return with_provenance(context, *record);
}

Json list_of(const Context& context, const std::vector<Record>& records) {
  Json::Array list;
  for (const auto& record : records) list.push_back(with_provenance(context, record));
  return list;
}

Json list_of(const Context& context, const std::vector<Dependency>& dependencies) {
  Json::Array list;
  for (const auto& one : dependencies) {
    Json json;
    json.set("id", one.task_id);
    json.set("done", one.is_done());
    json.set("task", or_null(context, one.task));
    list.push_back(std::move(json));
  }
  return list;
}

Json list_of(const Context& context, const std::vector<Ranked>& knowledge) {
  Json::Array list;
  for (const auto& one : knowledge) {
    Json::Array matches(one.matches.begin(), one.matches.end());
    Json json = with_provenance(context, one.record);
    json.set("_scope", to_string(one.scope));
    json.set("_score", Json::from_double(one.score));
    json.set("_matches", std::move(matches));
    json.set("_reason", one.reason);
    list.push_back(std::move(json));
  }
  return list;
}

Json stage_json(const Stage* stage) {
  if (stage == nullptr) return nullptr;
  Json json;
  json.set("name", stage->name);
  json.set("description", text_or_null(stage->description));
  json.set("checkpoint", stage->is_checkpoint);
  return json;
}

Json workflow_json(const WorkflowState& state) {
  Json::Array stages;
  for (const auto& stage : state.workflow.stages) stages.push_back(stage_json(&stage));
  Json json;
  json.set("id", text_or_null(state.workflow.id));
  json.set("name", state.workflow.name);
  json.set("description", text_or_null(state.workflow.description));
  json.set("builtin", state.is_builtin);
  json.set("previous", stage_json(state.stage(-1)));
  json.set("current", stage_json(state.stage(0)));
  json.set("next", stage_json(state.stage(1)));
  json.set("stages", std::move(stages));
  return json;
}

Json freshness_json(const Freshness& freshness) {
  Json json;
  json.set("last_sync_at", time_or_null(freshness.last_sync_ms));
  json.set("complete", freshness.is_complete);
  json.set("unsent", freshness.unsent);
  json.set("fetched_at", time_or_null(freshness.fetched_at_ms));
  json.set("fetched_earlier", freshness.is_kept);
  return json;
}

Json hit_json(const Hit& hit) {
  std::string snippet;
  Json::Array matches;
  for (const auto& part : hit.snippet) {
    snippet += part.text;
    if (part.is_match) matches.emplace_back(part.text);
  }
  Json project;
  if (hit.project) {
    project.set("id", hit.project->id);
    project.set("name", hit.project->text("name"));
  }
  Json json;
  json.set("kind", to_string(hit.kind));
  json.set("id", hit.record.id);
  json.set("title", hit.title);
  json.set("snippet", std::move(snippet));
  json.set("matches", std::move(matches));
  json.set("score", Json::from_double(hit.score));
  json.set("project", std::move(project));
  json.set("record", to_json(hit.record));
  return json;
}

}  // namespace

Json to_json(const Progress& progress) {
  Json json;
  json.set("total", progress.total());
  json.set("todo", progress.todo);
  json.set("in_progress", progress.in_progress);
  json.set("blocked", progress.blocked);
  json.set("done", progress.done);
  json.set("percent", progress.percent());
  return json;
}

Json to_json(const Context& context) {
  Json::Array missing;
  for (const auto& one : context.missing) {
    Json json;
    json.set("what", one.what);
    json.set("reason", one.reason);
    missing.push_back(std::move(json));
  }
  Json progress;
  progress.set("milestone", context.milestone ? to_json(context.milestone_progress) : Json());
  progress.set("project", context.project ? to_json(context.project_progress) : Json());
  Json json;
  json.set("version", kContextVersion);
  json.set("source", to_string(context.source));
  json.set("freshness", freshness_json(context.freshness));
  json.set("missing", std::move(missing));
  json.set("task", with_provenance(context, context.task));
  json.set("workflow", workflow_json(context.workflow));
  json.set("waits_for", list_of(context, context.waits_for));
  json.set("needed_by", list_of(context, context.needed_by));
  json.set("parent", or_null(context, context.parent));
  json.set("subtasks", list_of(context, context.subtasks));
  json.set("milestone", or_null(context, context.milestone));
  json.set("project", or_null(context, context.project));
  json.set("workspace", or_null(context, context.workspace));
  json.set("progress", std::move(progress));
  json.set("best_practices", list_of(context, context.best_practices));
  json.set("patterns", list_of(context, context.patterns));
  json.set("activities", list_of(context, context.activities));
  json.set("activity_count", context.activity_count);
  return json;
}

Json to_json(const SearchResult& result) {
  Json::Array hits;
  for (const auto& hit : result.hits) hits.push_back(hit_json(hit));
  Json corrections{Json::Object{}};
  for (const auto& [given, meant] : result.corrections) corrections.set(given, meant);
  Json json;
  json.set("hits", std::move(hits));
  json.set("corrections", std::move(corrections));
  json.set("has_all_words", !result.has_any_word);
  json.set("more", result.has_more);
  return json;
}

}  // namespace convoy::memory
