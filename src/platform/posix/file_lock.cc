#include "platform/posix/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <thread>
#include <utility>

#include "platform/posix/descriptor.h"

namespace convoy::platform {
namespace {

constexpr std::chrono::milliseconds kPollFirst{1};
constexpr std::chrono::milliseconds kPollMax{50};

}  // namespace

Result<FileLock> FileLock::acquire(const std::string& path, std::chrono::milliseconds wait_max,
                                   base::Cancellation* cancellation) {
  constexpr mode_t kOwnerOnly = 0600;
  const int number = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kOwnerOnly);
  if (number < 0) return system_error(path, "opening the lock file", errno);
  FileLock lock(number);

  // The system can wait for a lock by itself, but not up to a deadline and not until cancelled.
  const auto deadline = std::chrono::steady_clock::now() + wait_max;
  auto pause = kPollFirst;
  while (::flock(number, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return system_error(path, "locking", errno);
    if (cancellation != nullptr && cancellation->is_cancelled()) {
      return Error{.code = ErrorCode::Cancelled, .message = "cancelled while waiting for " + path};
    }
    if (std::chrono::steady_clock::now() >= deadline) {
      return Error{.code = ErrorCode::Busy,
                   .message = "another process holds " + path,
                   .hint = "wait until it has finished, and try again"};
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, kPollMax);
  }
  return lock;
}

bool FileLock::is_held(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  return file.is_open() && ::flock(file.number(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

// The file stays: removing it would let two holders lock two files of one name.
FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace convoy::platform
