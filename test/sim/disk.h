// disk.h: a device's disk in memory, which knows what has been synced and what has not.
//
// A write is in the file at once, as the system's cache has it, but survives a loss of power only
// if the file was synced since. Of the rest a random part survives, sector by sector: some of what
// was written last may be there while what was written before it is not. That is what the worst
// disks do that are still honest about fsync.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/random.h"

namespace convoy::sim {

inline constexpr std::size_t kSector = 512;

// What becomes of one access to the disk.
enum class DiskVerdict { Done, Failed, Full };

// One file.
class DiskFile {
 public:
  [[nodiscard]] const std::string& content() const { return content_; }

  // REQUIRES: the file is at least this large.
  void write(std::size_t offset, std::string_view data);
  void truncate(std::size_t size);

  void sync() { unsynced_.clear(); }

  // Keeps what was synced, and a random part of the rest.
  void lose_power(Random& random);

  // All of it is on disk.
  void set_content(std::string content);

 private:
  // How to take back one change of `content_`.
  struct Change {
    std::size_t offset = 0;
    std::size_t size = 0;  // Bytes written.
    std::string before;    // What was there, as far as the file reached.
    std::size_t size_before = 0;
    bool is_truncation = false;
  };

  std::string content_;
  std::vector<Change> unsynced_;
};

class Disk {
 public:
  explicit Disk(Random random) : random_(random) {}

  // Null if there is none.
  std::shared_ptr<DiskFile> find(const std::string& name);
  std::shared_ptr<DiskFile> open(const std::string& name);  // Makes it if need be.
  void remove(const std::string& name);

  // --- Faults ---

  // Power goes at the n-th change from now; everything fails from then on.
  void cut_power_after(std::int64_t changes) { power_left_ = changes; }

  // The n-th change from now fails, once.
  void fail_after(std::int64_t changes) { until_failure_ = changes; }

  // Files can't grow while it is.
  void set_full(bool yes) { is_full_ = yes; }

  // Answers that all is on disk, and does nothing: for the mutant that must be caught.
  void lie_about_sync(bool yes) { lies_about_sync_ = yes; }

  [[nodiscard]] bool is_dead() const { return is_dead_; }

  void kill() { is_dead_ = true; }

  // What comes back after the power: files without what they lost. No file may be open.
  void restart();
  // The same when only the program died: the system's cache is intact.
  void restart_program();
  // No faults from now on.
  void heal();

  // Whoever changes a file asks first.
  DiskVerdict on_change(bool grows);
  DiskVerdict on_sync(DiskFile& file);

  // Files as they are now, as a copy of the folder has them.
  [[nodiscard]] std::map<std::string, std::string> copy() const;
  void restore(const std::map<std::string, std::string>& files);

  Random& random() { return random_; }

 private:
  Random random_;
  std::map<std::string, std::shared_ptr<DiskFile>> files_;
  std::int64_t power_left_ = -1;
  std::int64_t until_failure_ = -1;
  bool is_full_ = false;
  bool is_dead_ = false;
  bool lies_about_sync_ = false;
};

}  // namespace convoy::sim
