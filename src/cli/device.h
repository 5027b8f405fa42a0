// device.h: what the commands need of a Client, so that their tests can do without one.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "convoy/client.h"

namespace convoy::cli {

// The functions of Client, with its contracts. Thread-safety: thread-compatible.
class Device {
 public:
  virtual ~Device() = default;
  virtual Status configure(const ProjectInfo& project) = 0;
  virtual Result<UserInfo> sign_up(const std::string& email, const std::string& password) = 0;
  virtual Result<UserInfo> sign_in(const std::string& email, const std::string& password) = 0;
  virtual Status sign_out(PendingWork pending) = 0;
  virtual Result<Database*> database() = 0;
  virtual Result<SyncReport> sync(SyncOptions options) = 0;
  virtual Result<VerificationReport> verify(VerifyOptions options) = 0;
  virtual Result<SyncStatus> status() = 0;
  virtual Result<std::vector<SyncLogEntry>> log(std::size_t count_max) = 0;
  virtual Status start(BackgroundOptions options) = 0;
  virtual void stop() = 0;
  virtual StatusSubscription observe_status(
      std::function<void(const Result<SyncStatus>&)> on_change) = 0;
  virtual Result<std::string> describe_server() = 0;
  virtual Result<std::string> read_rows(
      const std::string& table,
      const std::vector<std::pair<std::string, std::string>>& parameters) = 0;
  virtual Result<ServerInfo> hello(const std::string& name) = 0;
  virtual Result<std::vector<DeviceInfo>> devices() = 0;
  virtual Status revoke_device(const std::string& id) = 0;
  virtual Status reach_server() = 0;
  virtual Result<std::vector<ServerFinding>> server_findings(const std::string& secret_key) = 0;
  virtual Result<std::vector<std::string>> check_file() = 0;
};

// A real one: the memory bank's client in the folder `home`. Errors: those of Client::open.
Result<std::unique_ptr<Device>> open_device(const std::string& home);

}  // namespace convoy::cli
