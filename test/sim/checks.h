// checks.h: the invariants (docs/design/simulator.md), held against a device's file and the model's
// history.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "sim/device.h"
#include "sim/model_server.h"
#include "sim/push_checks.h"
#include "sim/violation.h"

namespace convoy::sim {

class Checks final : public Network::Observer {
 public:
  Checks(ModelServer& server, Verdict& verdict)
      : server_(&server), verdict_(&verdict), pushes_(server, verdict) {}

  // Before the server runs a call.
  void serving(std::string_view function, const base::Json& request) override;

  // What the server just said to a user: I2, I3, I6, I10.
  void served(const std::string& user, std::string_view function, const base::Json& request,
              const RpcReply& reply) override;

  // Mutations that two copies of one file send under two client ids.
  void excuse(const std::set<std::string>& uids) { pushes_.excuse(uids); }

  // At any time between two steps: I2 to I5, I7, I8, and that cursors tell the truth.
  void look(Device& device);

  // After a round that succeeded: I9.
  void round_done(Device& device);

  // When everything is over: I1.
  void converged(Device& device);

 private:
  void check_overlay(const Device& device, const DeviceState& state);
  void check_outbox(const Device& device, const DeviceState& state);
  void check_sent(const Device& device, const OutboxEntry& entry);
  void check_conflicts(const Device& device, const DeviceState& state);
  void check_parked(const Device& device, const DeviceState& state, const OutboxEntry& entry);
  void check_confirmed(const Device& device, const DeviceState& state, const std::string& uid,
                       const LedgerEntry& applied);
  void check_progress(Device& device, const DeviceState& state);
  void check_cursors(const Device& device, const DeviceState& state);
  void check_marks(const Device& device, const DeviceState& state);
  void check_rows(const std::string& user, const base::Json& reply);
  bool is_still(const Key& key, std::int64_t revision);
  bool must_have(const Device& device, const LedgerEntry& entry, const Key& key);
  void fail(const Device& device, std::string invariant, const std::string& what);

  ModelServer* server_;
  Verdict* verdict_;
  PushChecks pushes_;
};

}  // namespace convoy::sim
