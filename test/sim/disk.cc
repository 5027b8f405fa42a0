#include "sim/disk.h"

#include <algorithm>
#include <utility>

namespace convoy::sim {

void DiskFile::write(std::size_t offset, std::string_view data) {
  const auto old_size = content_.size();
  const auto covered = offset < old_size ? std::min(data.size(), old_size - offset) : 0;
  unsynced_.push_back({.offset = offset,
                       .size = data.size(),
                       .before = content_.substr(std::min(offset, old_size), covered),
                       .size_before = old_size});
  if (offset + data.size() > old_size) {
    if (offset + data.size() > content_.capacity()) content_.reserve(2 * (offset + data.size()));
    content_.resize(offset + data.size());
  }
  data.copy(content_.data() + offset, data.size());
}

void DiskFile::truncate(std::size_t size) {
  if (size >= content_.size()) return;
  unsynced_.push_back({.offset = size,
                       .size = 0,
                       .before = content_.substr(size),
                       .size_before = content_.size(),
                       .is_truncation = true});
  content_.resize(size);
}

void DiskFile::set_content(std::string content) {
  content_ = std::move(content);
  unsynced_.clear();
}

void DiskFile::lose_power(Random& random) {
  // Back to what was synced, remembering what each change had written …
  std::vector<std::string> written(unsynced_.size());
  for (std::size_t i = unsynced_.size(); i-- > 0;) {
    const auto& change = unsynced_[i];
    if (!change.is_truncation) written[i] = content_.substr(change.offset, change.size);
    content_.resize(change.size_before);
    change.before.copy(content_.data() + std::min(change.offset, content_.size()),
                       change.before.size());
  }
  // … and forwards again with what happened to reach the disk.
  for (std::size_t i = 0; i < unsynced_.size(); ++i) {
    const auto& change = unsynced_[i];
    if (change.is_truncation) {
      if (random.one_in(2) && content_.size() > change.offset) content_.resize(change.offset);
      continue;
    }
    for (std::size_t at = 0; at < written[i].size();) {
      const auto end_of_sector = ((change.offset + at) / kSector + 1) * kSector;
      const auto size = std::min(written[i].size() - at, end_of_sector - change.offset - at);
      if (random.one_in(2)) {
        const auto offset = change.offset + at;
        if (content_.size() < offset + size) content_.resize(offset + size);
        written[i].copy(content_.data() + offset, size, at);
      }
      at += size;
    }
  }
  unsynced_.clear();
}

std::shared_ptr<DiskFile> Disk::find(const std::string& name) {
  const auto found = files_.find(name);
  return found == files_.end() ? nullptr : found->second;
}

std::shared_ptr<DiskFile> Disk::open(const std::string& name) {
  auto& file = files_[name];
  if (!file) file = std::make_shared<DiskFile>();
  return file;
}

void Disk::remove(const std::string& name) { files_.erase(name); }

void Disk::restart() {
  for (auto& [name, file] : files_) file->lose_power(random_);
  restart_program();
}

void Disk::restart_program() {
  is_dead_ = false;
  power_left_ = -1;
}

void Disk::heal() {
  power_left_ = -1;
  until_failure_ = -1;
  is_full_ = false;
}

DiskVerdict Disk::on_change(bool grows) {
  if (is_dead_) return DiskVerdict::Failed;
  if (power_left_ >= 0 && power_left_-- == 0) {
    is_dead_ = true;
    return DiskVerdict::Failed;
  }
  if (until_failure_ >= 0 && until_failure_-- == 0) return DiskVerdict::Failed;
  if (is_full_ && grows) return DiskVerdict::Full;
  return DiskVerdict::Done;
}

DiskVerdict Disk::on_sync(DiskFile& file) {
  const auto verdict = on_change(false);
  if (verdict == DiskVerdict::Done && !lies_about_sync_) file.sync();
  return verdict;
}

std::map<std::string, std::string> Disk::copy() const {
  std::map<std::string, std::string> result;
  for (const auto& [name, file] : files_) result.emplace(name, file->content());
  return result;
}

void Disk::restore(const std::map<std::string, std::string>& files) {
  files_.clear();
  for (const auto& [name, content] : files) open(name)->set_content(content);
}

}  // namespace convoy::sim
