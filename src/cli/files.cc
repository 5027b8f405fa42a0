#include "cli/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <istream>

#include "base/text.h"
#include "platform/posix/descriptor.h"

namespace convoy::cli {
namespace {

using platform::Descriptor;
using platform::system_error;

constexpr mode_t kUsualMode = 0666;  // Less the process's mask.

Status write_all(const std::string& path, const Descriptor& file, std::string_view content) {
  while (!content.empty()) {
    const auto count = ::write(file.number(), content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error(path, "writing", errno);
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  return ok_status();
}

Status write_draft(const std::string& draft, std::string_view content, const struct stat* old) {
  const Descriptor file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kUsualMode));
  if (!file.is_open()) return system_error(draft, "creating", errno);
  // Another's file keeps its mode where that is possible; it is no reason to write nothing.
  if (old != nullptr) static_cast<void>(::fchmod(file.number(), old->st_mode & 07777U));
  CONVOY_CHECK_OK(write_all(draft, file, content));
  // Else a crash could leave the new name with nothing behind it.
  if (::fsync(file.number()) != 0) return system_error(draft, "writing to the disk", errno);
  return ok_status();
}

bool has_content(const std::string& path, std::string_view content) {
  std::error_code failure;
  if (std::filesystem::file_size(path, failure) != content.size() || failure) return false;
  std::ifstream file(path, std::ios::binary);
  std::string old(content.size(), '\0');
  return file.read(old.data(), static_cast<std::streamsize>(old.size())) && old == content;
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::istream& in) {
  const bool is_stdin = path == "-";
  const std::string what = is_stdin ? "standard input" : "the file " + path;
  std::ifstream file;
  if (!is_stdin) {
    errno = 0;
    file.open(path, std::ios::binary);
    if (!file) return system_error(path, "opening", errno);
  }
  std::istream& stream = is_stdin ? in : file;
  std::string text;
  std::array<char, 65536> part{};
  while (text.size() <= kFileBytesMax && stream.good()) {
    stream.read(part.data(), part.size());
    text.append(part.data(), static_cast<std::size_t>(stream.gcount()));
  }
  // A folder opens, but can't be read.
  if (stream.bad()) return Error{.code = ErrorCode::Io, .message = "reading " + what + " failed"};
  if (text.size() > kFileBytesMax) {
    return Error{.code = ErrorCode::InvalidArgument,
                 .message = what + " is too large",
                 .hint = "At most " + std::to_string(kFileBytesMax) + " bytes are read."};
  }
  CONVOY_CHECK_OK(base::check_text(text, what));
  return text;
}

Status replace_file(const std::string& path, std::string_view content) {
  // What a link leads to is replaced, not the link.
  std::error_code ignored;
  auto target = std::filesystem::canonical(path, ignored).string();
  if (ignored) target = path;
  struct stat old{};
  const bool exists = ::stat(target.c_str(), &old) == 0;
  if (exists && S_ISREG(old.st_mode) && has_content(target, content)) return ok_status();
  if (exists && !S_ISREG(old.st_mode)) {
    const Descriptor file(::open(target.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file.is_open()) return system_error(path, "opening", errno);
    return write_all(path, file, content);
  }
  const auto draft = target + "." + std::to_string(::getpid()) + ".new";
  auto written = write_draft(draft, content, exists ? &old : nullptr);
  if (written.ok() && ::rename(draft.c_str(), target.c_str()) != 0) {
    written = system_error(path, "putting the new file in place", errno);
  }
  if (!written.ok()) ::unlink(draft.c_str());
  return written;
}

}  // namespace convoy::cli
