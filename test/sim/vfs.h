// vfs.h: SQLite on simulated disks.
//
// One VFS, named kVfs, serves all devices; a path is "<disk>/<file>". Nothing real is behind it: no
// files, no time, no chance of the system's.
#pragma once

#include <cstdint>
#include <string>

#include "sim/disk.h"

namespace convoy::sim {

inline constexpr const char* kVfs = "convoy-sim";

// Makes the VFS SQLite's default, so that its own random numbers come from the seed as well.
void register_vfs();

// From here on SQLite's random numbers, and names without a disk, are those of this seed.
void seed_vfs(std::uint64_t seed);

// A disk under a name, for as long as this lives. Borrowed.
class MountedDisk {
 public:
  MountedDisk(std::string name, Disk& disk);
  MountedDisk(const MountedDisk&) = delete;
  MountedDisk& operator=(const MountedDisk&) = delete;
  ~MountedDisk();

 private:
  std::string name_;
};

}  // namespace convoy::sim
