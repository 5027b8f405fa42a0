// network.h: what is between the devices and the server: requests that get lost, replies that get
// lost, both twice, late, cut off or replaced by somebody else's web page.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.h"
#include "net/http.h"
#include "sim/faults.h"
#include "sim/random.h"
#include "sim/server.h"
#include "sim/trace.h"

namespace convoy::sim {

inline constexpr std::string_view kProjectUrl = "https://sim.supabase.co";

// One request of a device and what it got for it.
struct Exchange {
  std::string user;
  std::string function;  // Empty: not a call of the sync protocol.
  base::Json request;    // The argument `req`.
  base::Json reply;      // Null unless it arrived whole.
  bool is_disturbed = false;
};

class Network {
 public:
  Network(Server& server, Random random, const Faults& faults, Trace& trace)
      : server_(&server), random_(random), faults_(faults), trace_(&trace) {}

  // Told of every call the server runs, and of what it says, whether or not that arrives.
  class Observer {
   public:
    virtual ~Observer() = default;
    virtual void serving(std::string_view function, const base::Json& request) = 0;
    virtual void served(const std::string& user, std::string_view function,
                        const base::Json& request, const RpcReply& reply) = 0;
  };

  void observe(Observer* observer) { observer_ = observer; }

  Result<net::HttpReply> send(const net::HttpRequest& request, const std::string& device,
                              Exchange& exchange);

  // A new session's tokens: access and refresh.
  std::pair<std::string, std::string> sign_in(const std::string& user);

  // Requests still under way arrive.
  void deliver_late();

  [[nodiscard]] bool has_late() const { return !late_.empty(); }

  // Those under way die with the server they were sent to.
  void lose_late() { late_.clear(); }

  void heal() { faults_ = {}; }

 private:
  struct Call {
    std::string user;
    std::string function;
    base::Json arguments;
  };

  net::HttpReply serve(const net::HttpRequest& request, Exchange& exchange);
  net::HttpReply serve_call(const Call& call);
  void delay(const net::HttpRequest& request);
  net::HttpReply renew(const net::HttpRequest& request);
  void note(const std::string& device, std::string_view function, std::string_view what);

  Server* server_;
  Random random_;
  Faults faults_;
  Trace* trace_;
  Observer* observer_ = nullptr;
  std::vector<Call> late_;
  std::map<std::string, std::string> access_;  // Tokens that count, to users.
  std::map<std::string, std::string> refresh_;
  std::int64_t tokens_ = 0;
};

// A device's way to the network.
class SimTransport final : public net::HttpTransport {
 public:
  SimTransport(Network& network, std::string device)
      : network_(&network), device_(std::move(device)) {}

  Result<net::HttpReply> send(const net::HttpRequest& request) override;

  // Without power there is no network.
  void switch_off(bool yes) { is_off_ = yes; }

  // Called with each exchange.
  void on_exchange(std::function<void(const Exchange&)> observer) {
    observer_ = std::move(observer);
  }

 private:
  Network* network_;
  std::string device_;
  bool is_off_ = false;
  std::function<void(const Exchange&)> observer_;
};

}  // namespace convoy::sim
