#include "platform/posix/secret_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>

#include "platform/posix/descriptor.h"

namespace convoy::platform {
namespace {

constexpr mode_t kOwnerOnlyFile = 0600;
constexpr mode_t kOwnerOnlyFolder = 0700;

Error io_error(std::string message, std::string hint) {
  return {.code = ErrorCode::Io, .message = std::move(message), .hint = std::move(hint)};
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string octal(mode_t mode) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "%04o", static_cast<unsigned>(mode & 07777U));
  return text.data();
}

Status check_secret(const std::string& path, int descriptor) {
  struct stat info{};
  if (::fstat(descriptor, &info) != 0) return system_error(path, "looking at it", errno);
  if (!S_ISREG(info.st_mode)) {
    return io_error(path + " is not a regular file", "move it away and sign in again");
  }
  if (info.st_uid != ::geteuid()) {
    return io_error(path + " belongs to another user", "move it away and sign in again");
  }
  // Tightening the mode silently would hide that the secret may have been read already.
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return io_error(
        path + " can be used by others (mode " + octal(info.st_mode) + ")",
        "run `chmod 600 " + path + "`; if others use this machine, sign out and in again as well");
  }
  if (info.st_size > static_cast<off_t>(kSecretFileBytesMax)) {
    return io_error(path + " is too large", "move it away and sign in again");
  }
  return ok_status();
}

// In a folder where everybody may write, anybody may put another file in place of this one.
Status check_folder(const std::string& folder, int descriptor) {
  struct stat info{};
  if (::fstat(descriptor, &info) != 0) return system_error(folder, "looking at it", errno);
  if ((info.st_mode & S_IWOTH) != 0 && (info.st_mode & S_ISVTX) == 0) {
    return io_error("everybody may write in " + folder + " (mode " + octal(info.st_mode) + ")",
                    "run `chmod 700 " + folder + "`, or choose another folder");
  }
  return ok_status();
}

Result<Descriptor> open_folder(const std::string& folder) {
  Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor.is_open()) return system_error(folder, "opening the folder", errno);
  return descriptor;
}

Status write_all(const std::string& path, int descriptor, std::string_view content) {
  while (!content.empty()) {
    const auto count = ::write(descriptor, content.data(), content.size());
    if (count < 0) {
      if (errno == EINTR) continue;
      return system_error(path, "writing", errno);
    }
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  if (::fsync(descriptor) != 0) return system_error(path, "writing to the disk", errno);
  return ok_status();
}

Status sync_folder(const std::string& folder, const Descriptor& descriptor) {
  // Some file systems can't do this for folders and say so; they keep the order by themselves.
  if (::fsync(descriptor.number()) != 0 && errno != EINVAL && errno != ENOTSUP) {
    return system_error(folder, "writing to the disk", errno);
  }
  return ok_status();
}

}  // namespace

Result<std::optional<std::string>> read_secret_file(const std::string& path) {
  const Descriptor descriptor(
      ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!descriptor.is_open()) {
    if (errno == ENOENT || errno == ENOTDIR) return std::optional<std::string>();
    if (errno == ELOOP) {
      return io_error(path + " is a symbolic link", "put the file itself there, or sign in again");
    }
    return system_error(path, "opening", errno);
  }
  CONVOY_CHECK_OK(check_secret(path, descriptor.number()));
  std::string content;
  std::array<char, 4096> chunk{};
  for (;;) {
    const auto count = ::read(descriptor.number(), chunk.data(), chunk.size());
    if (count < 0) {
      if (errno == EINTR) continue;
      return system_error(path, "reading", errno);
    }
    if (count == 0) return std::optional<std::string>(std::move(content));
    content.append(chunk.data(), static_cast<std::size_t>(count));
    if (content.size() > kSecretFileBytesMax) {
      return io_error(path + " is too large", "move it away and sign in again");
    }
  }
}

Status write_secret_file(const std::string& path, std::string_view content) {
  if (content.size() > kSecretFileBytesMax) {
    return Error{.code = ErrorCode::InvalidArgument, .message = path + ": the secret is too large"};
  }
  const std::string folder = folder_of(path);
  CONVOY_CHECK_OK(make_private_directory(folder));
  CONVOY_TRY(const Descriptor folder_descriptor, open_folder(folder));
  CONVOY_CHECK_OK(check_folder(folder, folder_descriptor.number()));

  // One name for all attempts, so that crashes do not leave a heap of secrets behind.
  const std::string draft = path + ".new";
  if (::unlink(draft.c_str()) != 0 && errno != ENOENT) {
    return system_error(draft, "removing an unfinished one", errno);
  }
  {
    const Descriptor file(::open(
        draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kOwnerOnlyFile));
    if (!file.is_open()) return system_error(draft, "creating", errno);
    const auto written = write_all(draft, file.number(), content);
    if (!written.ok()) {
      ::unlink(draft.c_str());
      return written.error();
    }
  }
  if (::rename(draft.c_str(), path.c_str()) != 0) {
    const int failure = errno;
    ::unlink(draft.c_str());
    return system_error(path, "putting the new file in place", failure);
  }
  return sync_folder(folder, folder_descriptor);
}

Status remove_secret_file(const std::string& path) {
  // An unfinished draft holds a secret as well.
  for (const std::string& name : {path, path + ".new"}) {
    if (::unlink(name.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR) {
      return system_error(name, "removing", errno);
    }
  }
  const std::string folder = folder_of(path);
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor.is_open()) return ok_status();  // Without a folder there is nothing to remove.
  return sync_folder(folder, descriptor);
}

Status make_private_directory(const std::string& path) {
  for (std::size_t end = 0; end != std::string::npos;) {
    end = path.find('/', end + 1);
    const std::string part = path.substr(0, end);
    if (::mkdir(part.c_str(), kOwnerOnlyFolder) == 0 || errno == EEXIST) continue;
    const int failure = errno;
    // A parent may lie on a file system that is read only; it only matters that it is there.
    struct stat info{};
    if (::stat(part.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) continue;
    return system_error(part, "making the folder", failure);
  }
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0) return system_error(path, "looking at it", errno);
  if (!S_ISDIR(info.st_mode)) return io_error(path + " is not a folder", "choose another folder");
  return ok_status();
}

}  // namespace convoy::platform
