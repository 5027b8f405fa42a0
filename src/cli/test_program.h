// test_program.h: the program on a device without a server, for tests.
#pragma once

#include <algorithm>
#include <csignal>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "cli/environment.h"
#include "cli/run.h"
#include "memory/test_bank.h"

namespace convoy::cli {

// What the device knows and was told. Outlives the programs that use it.
struct TestState {
  memory::TestBank store;
  SyncStatus status{.project_url = "https://p.supabase.co",
                    .user = UserInfo{.id = "u", .email = "ada@example.com"},
                    .is_signed_in = true,
                    .database_path = "/data/p.db"};
  SyncReport report;
  VerificationReport verification;
  std::vector<SyncLogEntry> log;
  std::vector<SyncStatus> statuses;  // What watchers are told; then Ctrl-C.
  bool is_started = false;
  BackgroundOptions background;
  std::vector<SyncProgress> progress;
  // The server.
  std::string description = R"({"fingerprint": "f", "tables": []})";
  ServerInfo server{.version = "0.1.0"};
  std::map<std::string, std::string> server_rows;  // Whatever is asked of a table: JSON.
  std::vector<std::string> tables_read;
  std::optional<Error> rows_error = Error{.code = ErrorCode::Offline, .message = "no route"};
  std::vector<DeviceInfo> devices;
  std::vector<ServerFinding> findings;
  std::vector<std::string> damage;
  std::optional<Error> reach_error;
  std::optional<Error> hello_error;
  std::string device_name;
  std::string revoked;
  std::string secret_key;
  std::optional<Error> error;    // Of the next call that can fail.
  bool is_interrupted = false;   // Ctrl-C during sync.
  bool forgets_session = false;  // Sign-out ends the session even if it fails.

  std::string home;
  ProjectInfo configured;
  std::string email;
  std::string password;
  bool is_new = false;
  std::optional<PendingWork> signed_out;
};

class TestDevice final : public Device {
 public:
  explicit TestDevice(TestState& state) : state_(&state) {}

  Status configure(const ProjectInfo& project) override {
    if (state_->error) return *state_->error;
    state_->configured = project;
    return ok_status();
  }

  Result<UserInfo> sign_up(const std::string& email, const std::string& password) override {
    state_->is_new = true;
    return sign_in(email, password);
  }

  Result<UserInfo> sign_in(const std::string& email, const std::string& password) override {
    if (state_->error) return *state_->error;
    state_->email = email;
    state_->password = password;
    return UserInfo{.id = "u", .email = email};
  }

  Status sign_out(PendingWork pending) override {
    state_->signed_out = pending;
    if (!state_->error || state_->forgets_session) state_->status.is_signed_in = false;
    if (state_->error) return *state_->error;
    return ok_status();
  }

  Result<Database*> database() override {
    if (state_->error) return *state_->error;
    return &*state_->store.database;
  }

  Result<SyncReport> sync(SyncOptions options) override {
    for (const auto& progress : state_->progress) options.on_progress(progress);
    if (state_->is_interrupted) std::raise(SIGINT);
    if (options.cancellation->is_cancelled()) {
      return Error{.code = ErrorCode::Cancelled, .message = "the sync was cancelled"};
    }
    if (state_->error) return *state_->error;
    return state_->report;
  }

  Result<VerificationReport> verify(VerifyOptions options) override {
    for (const auto& progress : state_->progress) options.on_progress(progress);
    if (state_->is_interrupted) std::raise(SIGINT);
    if (options.cancellation->is_cancelled()) {
      return Error{.code = ErrorCode::Cancelled, .message = "the verification was cancelled"};
    }
    if (state_->error) return *state_->error;
    return state_->verification;
  }

  Result<SyncStatus> status() override { return state_->status; }

  Result<std::vector<SyncLogEntry>> log(std::size_t count_max) override {
    if (state_->error) return *state_->error;
    auto log = state_->log;
    log.resize(std::min(log.size(), count_max));
    return log;
  }

  Status start(BackgroundOptions options) override {
    if (state_->error) return *state_->error;
    state_->is_started = true;
    state_->background = options;
    return ok_status();
  }

  void stop() override { state_->is_started = false; }

  StatusSubscription observe_status(
      std::function<void(const Result<SyncStatus>&)> on_change) override {
    for (const auto& status : state_->statuses) on_change(status);
    std::raise(SIGINT);
    return {};
  }

  Result<std::string> describe_server() override {
    if (state_->error) return *state_->error;
    return state_->description;
  }

  Result<std::string> read_rows(const std::string& table,
                                const std::vector<std::pair<std::string, std::string>>&) override {
    state_->tables_read.push_back(table);
    if (state_->rows_error) return *state_->rows_error;
    const auto rows = state_->server_rows.find(table);
    return rows == state_->server_rows.end() ? "[]" : rows->second;
  }

  Result<ServerInfo> hello(const std::string& name) override {
    if (state_->hello_error) return *state_->hello_error;
    state_->device_name = name;
    return state_->server;
  }

  Result<std::vector<DeviceInfo>> devices() override {
    if (state_->error) return *state_->error;
    return state_->devices;
  }

  Status revoke_device(const std::string& id) override {
    if (state_->error) return *state_->error;
    state_->revoked = id;
    return ok_status();
  }

  Status reach_server() override {
    if (state_->reach_error) return *state_->reach_error;
    return ok_status();
  }

  Result<std::vector<ServerFinding>> server_findings(const std::string& secret_key) override {
    state_->secret_key = secret_key;
    if (state_->error) return *state_->error;
    return state_->findings;
  }

  Result<std::vector<std::string>> check_file() override {
    if (state_->error) return *state_->error;
    return state_->damage;
  }

 private:
  TestState* state_;
};

struct Output {
  int code = -1;
  std::string out;
  std::string err;

  // What was printed, as JSON; null if it is not one document.
  [[nodiscard]] base::Json json() const {
    auto parsed = base::parse_json(out);
    return parsed.ok() ? *std::move(parsed) : base::Json();
  }
};

// Runs the program again and again on one device.
struct TestProgram {
  TestState state;
  std::string input;
  std::map<std::string, std::string, std::less<>> variables{{"CONVOY_HOME", "/home/ada/.convoy"}};
  bool is_terminal = false;
  std::size_t columns = 0;
  std::vector<std::string> secrets;  // Typed at hidden prompts, last one first.

  Output run(const std::vector<std::string>& arguments) {
    std::istringstream in(input);
    std::ostringstream out;
    std::ostringstream err;
    Environment environment{
        .streams = {.in = &in,
                    .out = &out,
                    .err = &err,
                    .in_is_terminal = is_terminal,
                    .out_is_terminal = is_terminal,
                    .err_is_terminal = is_terminal,
                    .columns = columns,
                    .read_secret = [this](std::string_view) { return secret(); }},
        .variables = variables,
        .clock = &state.store.clock,
        .open_device = [this](const std::string& home) { return open(home); }};
    Output output;
    output.code = cli::run(arguments, environment);
    output.out = out.str();
    output.err = err.str();
    return output;
  }

 private:
  Result<std::string> secret() {
    if (secrets.empty()) return std::string();
    auto secret = std::move(secrets.back());
    secrets.pop_back();
    return secret;
  }

  Result<std::unique_ptr<Device>> open(const std::string& home) {
    state.home = home;
    return std::unique_ptr<Device>(std::make_unique<TestDevice>(state));
  }
};

}  // namespace convoy::cli
