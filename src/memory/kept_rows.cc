#include "memory/kept_rows.h"

namespace convoy::memory {
namespace {

using base::Json;

constexpr std::string_view kPrefix = "convoy.context.";

std::string key_of(const std::string& task_id) { return std::string(kPrefix) + task_id; }

std::string request_of(const std::string& table, const RowParameters& parameters) {
  auto request = table;
  for (const auto& [name, value] : parameters) request.append("&" + name).append("=" + value);
  return request;
}

// The oldest entry goes first. Whatever is not ours to read counts as the oldest of all.
Status forget_oldest(Database& database) {
  CONVOY_TRY(const auto entries,
             database.select("select key, case when json_valid(value) then json_extract(value, "
                             "'$.at') end from local_storage where key "
                             "between 'convoy.context.' and 'convoy.context/' order by 2"));
  for (std::size_t i = 0; i + kKeptTasksMax < entries.rows.size(); ++i) {
    if (const auto* key = std::get_if<std::string>(&entries.rows[i].front())) {
      CONVOY_CHECK_OK(database.remove_local_value(*key));
    }
  }
  return ok_status();
}

}  // namespace

Result<Json> RecordingRows::read(const std::string& table, const RowParameters& parameters) {
  ++requests;
  CONVOY_TRY(auto reply, server_->read(table, parameters));
  replies.by_request.insert_or_assign(request_of(table, parameters), reply);
  return reply;
}

Result<Json> ReplayedRows::read(const std::string& table, const RowParameters& parameters) {
  const auto at = replies_.by_request.find(request_of(table, parameters));
  if (at != replies_.by_request.end()) return at->second;
  return Error{.code = ErrorCode::Offline, .message = "this was never asked of the server"};
}

Result<std::optional<Replies>> load_replies(Database& database, const std::string& task_id,
                                            std::int64_t now_ms) {
  CONVOY_TRY(const auto text, database.local_value(key_of(task_id)));
  if (!text) return std::optional<Replies>();
  const auto json = base::parse_json(*text);
  // Another version may have written another form; then it is as if nothing had been kept.
  if (!json.ok()) return std::optional<Replies>();
  const auto* at = json->find("at");
  const auto* list = json->find("replies");
  if (at == nullptr || !at->integer() || list == nullptr || list->object() == nullptr) {
    return std::optional<Replies>();
  }
  const auto age = now_ms - *at->integer();
  if (age > kKeptForMs || age < 0) return std::optional<Replies>();
  Replies replies{.at_ms = *at->integer(), .by_request = {}};
  for (const auto& [request, reply] : *list->object()) replies.by_request.emplace(request, reply);
  return std::optional(std::move(replies));
}

Status keep_replies(Database& database, const std::string& task_id, const Replies& replies) {
  Json::Object list;
  for (const auto& [request, reply] : replies.by_request) list.emplace_back(request, reply);
  Json json;
  json.set("at", replies.at_ms);
  json.set("replies", std::move(list));
  const auto text = json.dump();
  if (text.size() > kKeptBytesMax) return forget_replies(database, task_id);
  CONVOY_CHECK_OK(database.set_local_value(key_of(task_id), text));
  return forget_oldest(database);
}

Status forget_replies(Database& database, const std::string& task_id) {
  return database.remove_local_value(key_of(task_id));
}

}  // namespace convoy::memory
