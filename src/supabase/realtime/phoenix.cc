#include "supabase/realtime/phoenix.h"

#include <utility>

#include "net/url.h"

namespace convoy::supabase::realtime {
namespace {

using base::Json;

std::string text_of(const Json& json, std::string_view name) {
  const auto* found = json.find(name);
  if (found == nullptr) return {};
  if (const auto* text = found->string()) return *text;
  const auto* number = found->number();
  return number == nullptr ? std::string() : number->text;
}

Json text_or_null(const std::string& text) {
  if (text.empty()) return nullptr;
  return text;
}

}  // namespace

std::string encode(const Message& message) {
  Json json;
  json.set("topic", message.topic);
  json.set("event", message.event);
  json.set("payload", message.payload.is_null() ? Json(Json::Object{}) : message.payload);
  json.set("ref", text_or_null(message.ref));
  json.set("join_ref", text_or_null(message.join_ref));
  return json.dump();
}

std::optional<Message> decode(std::string_view text) {
  const auto json = base::parse_json(text);
  if (!json.ok()) return std::nullopt;
  Message message{.topic = text_of(*json, "topic"),
                  .event = text_of(*json, "event"),
                  .ref = text_of(*json, "ref"),
                  .join_ref = text_of(*json, "join_ref")};
  if (message.topic.empty() || message.event.empty()) return std::nullopt;
  if (const auto* payload = json->find("payload")) message.payload = *payload;
  return message;
}

std::string socket_url(const Project& project) {
  return net::join_url(project.url(), "/realtime/v1/websocket?apikey=" +
                                          net::percent_encode(project.api_key()) + "&vsn=1.0.0");
}

}  // namespace convoy::supabase::realtime
