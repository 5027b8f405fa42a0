#include "platform/posix/shared_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>

#include "platform/posix/descriptor.h"

namespace convoy::platform {

Status replace_shared_file(const std::string& path, std::string_view content) {
  constexpr mode_t kOwnerOnly = 0600;
  const auto draft = path + ".new";
  const Descriptor file(
      ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, kOwnerOnly));
  if (!file.is_open()) return system_error(draft, "opening", errno);
  while (!content.empty()) {
    const auto written = ::write(file.number(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return system_error(draft, "writing", errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  if (std::rename(draft.c_str(), path.c_str()) != 0) return system_error(path, "replacing", errno);
  return ok_status();
}

std::optional<std::string> read_shared_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat info{};
  if (!file.is_open() || ::fstat(file.number(), &info) != 0 || !S_ISREG(info.st_mode)) {
    return std::nullopt;
  }
  std::string content(kSharedFileBytesMax + 1, '\0');
  std::size_t size = 0;
  while (size < content.size()) {
    const auto got = ::read(file.number(), content.data() + size, content.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > kSharedFileBytesMax) return std::nullopt;
  content.resize(size);
  return content;
}

}  // namespace convoy::platform
