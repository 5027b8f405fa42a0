// world.h: one seed: a server, its writers, and devices that fail in every way, and then do not any
// more and must agree.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/checks.h"
#include "sim/device.h"
#include "sim/faults.h"
#include "sim/model_server.h"
#include "sim/network.h"
#include "sim/trace.h"
#include "sim/user.h"
#include "sim/violation.h"
#include "sim/writers.h"

namespace convoy::sim {

struct SeedOptions {
  std::uint64_t seed = 1;
  std::int64_t steps = 0;  // 0: as the seed has it.
  Mutant mutant = Mutant::None;
  std::size_t keep_lines = 60;
  bool echo = false;
};

struct SeedResult {
  std::optional<Violation> violation;
  std::uint64_t trace_hash = 0;
  std::int64_t step = 0;  // The last one.
  std::deque<std::string> last_lines;
  // What it contained.
  std::int64_t steps = 0;
  std::int64_t devices = 0;
  std::int64_t rounds = 0;
  std::int64_t requests = 0;
  std::int64_t writes = 0;
  std::int64_t crashes = 0;
  std::int64_t looks = 0;
};

SeedResult run_seed(const SeedOptions& options);

class World {
 public:
  explicit World(const SeedOptions& options);

  SeedResult run();

 private:
  void step();
  void step_device(Device& device);
  void step_round(Device& device);
  void run_round(Device& device);
  void end_round(Device& device);
  void write(Device& device);
  void break_something(Device& device);
  void open(Device& device);
  void administrate();
  void back_up();
  void add_device(const std::string& user);
  void copy_device(Device& device);
  void change_user(std::size_t device);
  void settle();
  bool settle_once();
  void look(Device& device);
  [[nodiscard]] bool can_refuse(const Deed& deed, const Error& error) const;
  [[nodiscard]] bool can_fail(const Device& device, const Error& error) const;

  SeedOptions options_;
  Random random_;
  WorldClock clock_;
  Trace trace_;
  Verdict verdict_;
  Faults faults_;
  std::vector<std::string> users_;
  ModelServer server_;
  Network network_;
  Writers writers_;
  Checks checks_;
  std::vector<std::unique_ptr<Device>> devices_;
  std::int64_t device_names_ = 0;
  bool is_healed_ = false;
  bool is_restored_ = false;
  bool has_backup_ = false;
  bool interrupts_ = false;
  bool allows_copies_ = false;
  bool allows_restore_ = false;
  SeedResult result_;
};

}  // namespace convoy::sim
