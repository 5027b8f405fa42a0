#include "client/realtime_listener.h"

#include <algorithm>
#include <array>
#include <utility>

namespace convoy::client {
namespace {

using std::chrono::milliseconds;
namespace realtime = supabase::realtime;

// The SQL side's words, see docs/design/scheduler.md.
constexpr std::string_view kTopicPrefix = "convoy:";
constexpr std::string_view kEvent = "changed";
// Nothing is due for so long at most; what is to be done sooner wakes us.
constexpr milliseconds kWaitMax{60'000};
// How often it is looked whether the access token is a new one, or should be.
constexpr milliseconds kTokenInterval{20'000};

}  // namespace

RealtimeListener::RealtimeListener(net::WebSocketConnector& sockets, supabase::Auth& auth,
                                   base::Random& random, Ears ears)
    : sockets_(sockets), auth_(auth), random_(random), ears_(std::move(ears)), thread_([this] {
        run();
      }) {}

RealtimeListener::~RealtimeListener() {
  {
    base::MutexLock lock(mutex_);
    is_ending_ = true;
    wake();
  }
  thread_.join();
}

void RealtimeListener::set_wanted(bool is_wanted) {
  base::MutexLock lock(mutex_);
  if (is_wanted_ == is_wanted) return;
  is_wanted_ = is_wanted;
  have_wishes_changed_ = true;
  wake();
}

void RealtimeListener::set_scopes(std::set<std::string> scopes) {
  base::MutexLock lock(mutex_);
  if (scopes_ == scopes) return;
  scopes_ = std::move(scopes);
  have_wishes_changed_ = true;
  // A connection that is being opened goes on: it will do for these as well.
  if (open_socket_ != nullptr) open_socket_->wake();
  changed_.notify_all();
}

void RealtimeListener::wake() {
  if (request_) request_->cancel();
  if (open_socket_ != nullptr) open_socket_->wake();
  changed_.notify_all();
}

realtime::Moment RealtimeListener::moment() {
  std::array<std::uint8_t, sizeof(std::uint32_t)> bytes{};
  random_.fill(bytes);
  std::uint32_t random = 0;
  for (const auto byte : bytes) random = (random << 8U) | byte;
  return {.now = std::chrono::duration_cast<milliseconds>(
              std::chrono::steady_clock::now().time_since_epoch()),
          .random = random};
}

void RealtimeListener::run() {
  std::optional<std::set<std::string>> topics{std::in_place};
  std::set<std::string> before;
  while ((topics = take_wishes())) {
    if (*topics != before) carry_out(channels_.want(*topics, moment()));
    before = *std::move(topics);
    if (socket_ != nullptr) renew_token();
    wait();
    const auto deadline = channels_.deadline();
    const auto now = moment();
    if (deadline && *deadline <= now.now) carry_out(channels_.time_passed(now));
  }
  carry_out(channels_.want({}, moment()));
}

std::optional<std::set<std::string>> RealtimeListener::take_wishes() {
  base::MutexLock lock(mutex_);
  if (is_ending_) return std::nullopt;
  have_wishes_changed_ = false;
  std::set<std::string> topics;
  if (!is_wanted_) return topics;
  for (const auto& scope : scopes_) topics.insert(std::string(kTopicPrefix) + scope);
  return topics;
}

void RealtimeListener::carry_out(Effects effects) {
  while (!effects.empty()) {
    Effects following;
    for (const auto& effect : effects) {
      Effects more;
      if (std::holds_alternative<realtime::Open>(effect)) {
        more = open();
      } else if (const auto* send = std::get_if<realtime::Send>(&effect)) {
        if (socket_ != nullptr && !socket_->send(send->text).ok()) {
          drop_socket();
          more = channels_.closed(moment());
        }
      } else if (std::holds_alternative<realtime::Close>(effect)) {
        drop_socket();
      } else if (const auto* heard = std::get_if<realtime::Heard>(&effect)) {
        hear(*heard);
      } else {
        ears_.on_ready(channels_.is_ready());
      }
      following.insert(following.end(), std::make_move_iterator(more.begin()),
                       std::make_move_iterator(more.end()));
    }
    effects = std::move(following);
  }
}

RealtimeListener::Effects RealtimeListener::open() {
  const auto cancellation = begin_request();
  const auto session = auth_.fresh_session(cancellation.get());
  auto socket = [&]() -> Result<std::unique_ptr<net::WebSocket>> {
    if (!session.ok()) return session.error();
    return sockets_.connect({.url = realtime::socket_url(auth_.project()),
                             .headers = {},
                             .cancellation = cancellation.get()});
  }();
  {
    base::MutexLock lock(mutex_);
    request_.reset();
    if (socket.ok()) open_socket_ = socket->get();
  }
  // A project without Realtime is none the worse: it is asked again later and later, and polled.
  if (!socket.ok()) return channels_.closed(moment());
  socket_ = *std::move(socket);
  renew_at_ = std::chrono::steady_clock::now() + kTokenInterval;
  auto effects = channels_.set_token(session->access_token, moment());
  auto more = channels_.opened(moment());
  effects.insert(effects.end(), std::make_move_iterator(more.begin()),
                 std::make_move_iterator(more.end()));
  return effects;
}

// What cancels the request that follows.
std::shared_ptr<base::Cancellation> RealtimeListener::begin_request() {
  auto cancellation = std::make_shared<base::Cancellation>();
  base::MutexLock lock(mutex_);
  if (is_ending_) cancellation->cancel();
  request_ = cancellation;
  return cancellation;
}

void RealtimeListener::drop_socket() {
  {
    base::MutexLock lock(mutex_);
    open_socket_ = nullptr;
  }
  socket_.reset();
}

// Rounds of sync renew the session too; whoever did, the server must hear of it before the old
// token runs out.
void RealtimeListener::renew_token() {
  const auto now = std::chrono::steady_clock::now();
  if (now < *renew_at_) return;
  renew_at_ = now + kTokenInterval;
  const auto session = auth_.fresh_session(begin_request().get());
  {
    base::MutexLock lock(mutex_);
    request_.reset();
  }
  if (session.ok()) carry_out(channels_.set_token(session->access_token, moment()));
}

// Until something is due or heard.
void RealtimeListener::wait() {
  const auto now = moment().now;
  auto span = kWaitMax;
  if (const auto deadline = channels_.deadline()) span = std::min(span, *deadline - now);
  if (socket_ != nullptr) span = std::min(span, kTokenInterval);
  span = std::max(span, milliseconds(0));
  if (socket_ == nullptr) {
    base::MutexLock lock(mutex_);
    if (!have_wishes_changed_ && !is_ending_) changed_.wait_for(mutex_, span);
    return;
  }
  auto message = socket_->receive(span);
  if (!message.ok()) {
    drop_socket();
    carry_out(channels_.closed(moment()));
  } else if (*message) {
    carry_out(channels_.received(**message, moment()));
  }
}

void RealtimeListener::hear(const realtime::Heard& heard) {
  if (heard.event != kEvent || !heard.topic.starts_with(kTopicPrefix)) return;
  const auto* xid = heard.payload.find("xid");
  if (xid == nullptr) return;
  const auto* text = xid->string();
  const auto* number = xid->number();
  ears_.on_doorbell(heard.topic.substr(kTopicPrefix.size()), text != nullptr     ? *text
                                                             : number != nullptr ? number->text
                                                                                 : std::string());
}

}  // namespace convoy::client
