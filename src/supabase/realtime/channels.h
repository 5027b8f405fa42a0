// channels.h: one connection to Supabase's Realtime server and the private channels on it, as a
// state machine. Pure: it says when to open, what to send and when to look again; it never gives
// up.
//
//   wanted topics + token → open → join each → joined: broadcasts are heard
//                             ↑       │ refused, crashed, closed: join again after a back-off
//                             └── lost, or a heartbeat without an answer: open again after a
//                             back-off
//
// Messages that it does not know are left alone. Thread-safety: thread-compatible.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/backoff.h"
#include "base/json.h"
#include "supabase/realtime/phoenix.h"

namespace convoy::supabase::realtime {

struct ChannelOptions {
  std::chrono::milliseconds heartbeat{25'000};  // An unanswered one ends the connection.
  std::chrono::milliseconds join_timeout{10'000};
  base::BackoffOptions backoff;
};

// When something happened, and the chance it brings along.
struct Moment {
  std::chrono::milliseconds now{0};  // Of a clock that only goes forward.
  std::uint32_t random = 0;          // Any 32-bit number.
};

struct Open {};  // Answered by opened() or closed().

struct Send {
  std::string text;
};

struct Close {};  // Not answered.

// A broadcast on one of the topics.
struct Heard {
  std::string topic;  // As it was wanted.
  std::string event;
  base::Json payload;
};

struct ReadyChanged {};  // See is_ready().

using Effect = std::variant<Open, Send, Close, Heard, ReadyChanged>;

class Channels {
 public:
  explicit Channels(ChannelOptions options = {}) : options_(std::move(options)) {}

  // Which topics are to be heard, without the server's prefix "realtime:". Those beyond
  // limits::kRealtimeChannelsMax, and those too long for the server, are left out. None: the
  // connection is closed.
  std::vector<Effect> want(const std::set<std::string>& topics, const Moment& moment);
  // With which access token; a new one is handed to the channels. REQUIRES: before the first Open
  // is answered.
  std::vector<Effect> set_token(std::string token, const Moment& moment);

  std::vector<Effect> opened(const Moment& moment);
  // It could not be opened, or was lost.
  std::vector<Effect> closed(const Moment& moment);
  std::vector<Effect> received(std::string_view text, const Moment& moment);
  // REQUIRES: called at deadline(), or later.
  std::vector<Effect> time_passed(const Moment& moment);

  [[nodiscard]] std::optional<std::chrono::milliseconds> deadline() const;

  // Every wanted topic is heard.
  [[nodiscard]] bool is_ready() const { return is_ready_; }

  // What the server said last when it refused something; empty if it did not since it was ready.
  [[nodiscard]] const std::string& last_refusal() const { return refusal_; }

 private:
  using Time = std::chrono::milliseconds;

  enum class Link { Down, Waiting, Opening, Up };

  struct Channel {
    enum class State { Idle, Joining, Joined, Waiting } state = State::Idle;
    std::string join_ref;
    int failures = 0;
    std::optional<Time> due;  // Joining: when it takes too long. Waiting: when to join again.
  };

  void join(const std::string& topic, Channel& channel, const Moment& moment);
  void leave(const std::string& topic, const Channel& channel);
  void retry(Channel& channel, const Moment& moment);
  void open(const Moment& moment);
  void lose(const Moment& moment);
  void beat(const Moment& moment);
  void on_reply(const Message& message, const Moment& moment);
  void on_channel(const Message& message, const Moment& moment);
  void send(const std::string& topic, std::string_view event, base::Json payload,
            const std::string& ref, const std::string& join_ref);
  std::string next_ref();
  std::vector<Effect> settle();

  ChannelOptions options_;
  std::map<std::string, Channel> channels_;  // Those that are wanted.
  bool is_complete_ = true;                  // Nothing was left out of them.
  std::string token_;

  Link link_ = Link::Down;
  int failures_ = 0;               // To open, in a row.
  std::optional<Time> open_due_;   // Waiting.
  std::optional<Time> heartbeat_;  // Up: the next one.
  std::string heartbeat_ref_;      // Not answered yet.
  std::int64_t refs_ = 0;
  std::string refusal_;

  bool is_ready_ = false;
  std::vector<Effect> effects_;
};

}  // namespace convoy::supabase::realtime
