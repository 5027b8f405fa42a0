#include "sim/device.h"

#include <utility>

#include "base/uuid.h"
#include "sim/mutant_engine.h"

namespace convoy::sim {
namespace {

constexpr std::string_view kApiKey = "sb_publishable_0123456789";
constexpr const char* kFile = "convoy.db";

}  // namespace

const DeviceTemplate& device_template() {
  static const auto image = [] {
    constexpr const char* kName = "template";
    DeviceTemplate result;
    WorldClock clock;
    Random random(0);
    result.client_id = base::uuid_v4(random);  // The first that the opening draws as well.
    random = Random(0);
    Disk disk((Random(0)));
    const MountedDisk mounted(kName, disk);
    {
      const auto database = Database::open({.path = std::string(kName) + "/" + kFile,
                                            .vfs = kVfs,
                                            .schema = device_schema(),
                                            .clock = &clock,
                                            .random = &random});
      if (!database.ok()) return result;
    }
    result.files = disk.copy();
    return result;
  }();
  return image;
}

Device::Device(const World& world, std::string name, std::string user, Random random)
    : world_(world),
      name_(std::move(name)),
      user_(std::move(user)),
      random_(random),
      clock_(*world.clock),
      disk_(random_.split()),
      mounted_(name_, disk_),
      transport_(*world.network, name_),
      project_(*supabase::Project::create(kProjectUrl, kApiKey)) {
  disk_.lie_about_sync(world.mutant == Mutant::SyncLies);
  // Now and then from nothing, so that the making is put to the test as well.
  if (!random_.one_in(8)) start_from_template();
  sign_in();
  transport_.on_exchange([this](const Exchange& exchange) {
    ++round_.requests;
    round_.is_disturbed = round_.is_disturbed || exchange.is_disturbed;
    const auto* more = exchange.reply.find("more");
    round_.is_whole = exchange.function == "convoy_pull" && more != nullptr &&
                      more->boolean() != nullptr && !*more->boolean() &&
                      exchange.request.find("after") == nullptr;
  });
}

Device::~Device() { drop_program(); }

void Device::sign_in() {
  const auto [access, refresh] = world_.network->sign_in(user_);
  const auto now = clock_.now_ms();
  static_cast<void>(
      secrets_.save(supabase::encode_session({.access_token = access,
                                              .refresh_token = refresh,
                                              .obtained_at_ms = now,
                                              .expires_at_ms = now + kHour,
                                              .user_id = user_,
                                              .email = user_ + "@example.com",
                                              .project_url = std::string(kProjectUrl)})));
}

Status Device::open() {
  CONVOY_TRY(auto database, Database::open({.path = name_ + "/" + kFile,
                                            .vfs = kVfs,
                                            .schema = device_schema(),
                                            .project = std::string(kProjectUrl),
                                            .user = user_,
                                            .clock = &clock_,
                                            .random = &random_}));
  database_.emplace(std::move(database));
  build_program();
  note_outbox();
  return ok_status();
}

void Device::start_from_template() {
  const auto& image = device_template();
  auto files = image.files;
  auto& file = files[kFile];
  const auto at = file.find(image.client_id);
  if (at == std::string::npos) return;
  file.replace(at, image.client_id.size(), base::uuid_v4(random_));
  disk_.restore(files);
}

void Device::build_program() {
  auth_.emplace(project_, transport_, secrets_, clock_);
  rest_.emplace(project_, transport_, &*auth_, clock_);
  remote_.emplace(*rest_, user_);
  replica_.emplace(*database_);
}

void Device::drop_program() {
  engine_.reset();
  replica_.reset();
  remote_.reset();
  rest_.reset();
  auth_.reset();
  database_.reset();
}

void Device::close() { drop_program(); }

void Device::kill() {
  disk_.kill();
  drop_program();
  disk_.restart_program();
}

void Device::lose_power() {
  disk_.kill();
  drop_program();
  disk_.restart();
}

Status Device::write(const std::function<Status(Writer&)>& work) {
  auto status = database_->write(work);
  note_outbox();
  return status;
}

// What can't be read now is noted at the next opening: until then nothing happens to it.
void Device::note_outbox() {
  const auto outbox = read_outbox(*database_);
  if (outbox.ok()) note(*outbox);
}

void Device::note(const std::vector<OutboxEntry>& outbox) {
  if (auto problem = history_.note(outbox)) world_.verdict->fail("I4", name_ + ": " + *problem);
}

void Device::note_told(const std::vector<schema::Conflict>& conflicts) {
  for (const auto& conflict : conflicts) {
    const auto where = conflict.table + " " + conflict.id + " " + conflict.column;
    told_[where] = {
        .where = where, .client = conflict.client.dump(), .server = conflict.server.dump()};
  }
}

Status Device::start_round() {
  round_ = {};
  engine_ = std::make_unique<MutantEngine>(
      world_.mutant, *replica_, device_schema(), *remote_, clock_, random_, *database_,
      MutantEngine::Notes{.prepared = [this] { note_outbox(); },
                          .told = [this](const auto& conflicts) { note_told(conflicts); }});
  auto status = engine_->start();
  if (!status.ok()) engine_.reset();
  return status;
}

bool Device::step_round() {
  if (engine_->is_at_work()) engine_->step();
  return engine_->is_at_work();
}

Result<sync::machine::Progress> Device::finish_round() {
  auto result = engine_->finish();
  engine_.reset();
  return result;
}

void Device::copy_from(Device& other) {
  drop_program();
  disk_.restore(other.disk_.copy());
  history_ = other.history_;
  told_ = other.told_;
  has_twin_ = true;
  other.has_twin_ = true;
  memory = other.memory;
}

}  // namespace convoy::sim
