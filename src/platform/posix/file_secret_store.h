// file_secret_store.h: a secret in a file, shared by the processes of one user.
#pragma once

#include <string>
#include <utility>

#include "net/secret_store.h"

namespace convoy::platform {

// Keeps the secret in `path` (see secret_file.h) and locks `path` + ".lock" beside it.
// Thread-safety: thread-safe.
class FileSecretStore final : public net::SecretStore {
 public:
  explicit FileSecretStore(std::string path) : path_(std::move(path)) {}

  Result<std::optional<std::string>> load() override;
  Status save(std::string_view secret) override;
  Status clear() override;
  Result<std::unique_ptr<Lock>> lock(std::chrono::milliseconds wait_max,
                                     base::Cancellation* cancellation) override;

 private:
  std::string path_;
};

}  // namespace convoy::platform
