// device.h: one device: the real client from the database down to SQLite and up to PostgREST's
// errors, on a simulated disk, clock, network and source of chance.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "convoy/database.h"
#include "remote/supabase_remote.h"
#include "sim/clock.h"
#include "sim/device_state.h"
#include "sim/disk.h"
#include "sim/history.h"
#include "sim/mutants.h"
#include "sim/network.h"
#include "sim/vfs.h"
#include "sim/violation.h"
#include "store/replica.h"
#include "supabase/auth.h"
#include "sync/engine.h"

namespace convoy::sim {

// Where a device keeps who is signed in. Survives everything but signing out.
class MemorySecretStore final : public net::SecretStore {
 public:
  Result<std::optional<std::string>> load() override { return secret_; }

  Status save(std::string_view secret) override {
    secret_ = secret;
    return ok_status();
  }

  Status clear() override {
    secret_.reset();
    return ok_status();
  }

  Result<std::unique_ptr<Lock>> lock(std::chrono::milliseconds, base::Cancellation*) override {
    return std::make_unique<Lock>();
  }

 private:
  std::optional<std::string> secret_;
};

// What a first opening makes, but for the client id. Made once: SQLite takes longer for it than for
// the rest of many a seed.
struct DeviceTemplate {
  std::map<std::string, std::string> files;
  std::string client_id;
};

const DeviceTemplate& device_template();

// What is known of the round under way, or of the last one.
struct RoundLog {
  int requests = 0;
  bool is_disturbed = false;  // Something between device and server went wrong.
  // The last exchange was a window of one page: what the device has then is one state of the
  // server.
  bool is_whole = false;
  bool had_failure_of_disk = false;
};

class Device {
 public:
  struct World {  // Borrowed.
    WorldClock* clock = nullptr;
    Network* network = nullptr;
    Trace* trace = nullptr;
    Verdict* verdict = nullptr;
    Mutant mutant = Mutant::None;
  };

  Device(const World& world, std::string name, std::string user, Random random);
  ~Device();
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }

  [[nodiscard]] const std::string& user() const { return user_; }

  [[nodiscard]] bool is_open() const { return database_.has_value(); }

  // Starts the program. Errors: Database::open's.
  Status open();
  // Ends it as a user does.
  void close();
  // Ends it as `kill -9` does; the system's cache of the disk stays.
  void kill();
  // The same with the power, and with what the disk had not synced.
  void lose_power();

  // REQUIRES: it is open.
  Database& database() { return *database_; }

  // A transaction of the user's.
  Status write(const std::function<Status(Writer&)>& work);

  // --- A round of sync, in steps ---

  [[nodiscard]] bool is_syncing() const { return engine_ != nullptr; }

  Status start_round();
  // True while there is more to do.
  bool step_round();
  Result<sync::machine::Progress> finish_round();

  void abandon_round() { engine_.reset(); }

  [[nodiscard]] const RoundLog& round() const { return round_; }

  // Takes over another device's disk and session, as a copy of its files does.
  void copy_from(Device& other);

  Disk& disk() { return disk_; }

  DeviceClock& clock() { return clock_; }

  Random& random() { return random_; }

  // All that was ever in its outbox.
  [[nodiscard]] const History& history() const { return history_; }

  // The conflicts it was told of, as each was told last.
  [[nodiscard]] const std::map<std::string, KeptConflict>& told() const { return told_; }

  // Follows what became of the outbox (I4).
  void note(const std::vector<OutboxEntry>& outbox);

  // One of several copies of one file: what it sends may be sent by its twin as well.
  [[nodiscard]] bool has_twin() const { return has_twin_; }

  void set_has_twin() { has_twin_ = true; }

  // Ids of tasks its user made, some of which are gone by now.
  std::vector<std::string> made;

  // For the checks: what was seen at the last look.
  struct Memory {
    std::string epoch;
    std::map<Key, std::int64_t> revisions;
    std::map<std::string, DeviceScope> scopes;
  };

  Memory memory;

 private:
  void start_from_template();
  void build_program();
  void drop_program();
  void sign_in();
  void note_outbox();
  void note_told(const std::vector<schema::Conflict>& conflicts);

  World world_;
  std::string name_;
  std::string user_;
  Random random_;
  DeviceClock clock_;
  Disk disk_;
  MountedDisk mounted_;
  MemorySecretStore secrets_;
  SimTransport transport_;
  supabase::Project project_;

  std::optional<Database> database_;
  std::optional<supabase::Auth> auth_;
  std::optional<supabase::Rest> rest_;
  std::optional<remote::SupabaseRemote> remote_;
  std::optional<store::Replica> replica_;
  std::unique_ptr<sync::Engine> engine_;

  RoundLog round_;
  History history_;
  std::map<std::string, KeptConflict> told_;
  bool has_twin_ = false;
};

}  // namespace convoy::sim
