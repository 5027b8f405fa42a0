#include "supabase/realtime/channels.h"

#include <algorithm>

#include "base/limits.h"

namespace convoy::supabase::realtime {
namespace {

using base::Json;

constexpr std::string_view kPrefix = "realtime:";
constexpr std::string_view kPhoenix = "phoenix";

Json join_payload(const std::string& token) {
  Json broadcast;
  broadcast.set("ack", false);
  broadcast.set("self", false);
  Json presence;
  presence.set("key", "");
  presence.set("enabled", false);
  Json config;
  config.set("broadcast", std::move(broadcast));
  config.set("presence", std::move(presence));
  config.set("postgres_changes", Json::Array{});
  config.set("private", true);
  Json payload;
  payload.set("config", std::move(config));
  payload.set("access_token", token);
  return payload;
}

std::string text_of(const Json& json, std::string_view name) {
  const auto* found = json.find(name);
  const auto* text = found == nullptr ? nullptr : found->string();
  return text == nullptr ? std::string() : *text;
}

// A refused join: {"status":"error","response":{"reason":"…"}}.
std::string reason_of(const Json& payload) {
  const auto* response = payload.find("response");
  const auto reason = response == nullptr ? std::string() : text_of(*response, "reason");
  return reason.empty() ? "refused without a reason" : reason;
}

}  // namespace

std::vector<Effect> Channels::want(const std::set<std::string>& topics, const Moment& moment) {
  std::set<std::string> fit;
  is_complete_ = true;
  for (const auto& topic : topics) {
    const bool fits = fit.size() < limits::kRealtimeChannelsMax &&
                      topic.size() + kPrefix.size() <= limits::kRealtimeTopicBytesMax;
    if (fits) {
      fit.insert(topic);
    } else {
      is_complete_ = false;
    }
  }
  for (auto at = channels_.begin(); at != channels_.end();) {
    if (fit.contains(at->first)) {
      ++at;
      continue;
    }
    leave(at->first, at->second);
    at = channels_.erase(at);
  }
  for (const auto& topic : fit) {
    auto& channel = channels_[topic];
    if (channel.state == Channel::State::Idle && link_ == Link::Up) join(topic, channel, moment);
  }
  if (channels_.empty()) {
    if (link_ == Link::Opening || link_ == Link::Up) effects_.emplace_back(Close{});
    link_ = Link::Down;
    failures_ = 0;
    open_due_.reset();
    heartbeat_.reset();
    heartbeat_ref_.clear();
  } else if (link_ == Link::Down) {
    open(moment);
  }
  return settle();
}

std::vector<Effect> Channels::set_token(std::string token, const Moment& /*moment*/) {
  if (token == token_) return {};
  token_ = std::move(token);
  for (const auto& [topic, channel] : channels_) {
    if (channel.state != Channel::State::Joined) continue;
    Json payload;
    payload.set("access_token", token_);
    send(topic, "access_token", std::move(payload), next_ref(), channel.join_ref);
  }
  return settle();
}

std::vector<Effect> Channels::opened(const Moment& moment) {
  if (link_ != Link::Opening) return settle();
  link_ = Link::Up;
  heartbeat_ = moment.now + options_.heartbeat;
  heartbeat_ref_.clear();
  for (auto& [topic, channel] : channels_) join(topic, channel, moment);
  return settle();
}

std::vector<Effect> Channels::closed(const Moment& moment) {
  if (link_ == Link::Opening || link_ == Link::Up) lose(moment);
  return settle();
}

std::vector<Effect> Channels::received(std::string_view text, const Moment& moment) {
  if (link_ != Link::Up) return settle();
  const auto message = decode(text);
  if (!message) return settle();
  if (message->event == "phx_reply") {
    on_reply(*message, moment);
  } else {
    on_channel(*message, moment);
  }
  return settle();
}

std::vector<Effect> Channels::time_passed(const Moment& moment) {
  if (link_ == Link::Waiting && open_due_ && *open_due_ <= moment.now) open(moment);
  if (link_ == Link::Up && heartbeat_ && *heartbeat_ <= moment.now) beat(moment);
  if (link_ == Link::Up) {
    for (auto& [topic, channel] : channels_) {
      if (!channel.due || *channel.due > moment.now) continue;
      if (channel.state == Channel::State::Joining) {
        // The server may still take it for joined.
        leave(topic, channel);
        retry(channel, moment);
      } else {
        join(topic, channel, moment);
      }
    }
  }
  return settle();
}

std::optional<Channels::Time> Channels::deadline() const {
  std::optional<Time> first;
  const auto consider = [&first](std::optional<Time> time) {
    if (time && (!first || *time < *first)) first = time;
  };
  if (link_ == Link::Waiting) consider(open_due_);
  if (link_ == Link::Up) {
    consider(heartbeat_);
    for (const auto& [topic, channel] : channels_) consider(channel.due);
  }
  return first;
}

// --- The connection

void Channels::open(const Moment& /*moment*/) {
  link_ = Link::Opening;
  open_due_.reset();
  effects_.emplace_back(Open{});
}

void Channels::lose(const Moment& moment) {
  link_ = Link::Waiting;
  heartbeat_.reset();
  heartbeat_ref_.clear();
  open_due_ = moment.now + base::backoff_delay(failures_, moment.random, {}, options_.backoff);
  ++failures_;
  for (auto& [topic, channel] : channels_) channel = {.failures = channel.failures};
}

void Channels::beat(const Moment& moment) {
  if (!heartbeat_ref_.empty()) {
    effects_.emplace_back(Close{});
    lose(moment);
    return;
  }
  heartbeat_ref_ = next_ref();
  heartbeat_ = moment.now + options_.heartbeat;
  send(std::string(kPhoenix), "heartbeat", {}, heartbeat_ref_, {});
}

// --- Channels

void Channels::join(const std::string& topic, Channel& channel, const Moment& moment) {
  channel.state = Channel::State::Joining;
  channel.join_ref = next_ref();
  channel.due = moment.now + options_.join_timeout;
  send(topic, "phx_join", join_payload(token_), channel.join_ref, channel.join_ref);
}

void Channels::leave(const std::string& topic, const Channel& channel) {
  const bool may_be_joined =
      channel.state == Channel::State::Joining || channel.state == Channel::State::Joined;
  if (link_ == Link::Up && may_be_joined)
    send(topic, "phx_leave", {}, next_ref(), channel.join_ref);
}

void Channels::retry(Channel& channel, const Moment& moment) {
  channel.state = Channel::State::Waiting;
  channel.due =
      moment.now + base::backoff_delay(channel.failures, moment.random, {}, options_.backoff);
  ++channel.failures;
}

void Channels::on_reply(const Message& message, const Moment& moment) {
  if (message.topic == kPhoenix) {
    if (message.ref == heartbeat_ref_) heartbeat_ref_.clear();
    return;
  }
  if (!message.topic.starts_with(kPrefix)) return;
  const auto at = channels_.find(message.topic.substr(kPrefix.size()));
  // A reply to anything but the join that is under way says nothing.
  if (at == channels_.end() || at->second.state != Channel::State::Joining ||
      message.ref != at->second.join_ref) {
    return;
  }
  auto& channel = at->second;
  if (text_of(message.payload, "status") == "ok") {
    channel.state = Channel::State::Joined;
    channel.failures = 0;
    channel.due.reset();
    failures_ = 0;
  } else {
    refusal_ = reason_of(message.payload);
    retry(channel, moment);
  }
}

void Channels::on_channel(const Message& message, const Moment& moment) {
  if (!message.topic.starts_with(kPrefix)) return;
  const auto at = channels_.find(message.topic.substr(kPrefix.size()));
  if (at == channels_.end()) return;
  auto& [topic, channel] = *at;
  if (message.event == "broadcast") {
    const auto* payload = message.payload.find("payload");
    effects_.emplace_back(Heard{.topic = topic,
                                .event = text_of(message.payload, "event"),
                                .payload = payload == nullptr ? Json() : *payload});
    return;
  }
  if (message.event == "system") {
    // Before it closes a channel, for one whose token has run out, the server says why.
    if (text_of(message.payload, "status") == "error") {
      refusal_ = text_of(message.payload, "message");
    }
    return;
  }
  const bool is_over = message.event == "phx_error" || message.event == "phx_close";
  const bool is_of_this_join = message.join_ref.empty() || message.join_ref == channel.join_ref;
  if (!is_over || !is_of_this_join) return;  // The end of a join before this one.
  if (channel.state == Channel::State::Joining || channel.state == Channel::State::Joined) {
    retry(channel, moment);
  }
}

void Channels::send(const std::string& topic, std::string_view event, Json payload,
                    const std::string& ref, const std::string& join_ref) {
  effects_.emplace_back(
      Send{encode({.topic = topic == kPhoenix ? topic : std::string(kPrefix) + topic,
                   .event = std::string(event),
                   .payload = std::move(payload),
                   .ref = ref,
                   .join_ref = join_ref})});
}

std::string Channels::next_ref() { return std::to_string(++refs_); }

std::vector<Effect> Channels::settle() {
  const bool is_ready = link_ == Link::Up && is_complete_ && !channels_.empty() &&
                        std::all_of(channels_.begin(), channels_.end(), [](const auto& entry) {
                          return entry.second.state == Channel::State::Joined;
                        });
  if (is_ready != is_ready_) {
    // Not whenever it is: the server says why it will end a channel while that is still joined.
    if (is_ready) refusal_.clear();
    is_ready_ = is_ready;
    effects_.emplace_back(ReadyChanged{});
  }
  return std::exchange(effects_, {});
}

}  // namespace convoy::supabase::realtime
