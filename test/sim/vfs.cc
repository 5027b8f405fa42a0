#include "sim/vfs.h"

#include <array>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <utility>
#include <vector>

#include <sqlite3.h>

namespace convoy::sim {
namespace {

// --- What connections share ---------------------------------------------------------------------

// Who has which lock of a database file, and its shared memory. Lives while a connection does.
struct Shared {
  int readers = 0;
  bool is_reserved = false;
  bool is_pending = false;
  bool is_exclusive = false;
  std::vector<std::unique_ptr<std::array<char, 32768>>> regions;
  std::array<int, SQLITE_SHM_NLOCK> shm_readers{};
  std::array<bool, SQLITE_SHM_NLOCK> shm_writer{};
};

struct Mount {
  Disk* disk = nullptr;
  std::map<std::string, std::weak_ptr<Shared>, std::less<>> shared;
};

std::map<std::string, Mount, std::less<>> mounts;
Random chance(0);
sqlite3_int64 julian_ms = 0;

struct File {
  sqlite3_file base;
  Disk* disk = nullptr;
  std::string name;
  std::shared_ptr<DiskFile> data;
  std::shared_ptr<Shared> shared;
  int lock = SQLITE_LOCK_NONE;
  unsigned shm_shared = 0;  // Bits of the locks this connection has.
  unsigned shm_exclusive = 0;
  bool deletes_on_close = false;
};

File& of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }

int result_of(DiskVerdict verdict, int failed) {
  switch (verdict) {
    case DiskVerdict::Done:
      return SQLITE_OK;
    case DiskVerdict::Full:
      return SQLITE_FULL;
    case DiskVerdict::Failed:
      return failed;
  }
  return failed;
}

// --- Reading and writing ------------------------------------------------------------------------

int read(sqlite3_file* handle, void* to, int amount, sqlite3_int64 offset) {
  auto& file = of(handle);
  if (file.disk->is_dead()) return SQLITE_IOERR_READ;
  const auto& content = file.data->content();
  const auto from = static_cast<std::size_t>(offset);
  const auto wanted = static_cast<std::size_t>(amount);
  const auto there = from < content.size() ? std::min(wanted, content.size() - from) : 0;
  if (there > 0) std::memcpy(to, content.data() + from, there);
  if (there == wanted) return SQLITE_OK;
  std::memset(static_cast<char*>(to) + there, 0, wanted - there);
  return SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* handle, const void* from, int amount, sqlite3_int64 offset) {
  auto& file = of(handle);
  const std::string_view data(static_cast<const char*>(from), static_cast<std::size_t>(amount));
  const auto at = static_cast<std::size_t>(offset);
  const auto verdict = file.disk->on_change(at + data.size() > file.data->content().size());
  if (verdict == DiskVerdict::Done) file.data->write(at, data);
  return result_of(verdict, SQLITE_IOERR_WRITE);
}

int truncate(sqlite3_file* handle, sqlite3_int64 size) {
  auto& file = of(handle);
  const auto verdict = file.disk->on_change(false);
  if (verdict == DiskVerdict::Done) file.data->truncate(static_cast<std::size_t>(size));
  return result_of(verdict, SQLITE_IOERR_TRUNCATE);
}

int sync(sqlite3_file* handle, int /*flags*/) {
  auto& file = of(handle);
  return result_of(file.disk->on_sync(*file.data), SQLITE_IOERR_FSYNC);
}

int file_size(sqlite3_file* handle, sqlite3_int64* size) {
  auto& file = of(handle);
  if (file.disk->is_dead()) return SQLITE_IOERR_FSTAT;
  *size = static_cast<sqlite3_int64>(file.data->content().size());
  return SQLITE_OK;
}

// --- Locks --------------------------------------------------------------------------------------

int unlock(sqlite3_file* handle, int level);

int lock(sqlite3_file* handle, int level) {
  auto& file = of(handle);
  auto& shared = *file.shared;
  if (file.lock >= level) return SQLITE_OK;
  if (level == SQLITE_LOCK_SHARED) {
    if (shared.is_pending || shared.is_exclusive) return SQLITE_BUSY;
    ++shared.readers;
  } else if (level == SQLITE_LOCK_RESERVED) {
    if (shared.is_reserved) return SQLITE_BUSY;
    shared.is_reserved = true;
  } else {
    const bool had_reserved = file.lock >= SQLITE_LOCK_RESERVED;
    if (!had_reserved && shared.is_reserved) return SQLITE_BUSY;
    if (shared.is_pending && file.lock < SQLITE_LOCK_PENDING) return SQLITE_BUSY;
    shared.is_reserved = true;
    shared.is_pending = true;
    if (file.lock < SQLITE_LOCK_PENDING) file.lock = SQLITE_LOCK_PENDING;
    if (shared.readers > 1) return SQLITE_BUSY;
    shared.is_exclusive = true;
  }
  file.lock = level;
  return SQLITE_OK;
}

int unlock(sqlite3_file* handle, int level) {
  auto& file = of(handle);
  auto& shared = *file.shared;
  if (file.lock <= level) return SQLITE_OK;
  if (file.lock >= SQLITE_LOCK_RESERVED) {
    shared.is_reserved = false;
    if (file.lock >= SQLITE_LOCK_PENDING) shared.is_pending = false;
    if (file.lock == SQLITE_LOCK_EXCLUSIVE) shared.is_exclusive = false;
  }
  if (level == SQLITE_LOCK_NONE) --shared.readers;
  file.lock = level;
  return SQLITE_OK;
}

int check_reserved_lock(sqlite3_file* handle, int* is_reserved) {
  *is_reserved = of(handle).shared->is_reserved ? 1 : 0;
  return SQLITE_OK;
}

int file_control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }

int sector_size(sqlite3_file*) { return static_cast<int>(kSector); }

// Sectors are written whole or not at all, and nothing around them changes.
int device_characteristics(sqlite3_file*) {
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE | SQLITE_IOCAP_UNDELETABLE_WHEN_OPEN;
}

// --- Shared memory ------------------------------------------------------------------------------

int shm_map(sqlite3_file* handle, int region, int size, int extend, volatile void** memory) {
  auto& regions = of(handle).shared->regions;
  *memory = nullptr;
  const auto index = static_cast<std::size_t>(region);
  while (regions.size() <= index) {
    if (extend == 0) return SQLITE_OK;
    regions.push_back(std::make_unique<std::array<char, 32768>>());
    regions.back()->fill(0);
  }
  if (static_cast<std::size_t>(size) > regions[index]->size()) return SQLITE_IOERR_SHMMAP;
  *memory = regions[index]->data();
  return SQLITE_OK;
}

int shm_lock(sqlite3_file* handle, int offset, int count, int flags) {
  auto& file = of(handle);
  auto& shared = *file.shared;
  for (int pass = 0; pass < 2; ++pass) {
    for (int i = offset; i < offset + count; ++i) {
      const auto slot = static_cast<std::size_t>(i);
      const auto bit = 1U << static_cast<unsigned>(i);
      const bool has_shared = (file.shm_shared & bit) != 0;
      const bool has_exclusive = (file.shm_exclusive & bit) != 0;
      if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        if (pass == 0) continue;
        if (has_shared) --shared.shm_readers[slot];
        if (has_exclusive) shared.shm_writer[slot] = false;
        file.shm_shared &= ~bit;
        file.shm_exclusive &= ~bit;
      } else if ((flags & SQLITE_SHM_SHARED) != 0) {
        if (has_shared) continue;
        if (shared.shm_writer[slot]) return SQLITE_BUSY;
        if (pass == 0) continue;
        ++shared.shm_readers[slot];
        file.shm_shared |= bit;
      } else {
        if (has_exclusive) continue;
        const int others = shared.shm_readers[slot] - (has_shared ? 1 : 0);
        if (shared.shm_writer[slot] || others > 0) return SQLITE_BUSY;
        if (pass == 0) continue;
        shared.shm_writer[slot] = true;
        file.shm_exclusive |= bit;
      }
    }
  }
  return SQLITE_OK;
}

void shm_barrier(sqlite3_file*) {}

int shm_unmap(sqlite3_file*, int /*delete_it*/) { return SQLITE_OK; }

int close(sqlite3_file* handle) {
  auto& file = of(handle);
  if (file.shared) {
    unlock(handle, SQLITE_LOCK_NONE);
    shm_lock(handle, 0, SQLITE_SHM_NLOCK, SQLITE_SHM_UNLOCK);
  }
  if (file.deletes_on_close && !file.disk->is_dead()) file.disk->remove(file.name);
  file.~File();
  return SQLITE_OK;
}

const sqlite3_io_methods* methods() {
  static const sqlite3_io_methods table = [] {
    sqlite3_io_methods m{};
    m.iVersion = 2;
    m.xClose = close;
    m.xRead = read;
    m.xWrite = write;
    m.xTruncate = truncate;
    m.xSync = sync;
    m.xFileSize = file_size;
    m.xLock = lock;
    m.xUnlock = unlock;
    m.xCheckReservedLock = check_reserved_lock;
    m.xFileControl = file_control;
    m.xSectorSize = sector_size;
    m.xDeviceCharacteristics = device_characteristics;
    m.xShmMap = shm_map;
    m.xShmLock = shm_lock;
    m.xShmBarrier = shm_barrier;
    m.xShmUnmap = shm_unmap;
    return m;
  }();
  return &table;
}

// --- The VFS ------------------------------------------------------------------------------------

Mount* mount_of(std::string_view path, std::string& name) {
  const auto slash = path.find('/');
  if (slash == std::string_view::npos) return nullptr;
  const auto found = mounts.find(path.substr(0, slash));
  if (found == mounts.end()) return nullptr;
  name = path.substr(slash + 1);
  return &found->second;
}

int open(sqlite3_vfs*, const char* path, sqlite3_file* handle, int flags, int* out_flags) {
  handle->pMethods = nullptr;
  std::string name;
  auto* mount = path == nullptr ? nullptr : mount_of(path, name);
  // Temporary files live in memory (pragma temp_store), and nothing else is asked for.
  if (mount == nullptr || mount->disk->is_dead()) return SQLITE_CANTOPEN;
  auto data = mount->disk->find(name);
  if (!data) {
    if ((flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
    const auto verdict = mount->disk->on_change(true);
    if (verdict != DiskVerdict::Done) return result_of(verdict, SQLITE_CANTOPEN);
    data = mount->disk->open(name);
  }
  auto* file = new (handle) File;
  file->disk = mount->disk;
  file->name = name;
  file->data = std::move(data);
  file->deletes_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
  if ((flags & SQLITE_OPEN_MAIN_DB) != 0) {
    auto& known = mount->shared[name];
    file->shared = known.lock();
    if (!file->shared) {
      file->shared = std::make_shared<Shared>();
      known = file->shared;
    }
  }
  file->base.pMethods = methods();
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int remove(sqlite3_vfs*, const char* path, int /*sync_folder*/) {
  std::string name;
  auto* mount = mount_of(path, name);
  if (mount == nullptr || !mount->disk->find(name)) return SQLITE_IOERR_DELETE_NOENT;
  const auto verdict = mount->disk->on_change(false);
  if (verdict == DiskVerdict::Done) mount->disk->remove(name);
  return result_of(verdict, SQLITE_IOERR_DELETE);
}

int access(sqlite3_vfs*, const char* path, int /*flags*/, int* exists) {
  std::string name;
  auto* mount = mount_of(path, name);
  if (mount != nullptr && mount->disk->is_dead()) return SQLITE_IOERR_ACCESS;
  *exists = mount != nullptr && mount->disk->find(name) ? 1 : 0;
  return SQLITE_OK;
}

int full_pathname(sqlite3_vfs*, const char* path, int size, char* out) {
  sqlite3_snprintf(size, out, "%s", path);
  return SQLITE_OK;
}

int randomness(sqlite3_vfs*, int size, char* out) {
  chance.fill({reinterpret_cast<std::uint8_t*>(out), static_cast<std::size_t>(size)});
  return size;
}

int sleep(sqlite3_vfs*, int microseconds) { return microseconds; }

int current_time(sqlite3_vfs*, sqlite3_int64* now) {
  *now = julian_ms;
  return SQLITE_OK;
}

int current_time_days(sqlite3_vfs*, double* now) {
  *now = static_cast<double>(julian_ms) / 86'400'000.0;
  return SQLITE_OK;
}

int last_error(sqlite3_vfs*, int, char*) { return 0; }

}  // namespace

void register_vfs() {
  static sqlite3_vfs vfs = [] {
    sqlite3_vfs v{};
    v.iVersion = 2;
    v.szOsFile = sizeof(File);
    v.mxPathname = 256;
    v.zName = kVfs;
    v.xOpen = open;
    v.xDelete = remove;
    v.xAccess = access;
    v.xFullPathname = full_pathname;
    v.xRandomness = randomness;
    v.xSleep = sleep;
    v.xCurrentTime = current_time_days;
    v.xGetLastError = last_error;
    v.xCurrentTimeInt64 = current_time;
    return v;
  }();
  sqlite3_vfs_register(&vfs, 1);
}

void seed_vfs(std::uint64_t seed) {
  chance = Random(seed);
  julian_ms = 0;
  sqlite3_randomness(0, nullptr);
}

MountedDisk::MountedDisk(std::string name, Disk& disk) : name_(std::move(name)) {
  mounts[name_].disk = &disk;
}

MountedDisk::~MountedDisk() { mounts.erase(name_); }

}  // namespace convoy::sim
