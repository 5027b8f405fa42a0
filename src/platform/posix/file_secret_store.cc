#include "platform/posix/file_secret_store.h"

#include "platform/posix/file_lock.h"
#include "platform/posix/secret_file.h"

namespace convoy::platform {
namespace {

class Held final : public net::SecretStore::Lock {
 public:
  explicit Held(FileLock lock) : lock_(std::move(lock)) {}

 private:
  FileLock lock_;
};

}  // namespace

Result<std::optional<std::string>> FileSecretStore::load() { return read_secret_file(path_); }

Status FileSecretStore::save(std::string_view secret) { return write_secret_file(path_, secret); }

Status FileSecretStore::clear() { return remove_secret_file(path_); }

Result<std::unique_ptr<net::SecretStore::Lock>> FileSecretStore::lock(
    std::chrono::milliseconds wait_max, base::Cancellation* cancellation) {
  const auto slash = path_.rfind('/');
  if (slash != std::string::npos && slash != 0) {
    CONVOY_CHECK_OK(make_private_directory(path_.substr(0, slash)));
  }
  CONVOY_TRY(auto lock, FileLock::acquire(path_ + ".lock", wait_max, cancellation));
  return std::unique_ptr<Lock>(std::make_unique<Held>(std::move(lock)));
}

}  // namespace convoy::platform
