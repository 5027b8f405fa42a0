#include "sim/world.h"

#include <algorithm>
#include <utility>

#include "base/uuid.h"
#include "sim/user.h"
#include "sim/vfs.h"

namespace convoy::sim {
namespace {

// A round that asks more often has lost its way (I11).
constexpr int kRequestsMax = 300;
// Rounds of every device, once nothing is broken any more, until all agree.
constexpr int kSettlingMax = 6;
constexpr std::size_t kDevicesMax = 6;

std::string describe(const Error& error) {
  return std::string(to_string(error.code)) + ": " + error.message;
}

}  // namespace

World::World(const SeedOptions& options)
    : options_(options),
      random_(options.seed),
      trace_(options.keep_lines, options.echo),
      faults_(Faults::of_seed(random_)),
      users_([this] {
        std::vector<std::string> users;
        for (std::size_t i = 1 + random_.below(3); i > 0; --i) {
          users.push_back(base::uuid_v4(random_));
        }
        return users;
      }()),
      server_(clock_, random_.split(), options.mutant),
      network_(server_, random_.split(), faults_, trace_),
      writers_(server_, random_.split(), trace_, users_),
      checks_(server_, verdict_) {
  network_.observe(&checks_);
  server_.set_transient_errors(faults_.transient_error);
  // Tiny pages make windows of many.
  static const std::vector<std::size_t> sizes = {2, 5, 20, 1000};
  server_.set_page_rows(random_.of(sizes));
  // In half the seeds, so that in the others a transaction may outlast whole rounds.
  interrupts_ = random_.one_in(2);
  server_.set_interruption([this] {
    if (!is_healed_ && interrupts_ && random_.one_in(4)) writers_.end_one();
  });
  allows_copies_ = random_.one_in(4);
  allows_restore_ = random_.one_in(4);
  writers_.found_world(1 + random_.below(3));
  // So that a restore can take back all that devices ever sent.
  if (allows_restore_ && random_.one_in(2)) back_up();
  const auto devices = 2 + random_.below(2);
  for (std::size_t i = 0; i < devices; ++i) add_device(users_[i % users_.size()]);
}

void World::add_device(const std::string& user) {
  const auto name = "device" + std::to_string(++device_names_);
  trace_.add(name + " is new, of " + user);
  devices_.push_back(std::make_unique<Device>(Device::World{.clock = &clock_,
                                                            .network = &network_,
                                                            .trace = &trace_,
                                                            .verdict = &verdict_,
                                                            .mutant = options_.mutant},
                                              name, user, random_.split()));
  ++result_.devices;
  open(*devices_.back());
}

SeedResult World::run() {
  if (options_.steps == 0) {
    options_.steps = static_cast<std::int64_t>(random_.one_in(10) ? 150 + random_.below(200)
                                                                  : 15 + random_.below(45));
  }
  while (result_.steps < options_.steps && !verdict_.failed()) {
    trace_.set_step(++result_.steps);
    step();
  }
  if (!verdict_.failed()) settle();
  result_.violation = verdict_.violation();
  result_.trace_hash = trace_.hash();
  result_.step = trace_.step();
  result_.last_lines = trace_.last();
  return result_;
}

void World::step() {
  clock_.advance(static_cast<std::int64_t>(random_.below(3 * kSecond)));
  const auto choice = random_.below(100);
  if (choice < 66) {
    step_device(*devices_[random_.below(devices_.size())]);
  } else if (choice < 86) {
    writers_.step();
  } else if (choice < 90) {
    writers_.change_membership();
  } else if (choice < 93) {
    network_.deliver_late();
  } else if (choice < 97) {
    administrate();
  } else if (choice < 99) {
    if (allows_copies_ && devices_.size() < kDevicesMax) {
      copy_device(*devices_[random_.below(devices_.size())]);
    }
  } else if (random_.one_in(2)) {
    change_user(random_.below(devices_.size()));
  }
}

// --- Devices ------------------------------------------------------------------------------------

void World::step_device(Device& device) {
  break_something(device);
  if (!device.is_open()) return open(device);
  const auto choice = random_.below(10);
  if (choice < 4) {
    write(device);
  } else if (!device.is_syncing()) {
    const auto status = device.start_round();
    if (!status.ok() && !can_fail(device, status.error())) {
      verdict_.fail("I11", device.name() + " can't sync: " + describe(status.error()));
    }
    if (device.is_syncing() && choice < 8) run_round(device);
  } else if (choice < 8) {
    step_round(device);
  } else {
    run_round(device);
  }
}

void World::break_something(Device& device) {
  if (random_.chance(faults_.clock_jump)) {
    static const std::vector<std::int64_t> skews = {0, -kHour, kHour, -kDay, kDay, kMinute};
    device.clock().set_skew(random_.of(skews));
  }
  if (random_.chance(faults_.power_cut)) {
    trace_.add(device.name() + " will lose its power");
    device.disk().cut_power_after(static_cast<std::int64_t>(random_.below(12)));
  }
  if (random_.chance(faults_.disk_failure)) {
    trace_.add(device.name() + "'s disk will fail once");
    device.disk().fail_after(static_cast<std::int64_t>(random_.below(12)));
  }
  if (random_.chance(faults_.disk_full)) device.disk().set_full(random_.one_in(2));
  if (random_.chance(faults_.kill)) {
    trace_.add(device.name() + " is killed");
    ++result_.crashes;
    device.kill();
  } else if (device.is_open() && !device.is_syncing() && random_.one_in(40)) {
    trace_.add(device.name() + " is closed");
    device.close();
  }
}

void World::open(Device& device) {
  const auto status = device.open();
  trace_.add(device.name() + " opens" + (status.ok() ? "" : ": " + describe(status.error())));
  if (!status.ok()) {
    if (!can_fail(device, status.error())) {
      verdict_.fail("I12", device.name() + " can't be opened: " + describe(status.error()));
    }
    if (device.disk().is_dead()) device.lose_power();
    return;
  }
  look(device);
}

bool World::can_fail(const Device& device, const Error& error) const {
  switch (error.code) {
    case ErrorCode::Internal:
    case ErrorCode::Corrupt:
    case ErrorCode::NotADatabase:
    case ErrorCode::SchemaMismatch:
    case ErrorCode::InvalidState:
      return false;
    case ErrorCode::ServerRestored:
      return is_restored_;
    case ErrorCode::Io:
    case ErrorCode::DiskFull:
      return !is_healed_;
    default:
      return !is_healed_ && device.round().is_disturbed;
  }
}

void World::write(Device& device) {
  Deed deed;
  const auto status = act(device, random_, deed);
  trace_.add(device.name() + " writes:" + deed.what +
             (status.ok() ? "" : " (" + describe(status.error()) + ")"));
  ++result_.writes;
  if (status.ok() && deed.is_forbidden) {
    verdict_.fail("I4", device.name() + " took a write that the server takes from nobody");
  }
  if (!status.ok() && !can_refuse(deed, status.error())) {
    verdict_.fail("I4", device.name() + " can't write: " + describe(status.error()));
  }
  if (device.disk().is_dead()) {
    ++result_.crashes;
    trace_.add(device.name() + " loses its power");
    device.lose_power();
    return;
  }
  if (random_.one_in(8)) look(device);
}

bool World::can_refuse(const Deed& deed, const Error& error) const {
  switch (error.code) {
    case ErrorCode::Refused:
      return deed.is_forbidden;
    case ErrorCode::Io:
    case ErrorCode::DiskFull:
      return !is_healed_;
    default:
      return false;
  }
}

void World::step_round(Device& device) {
  const bool goes_on = device.step_round();
  if (device.disk().is_dead()) {
    ++result_.crashes;
    trace_.add(device.name() + " loses its power while it syncs");
    device.lose_power();
    return;
  }
  if (device.round().requests > kRequestsMax) {
    verdict_.fail("I11", device.name() + " asks again and again");
    device.abandon_round();
    return;
  }
  if (!goes_on) return end_round(device);
  if (random_.one_in(12)) look(device);
}

void World::run_round(Device& device) {
  while (device.is_syncing() && !verdict_.failed()) step_round(device);
}

void World::end_round(Device& device) {
  const auto result = device.finish_round();
  ++result_.rounds;
  result_.requests += device.round().requests;
  trace_.add(device.name() + " has synced" + (result.ok() ? "" : ": " + describe(result.error())));
  if (device.disk().is_dead()) {
    ++result_.crashes;
    device.lose_power();
    return;
  }
  if (!result.ok() && !can_fail(device, result.error())) {
    verdict_.fail("I11", device.name() + " can't sync though nothing is in its way: " +
                             describe(result.error()));
    return;
  }
  look(device);
  if (result.ok()) checks_.round_done(device);
}

void World::look(Device& device) {
  ++result_.looks;
  checks_.look(device);
}

// --- Owners, copies and other users -------------------------------------------------------------

void World::administrate() {
  if (is_restored_) {
    trace_.add("the owner releases the restored server");
    server_.after_restore();
    is_restored_ = false;
    return;
  }
  switch (random_.below(allows_restore_ ? 8 : 6)) {
    case 0:
    case 1:
    case 2:
      trace_.add("garbage is collected");
      return server_.collect_garbage(static_cast<std::int64_t>(random_.below(15)) * kSecond);
    case 3:
      trace_.add("policies change");
      return server_.bump_policy();
    case 4:
    case 6:
    case 7:
      if (!allows_restore_) return;
      if (has_backup_) {
        trace_.add("the server is restored from its backup");
        server_.restore();
        network_.lose_late();
        is_restored_ = true;
        has_backup_ = false;
      } else {
        back_up();
      }
      return;
    default:
      if (!allows_restore_) return;
      trace_.add("the server is dumped and reloaded");
      writers_.finish();
      server_.after_restore();
      return;
  }
}

void World::back_up() {
  trace_.add("the server is backed up");
  server_.back_up();
  has_backup_ = true;
}

void World::copy_device(Device& device) {
  if (!device.is_open() || device.is_syncing()) return;
  if (const auto outbox = read_outbox(device.database()); outbox.ok()) {
    std::set<std::string> uids;
    for (const auto& entry : *outbox) uids.insert(entry.uid);
    checks_.excuse(uids);
  }
  const auto name = "device" + std::to_string(++device_names_);
  trace_.add(name + " is a copy of " + device.name());
  auto copy = std::make_unique<Device>(Device::World{.clock = &clock_,
                                                     .network = &network_,
                                                     .trace = &trace_,
                                                     .verdict = &verdict_,
                                                     .mutant = options_.mutant},
                                       name, device.user(), random_.split());
  copy->copy_from(device);
  ++result_.devices;
  devices_.push_back(std::move(copy));
}

// Signing out deletes the file, with whatever was not sent.
void World::change_user(std::size_t at) {
  trace_.add(devices_[at]->name() + " is signed out");
  devices_.erase(devices_.begin() + static_cast<std::ptrdiff_t>(at));
  add_device(random_.of(users_));
}

// --- The end ------------------------------------------------------------------------------------

void World::settle() {
  trace_.add("everything works from here on");
  is_healed_ = true;
  server_.set_transient_errors(0);
  writers_.finish();
  if (is_restored_) server_.after_restore();
  is_restored_ = false;
  network_.heal();
  while (network_.has_late()) network_.deliver_late();
  for (auto& device : devices_) {
    device->disk().heal();
    device->abandon_round();
    if (device->disk().is_dead()) device->lose_power();
    if (!device->is_open()) open(*device);
  }
  for (int pass = 0; pass < kSettlingMax && !verdict_.failed(); ++pass) {
    if (settle_once()) {
      for (auto& device : devices_) checks_.converged(*device);
      return;
    }
  }
  verdict_.fail("I11", "the devices do not come to rest");
}

// True if no device had anything to do.
bool World::settle_once() {
  bool is_quiet = true;
  for (auto& device : devices_) {
    trace_.set_step(trace_.step() + 1);
    clock_.advance(kSecond);
    if (!device->is_open()) open(*device);
    if (!device->is_open() || verdict_.failed()) return false;
    const auto status = device->start_round();
    if (!status.ok()) {
      verdict_.fail("I11", device->name() + " can't sync: " + describe(status.error()));
      return false;
    }
    run_round(*device);
    // One question, and nothing new.
    if (device->round().requests != 1) is_quiet = false;
  }
  return is_quiet;
}

SeedResult run_seed(const SeedOptions& options) {
  register_vfs();
  device_template();  // Before the seed: it draws from SQLite's random numbers.
  seed_vfs(options.seed);
  World world(options);
  return world.run();
}

}  // namespace convoy::sim
