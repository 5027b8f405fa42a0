#include "cli/doctor.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <utility>

#include "base/limits.h"
#include "cli/times.h"
#include "codegen/schema_diff.h"
#include "memory/schema.h"

namespace convoy::cli {
namespace {

// After this long something is wrong, and not only the network.
constexpr std::int64_t kWaitingMaxMs = 24 * 60 * 60 * 1000;

constexpr std::string_view kMigrate =
    "Have the project's owner apply the newest migrations: supabase db push.";

class Doctor {
 public:
  Doctor(Device& device, const Examination& examination)
      : device_(device), examination_(examination) {}

  std::vector<Finding> run() {
    const auto status = device_.status();
    if (!status.ok()) {
      add_error(status.error().code == ErrorCode::NotConfigured ? "configuration" : "file",
                status.error());
      return std::move(findings_);
    }
    if (!status->project_url) {
      add("configuration", Severity::Error, "no Supabase project is set up here",
          "convoy init --url URL --key KEY");
      return std::move(findings_);
    }
    add("configuration", Severity::Ok, "this device belongs to " + *status->project_url);
    check_reach();
    check_sign_in(*status);
    if (status->user) {
      check_file();
      check_outbox(*status);
      check_last_sync(*status);
    }
    if (!examination_.secret_key.empty()) ask_server_doctor();
    return std::move(findings_);
  }

 private:
  void add(std::string check, Severity severity, std::string message, std::string fix = {},
           std::string subject = {}) {
    findings_.push_back({.check = std::move(check),
                         .severity = severity,
                         .subject = std::move(subject),
                         .message = std::move(message),
                         .fix = std::move(fix)});
  }

  void add_error(std::string check, const Error& error) {
    add(std::move(check), Severity::Error, error.message, error.hint);
  }

  void check_reach() {
    const auto status = device_.reach_server();
    is_reached_ = status.ok();
    if (status.ok()) {
      add("server", Severity::Ok, "it answers, and has Convoy's SQL");
    } else if (status.error().code == ErrorCode::NotInstalled) {
      add("server_sql", Severity::Error, status.error().message, std::string(kMigrate));
    } else {
      add_error(status.error().code == ErrorCode::InvalidApiKey ? "configuration" : "server",
                status.error());
    }
  }

  void check_sign_in(const SyncStatus& status) {
    if (!status.user || !status.is_signed_in) {
      add("sign_in", Severity::Warning, "nobody is signed in: nothing is sent or fetched",
          "convoy login");
      return;
    }
    if (!is_reached_) return;
    const auto hello = device_.hello("");
    if (!hello.ok()) {
      add_refusal(hello.error());
      return;
    }
    add("sign_in", Severity::Ok, "signed in as " + status.user->email);
    check_version(hello->version);
    check_clock(*hello);
    check_schema();
  }

  void add_refusal(const Error& error) {
    if (error.sqlstate == "CV012") {
      add("device", Severity::Error, "this device was signed out from another one",
          "If that was a mistake: convoy logout, then convoy login. What waits here is kept with "
          "--keep-data.");
    } else if (error.code == ErrorCode::ProtocolMismatch) {
      add_error("protocol", error);
    } else if (error.code == ErrorCode::SignInRequired ||
               error.code == ErrorCode::InvalidCredentials) {
      add_error("sign_in", error);
    } else {
      add_error("server", error);
    }
  }

  void check_version(const std::string& server) {
    const int order = compare_versions(server, examination_.version);
    const auto both =
        "the server's SQL is version " + server + ", this program " + examination_.version;
    if (order < 0) {
      add("server_sql", Severity::Warning, both, std::string(kMigrate));
    } else if (order > 0) {
      add("server_sql", Severity::Note, both, "Update this program.");
    } else {
      add("server_sql", Severity::Ok, both);
    }
    add("protocol", Severity::Ok, "both sides speak the same one");
  }

  void check_clock(const ServerInfo& server) {
    const auto skew = std::abs(server.clock_skew_ms);
    // The answer's way here is not known better than this.
    const bool is_off = skew - server.round_trip_ms / 2 > limits::kClockOffsetMax.count();
    if (!is_off) {
      add("clock", Severity::Ok, "it agrees with the server's");
      return;
    }
    add("clock", Severity::Warning,
        "this device's clock is " + duration(skew) +
            (server.clock_skew_ms > 0 ? " behind" : " ahead of") +
            " the server's: \"last write wins\" may settle in an order that surprises people",
        "Set the clock of this device.");
  }

  void check_schema() {
    const auto text = device_.describe_server();
    if (!text.ok()) {
      add_error("schema", text.error());
      return;
    }
    const auto description = codegen::parse_description(*text);
    if (!description.ok()) {
      add_error("schema", description.error());
      return;
    }
    const auto converted = codegen::to_local_schema(*description);
    if (!converted.ok()) {
      add_error("schema", converted.error());
      return;
    }
    const auto found = codegen::compare(memory::memory_schema(), *description, *converted, {});
    if (!found.ok()) {
      add_error("schema", found.error());
      return;
    }
    add_differences(*found);
  }

  void add_differences(const std::vector<codegen::Difference>& differences) {
    std::size_t additive = 0;
    for (const auto& one : differences) {
      if (one.impact == codegen::Impact::Additive) ++additive;
      if (one.impact != codegen::Impact::Breaking) continue;
      add("schema", Severity::Error, one.message,
          "If the server is older: " + std::string(kMigrate) +
              " If it is newer, update this program.",
          one.column.empty() ? one.table : one.table + "." + one.column);
    }
    if (additive > 0) {
      add("schema", Severity::Note,
          "the server has " + std::to_string(additive) +
              " things more than this program knows; sync goes on without them",
          "convoy schema diff shows them.");
    }
    if (worst(differences) == codegen::Impact::Note) {
      add("schema", Severity::Ok, "the server's tables are those of this program");
    }
  }

  void check_file() {
    const auto damage = device_.check_file();
    if (!damage.ok()) {
      add_error("file", damage.error());
    } else if (damage->empty()) {
      add("file", Severity::Ok, "the local file is sound");
    } else {
      const auto rest = damage->size() - 1;
      add("file", Severity::Error,
          "the local file is damaged: " + damage->front() +
              (rest == 0 ? "" : " (and " + std::to_string(rest) + " more)"),
          "Keep a copy of it, then fetch everything anew: convoy logout --discard-pending, convoy "
          "login, convoy sync.");
    }
  }

  void check_outbox(const SyncStatus& status) {
    if (status.parked > 0) {
      add("outbox", Severity::Warning,
          std::to_string(status.parked) + " changes were refused by the server", "convoy queue");
    }
    if (status.conflicts_open > 0) {
      add("outbox", Severity::Warning,
          std::to_string(status.conflicts_open) + " conflicts wait for somebody to decide",
          "convoy conflicts");
    }
    if (status.pending == 0) {
      if (status.parked + status.conflicts_open == 0)
        add("outbox", Severity::Ok, "nothing waits to be sent");
      return;
    }
    const auto waits = std::to_string(status.pending) + " changes wait to be sent";
    const auto oldest = status.oldest_pending_ms.value_or(examination_.now_ms);
    const bool is_old = examination_.now_ms - oldest > kWaitingMaxMs;
    add("outbox", is_old ? Severity::Warning : Severity::Note,
        waits + ", the oldest since " + local_time(static_cast<double>(oldest)), "convoy sync");
  }

  void check_last_sync(const SyncStatus& status) {
    if (!status.last_sync) {
      add("last_sync", Severity::Note, "this device has never synced", "convoy sync");
    } else if (status.last_sync->error_code.empty()) {
      add("last_sync", Severity::Ok,
          "it went well, " + local_time(static_cast<double>(status.last_sync->finished_at_ms)));
    } else {
      add("last_sync", Severity::Warning, "it failed: " + status.last_sync->error_message,
          status.last_sync->error_hint);
    }
  }

  void ask_server_doctor() {
    const auto found = device_.server_findings(examination_.secret_key);
    if (!found.ok()) {
      add_error("server_doctor", found.error());
      return;
    }
    for (const auto& one : *found) {
      const auto severity = one.severity == "error"     ? Severity::Error
                            : one.severity == "warning" ? Severity::Warning
                                                        : Severity::Note;
      add("server." + one.check, severity, one.message, one.fix, one.subject);
    }
    if (found->empty()) add("server_doctor", Severity::Ok, "the project is sound");
  }

  Device& device_;
  const Examination& examination_;
  std::vector<Finding> findings_;
  bool is_reached_ = false;
};

}  // namespace

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::Ok:
      return "ok";
    case Severity::Note:
      return "note";
    case Severity::Warning:
      return "warning";
    case Severity::Error:
      break;
  }
  return "error";
}

std::vector<Finding> examine(Device& device, const Examination& examination) {
  return Doctor(device, examination).run();
}

Severity worst(const std::vector<Finding>& findings) {
  const auto found = std::ranges::max_element(findings, {}, &Finding::severity);
  return found == findings.end() ? Severity::Ok : found->severity;
}

int compare_versions(std::string_view left, std::string_view right) {
  while (!left.empty() && !right.empty()) {
    int numbers[2] = {0, 0};
    std::string_view* sides[2] = {&left, &right};
    for (std::size_t i = 0; i < 2; ++i) {
      auto& side = *sides[i];
      const auto [end, error] = std::from_chars(side.data(), side.data() + side.size(), numbers[i]);
      if (error != std::errc()) return 0;
      side.remove_prefix(static_cast<std::size_t>(end - side.data()));
      if (!side.empty()) side.remove_prefix(1);  // The dot.
    }
    if (numbers[0] != numbers[1]) return numbers[0] < numbers[1] ? -1 : 1;
  }
  return 0;
}

}  // namespace convoy::cli
