#include "cli/device.h"

#include <utility>

#include "memory/schema.h"

#ifndef CONVOY_VERSION
#error "CONVOY_VERSION comes from CMakeLists.txt"
#endif

namespace convoy::cli {
namespace {

class ClientDevice final : public Device {
 public:
  explicit ClientDevice(Client client) : client_(std::move(client)) {}

  Status configure(const ProjectInfo& project) override { return client_.configure(project); }

  Result<UserInfo> sign_up(const std::string& email, const std::string& password) override {
    return client_.sign_up(email, password);
  }

  Result<UserInfo> sign_in(const std::string& email, const std::string& password) override {
    return client_.sign_in(email, password);
  }

  Status sign_out(PendingWork pending) override { return client_.sign_out(pending); }

  Result<Database*> database() override { return client_.database(); }

  Result<SyncReport> sync(SyncOptions options) override { return client_.sync(std::move(options)); }

  Result<VerificationReport> verify(VerifyOptions options) override {
    return client_.verify(std::move(options));
  }

  Result<SyncStatus> status() override { return client_.status(); }

  Result<std::vector<SyncLogEntry>> log(std::size_t count_max) override {
    return client_.log(count_max);
  }

  Status start(BackgroundOptions options) override { return client_.start(options); }

  void stop() override { client_.stop(); }

  StatusSubscription observe_status(
      std::function<void(const Result<SyncStatus>&)> on_change) override {
    return client_.observe_status(std::move(on_change));
  }

  Result<std::string> describe_server() override { return client_.describe_server(); }

  Result<std::string> read_rows(
      const std::string& table,
      const std::vector<std::pair<std::string, std::string>>& parameters) override {
    return client_.read_rows(table, parameters);
  }

  Result<ServerInfo> hello(const std::string& name) override { return client_.hello(name); }

  Result<std::vector<DeviceInfo>> devices() override { return client_.devices(); }

  Status revoke_device(const std::string& id) override { return client_.revoke_device(id); }

  Status reach_server() override { return client_.reach_server(); }

  Result<std::vector<ServerFinding>> server_findings(const std::string& secret_key) override {
    return client_.server_findings(secret_key);
  }

  Result<std::vector<std::string>> check_file() override { return client_.check_file(); }

 private:
  Client client_;
};

}  // namespace

Result<std::unique_ptr<Device>> open_device(const std::string& home) {
  CONVOY_TRY(Client client, Client::open({.home = home,
                                          .schema = convoy::memory::memory_schema(),
                                          .program = "convoy " CONVOY_VERSION}));
  return std::unique_ptr<Device>(std::make_unique<ClientDevice>(std::move(client)));
}

}  // namespace convoy::cli
