// client_impl.h: what is behind `Client`.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "client/home.h"
#include "convoy/client.h"
#include "platform/posix/curl_transport.h"
#include "platform/posix/file_secret_store.h"
#include "platform/posix/posix_clock.h"
#include "platform/posix/posix_random.h"
#include "store/replica.h"
#include "supabase/auth.h"

namespace convoy {

class ClientImpl {
 public:
  static Result<std::unique_ptr<ClientImpl>> open(ClientOptions options);

  Status configure(const ProjectInfo& project);
  Result<UserInfo> sign_up(const std::string& email, const std::string& password);
  Result<UserInfo> sign_in(const std::string& email, const std::string& password);
  Status sign_out(PendingWork pending);
  Result<Database*> database();
  Result<SyncReport> sync(const SyncOptions& options);
  Result<SyncStatus> status();
  Result<store::Replica> replica();

 private:
  // The project's authentication, made for one operation: another process may have run `init`
  // meanwhile.
  struct Connection {
    client::HomeConfig config;
    std::unique_ptr<supabase::Auth> auth;
  };

  ClientImpl(ClientOptions options, client::Home home);

  Result<Connection> connect();
  Result<UserInfo> adopt_session(Connection connection, const supabase::Session& session);
  Status remove_database();

  // Constant after construction.
  ClientOptions options_;
  client::Home home_;
  platform::PosixClock posix_clock_;
  platform::PosixRandom posix_random_;
  platform::CurlTransport curl_;
  platform::FileSecretStore session_store_;
  base::Clock* clock_;
  base::Random* random_;
  net::HttpTransport* transport_;

  std::mutex opening_;
  std::optional<Database> database_;  // Guarded by opening_ until it is set; constant from then on.
};

}  // namespace convoy
