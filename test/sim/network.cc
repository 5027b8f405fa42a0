#include "sim/network.h"

#include <algorithm>
#include <utility>

namespace convoy::sim {
namespace {

using base::Json;

constexpr std::string_view kCall = "/rest/v1/rpc/";
constexpr std::string_view kBearer = "Bearer ";

std::string_view bearer_of(const net::HttpRequest& request) {
  for (const auto& [name, value] : request.headers) {
    if (name == "Authorization" && value.starts_with(kBearer)) {
      return std::string_view(value).substr(kBearer.size());
    }
  }
  return {};
}

net::HttpReply json_reply(int status, const Json& body) {
  net::HttpReply reply{.status = status,
                       .headers = {{"content-type", "application/json; charset=utf-8"}},
                       .body = body.dump()};
  reply.bytes_received = reply.body.size();
  return reply;
}

net::HttpReply token_expired() {
  Json body;
  body.set("code", "PGRST301");
  body.set("message", "JWT expired");
  body.set("details", Json());
  body.set("hint", Json());
  return json_reply(401, body);
}

net::HttpReply web_page(int status) {
  return {.status = status,
          .headers = {{"content-type", "text/html"}},
          .body = "<!doctype html><html><body>Please accept our terms</body></html>"};
}

// Which mutations a push carries: numbers, and the beginnings of uids.
std::string summary_of(const Json& request) {
  constexpr std::size_t kShown = 8;
  const auto* client = request.find("client");
  const auto* mutations = request.find("mutations");
  std::string text = "server: push of client ";
  if (client != nullptr && client->string()) text += client->string()->substr(0, kShown);
  if (mutations == nullptr || mutations->array() == nullptr) return text;
  for (const auto& mutation : *mutations->array()) {
    const auto* mid = mutation.find("mid");
    const auto* uid = mutation.find("uid");
    if (mid == nullptr || uid == nullptr || uid->string() == nullptr) continue;
    text += " " + mid->dump() + "=" + uid->string()->substr(0, kShown);
  }
  return text;
}

}  // namespace

std::pair<std::string, std::string> Network::sign_in(const std::string& user) {
  const auto number = std::to_string(++tokens_);
  const auto access = "access-" + number;
  const auto refresh = "refresh-" + number;
  access_[access] = user;
  refresh_[refresh] = user;
  return {access, refresh};
}

void Network::note(const std::string& device, std::string_view function, std::string_view what) {
  trace_->add(device + " network: " + std::string(function) + " " + std::string(what));
}

net::HttpReply Network::serve_call(const Call& call) {
  const auto* request = call.arguments.find("req");
  if (request != nullptr && call.function == "convoy_push") trace_->add(summary_of(*request));
  const bool is_observed = observer_ != nullptr && request != nullptr;
  if (is_observed) observer_->serving(call.function, *request);
  const auto reply = server_->rpc(call.user, call.function, call.arguments);
  if (is_observed) observer_->served(call.user, call.function, *request, reply);
  return json_reply(reply.status, reply.body);
}

net::HttpReply Network::renew(const net::HttpRequest& request) {
  const auto body = base::parse_json(request.body);
  const auto* token = body.ok() ? body->find("refresh_token") : nullptr;
  const auto known =
      token != nullptr && token->string() ? refresh_.find(*token->string()) : refresh_.end();
  if (known == refresh_.end()) {
    Json error;
    error.set("error_code", "refresh_token_not_found");
    error.set("msg", "Invalid Refresh Token");
    return json_reply(400, error);
  }
  const auto user = known->second;
  const auto [access, refresh] = sign_in(user);
  Json reply;
  reply.set("access_token", access);
  reply.set("refresh_token", refresh);
  reply.set("token_type", "bearer");
  reply.set("expires_in", 3600);
  Json who;
  who.set("id", user);
  who.set("email", user + "@example.com");
  reply.set("user", std::move(who));
  return json_reply(200, reply);
}

net::HttpReply Network::serve(const net::HttpRequest& request, Exchange& exchange) {
  const auto path = std::string_view(request.url).substr(kProjectUrl.size());
  if (!path.starts_with(kCall)) return renew(request);
  exchange.function = path.substr(kCall.size());
  const auto caller = access_.find(std::string(bearer_of(request)));
  if (caller == access_.end()) return token_expired();
  auto arguments = base::parse_json(request.body);
  if (!arguments.ok()) {
    Json error;
    error.set("code", "PGRST102");
    error.set("message", "Empty or invalid json");
    return json_reply(400, error);
  }
  Call call{
      .user = caller->second, .function = exchange.function, .arguments = *std::move(arguments)};
  exchange.user = call.user;
  if (const auto* req = call.arguments.find("req")) exchange.request = *req;
  if (random_.chance(faults_.late)) {
    note("", call.function, "will arrive once more");
    late_.push_back(call);
  }
  auto reply = serve_call(call);
  if (random_.chance(faults_.duplicate)) {
    note("", call.function, "arrives twice");
    auto second = serve_call(call);
    if (random_.one_in(2)) reply = std::move(second);
  }
  return reply;
}

Result<net::HttpReply> Network::send(const net::HttpRequest& request, const std::string& device,
                                     Exchange& exchange) {
  exchange.is_disturbed = true;
  const auto path = std::string_view(request.url).substr(kProjectUrl.size());
  if (random_.chance(faults_.drop_request)) {
    note(device, path, "request lost");
    return Error{.code = ErrorCode::Offline, .message = "no route to the server"};
  }
  if (random_.chance(faults_.late)) {
    note(device, path, "request is on its way for long");
    delay(request);
    return Error{.code = ErrorCode::Timeout, .message = "no answer in time"};
  }
  if (path.ends_with("convoy_pull") && random_.chance(faults_.slow_pull)) {
    note(device, path, "is too slow");
    return Error{.code = ErrorCode::Timeout, .message = "no answer in time"};
  }
  if (random_.chance(faults_.web_page)) {
    note(device, path, "answered by a web page");
    return web_page(200);
  }
  if (random_.chance(faults_.expired_token)) {
    note(device, path, "token expired");
    access_.erase(std::string(bearer_of(request)));
  }
  const bool fails_before = random_.chance(faults_.bad_status / 2);
  auto reply = fails_before ? net::HttpReply{} : serve(request, exchange);
  if (random_.chance(faults_.drop_reply)) {
    note(device, path, "reply lost");
    return Error{.code = random_.one_in(2) ? ErrorCode::Timeout : ErrorCode::Offline,
                 .message = "the connection broke"};
  }
  if (fails_before || random_.chance(faults_.bad_status / 2)) {
    static const std::vector<int> statuses = {409, 429, 500, 502, 503, 504};
    const auto status = random_.of(statuses);
    note(device, path, "status " + std::to_string(status));
    if (random_.one_in(2)) return web_page(status);
    return net::HttpReply{.status = status, .headers = {{"retry-after", "1"}}};
  }
  if (random_.chance(faults_.truncate) && reply.body.size() > 1) {
    note(device, path, "reply cut off");
    reply.body.resize(random_.below(reply.body.size()));
    return reply;
  }
  if (random_.chance(faults_.garbage) && !reply.body.empty()) {
    note(device, path, "reply garbled");
    // Never into other valid JSON: what a checksum of TLS lets through is not the sync's problem.
    reply.body[random_.below(reply.body.size())] = '\x01';
    return reply;
  }
  exchange.is_disturbed = reply.status != 200;
  trace_->add(device + " " + std::string(path) + " → " + std::to_string(reply.status) + " " +
              reply.body.substr(0, 400));
  return reply;
}

// The device gives up waiting; the server gets the request all the same, after others.
void Network::delay(const net::HttpRequest& request) {
  const auto path = std::string_view(request.url).substr(kProjectUrl.size());
  const auto caller = access_.find(std::string(bearer_of(request)));
  auto arguments = base::parse_json(request.body);
  if (!path.starts_with(kCall) || caller == access_.end() || !arguments.ok()) return;
  late_.push_back({.user = caller->second,
                   .function = std::string(path.substr(kCall.size())),
                   .arguments = *std::move(arguments)});
}

void Network::deliver_late() {
  if (late_.empty()) return;
  const auto at = random_.below(late_.size());
  const auto call = std::move(late_[at]);
  late_.erase(late_.begin() + static_cast<std::ptrdiff_t>(at));
  note("", call.function, "arrives late");
  static_cast<void>(serve_call(call));
}

Result<net::HttpReply> SimTransport::send(const net::HttpRequest& request) {
  if (is_off_) return Error{.code = ErrorCode::Offline, .message = "this device has no power"};
  Exchange exchange;
  auto reply = network_->send(request, device_, exchange);
  if (!exchange.is_disturbed && reply.ok()) {
    auto body = base::parse_json(reply->body);
    if (body.ok()) exchange.reply = *std::move(body);
  }
  if (observer_) observer_(exchange);
  return reply;
}

}  // namespace convoy::sim
