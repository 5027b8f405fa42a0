// client_impl.h: what is behind `Client`.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "client/home.h"
#include "client/state_board.h"
#include "convoy/client.h"
#include "platform/posix/curl_transport.h"
#include "platform/posix/file_lock.h"
#include "platform/posix/file_secret_store.h"
#include "platform/posix/posix_clock.h"
#include "platform/posix/posix_random.h"
#include "platform/posix/web_socket.h"
#include "store/replica.h"
#include "supabase/auth.h"
#include "sync/machine/scheduler.h"

namespace convoy {

namespace client {
class Background;
class StatusFeed;
}  // namespace client

class ClientImpl {
 public:
  static Result<std::unique_ptr<ClientImpl>> open(ClientOptions options);
  ~ClientImpl();

  Status configure(const ProjectInfo& project);
  Result<UserInfo> sign_up(const std::string& email, const std::string& password);
  Result<UserInfo> sign_in(const std::string& email, const std::string& password);
  Status sign_out(PendingWork pending);
  Result<Database*> database();
  Result<store::Replica> replica();

  Result<SyncReport> sync(const SyncOptions& options);
  Result<VerificationReport> verify(const VerifyOptions& options);
  Status await_synced(const AwaitOptions& options);

  Status start(const BackgroundOptions& options);
  void stop();
  Status sync_now();
  void pause();
  void resume();
  void set_metered(bool is_metered);

  enum class Detail { All, WithoutTables };
  Result<SyncStatus> status(Detail detail);
  StatusSubscription observe_status(std::function<void(const Result<SyncStatus>&)> on_change,
                                    Executor* deliver_on);

  // --- Asking the server, see client_server.cc

  // One of its functions, as the user of this home.
  Result<base::Json> call(std::string_view function, base::Json request,
                          base::Cancellation* cancellation = nullptr);
  // A plain read of one of the project's tables, as the user of this home.
  Result<base::Json> read_rows(std::string_view table,
                               const std::vector<std::pair<std::string, std::string>>& parameters);
  // With the project's key alone.
  Result<base::Json> call_anonymously(std::string_view function, base::Json request);
  // As the project's owner.
  Result<base::Json> call_as_owner(std::string_view function, base::Json request,
                                   const std::string& secret_key);

  // Tells the server of this device; keeps its name if `name` is empty.
  Result<ServerInfo> hello(const std::string& name, base::Cancellation* cancellation = nullptr);

  // --- For the client's own threads

  // The project's authentication, made for one operation: another process may have run `init`
  // meanwhile.
  struct Access {
    client::HomeConfig config;
    std::unique_ptr<supabase::Auth> auth;
  };

  // All that syncing a file takes. While it lives, no other process syncs the file.
  struct Tenure {
    std::shared_ptr<platform::FileLock> lease;
    Access access;
    Database* database = nullptr;
    std::string database_path;
  };

  // Errors: NotConfigured, SignInRequired, SyncRunning, and those of Database::open.
  Result<Tenure> take_over();

  struct Round {
    sync::machine::Cause cause = sync::machine::Cause::User;
    std::function<void(const SyncProgress&)> on_progress;
    std::function<void()> on_reached;  // The server has answered for the first time.
    base::Cancellation* cancellation = nullptr;
  };

  struct RoundResult {
    Result<SyncReport> report;
    std::optional<std::chrono::milliseconds> retry_after;
  };

  // One at a time; waits for its turn.
  RoundResult run_round(Tenure& tenure, const Round& round);

  // Compares with the server what a round has left, in the same turn as rounds.
  Result<VerificationReport> run_verification(Tenure& tenure, const VerifyOptions& options);

  // Where the database of the user of this home is; nothing if nobody's is here.
  [[nodiscard]] std::optional<std::string> database_path() const;
  // Changes whenever config or session, or what a syncing process says, may have.
  [[nodiscard]] std::string outside_signature() const;

  [[nodiscard]] client::StateBoard& board() { return board_; }

  [[nodiscard]] base::Clock& clock() const { return *clock_; }

  [[nodiscard]] base::Random& random() const { return *random_; }

  [[nodiscard]] net::WebSocketConnector& sockets() const { return *sockets_; }

 private:
  ClientImpl(ClientOptions options, client::Home home);

  Result<Access> connect();
  Result<UserInfo> adopt_session(Access connection, const supabase::Session& session);
  Status sign_out_quietly(PendingWork pending);
  Status remove_database();
  Result<std::shared_ptr<platform::FileLock>> lease(const std::string& database_path);
  Status check_somebody_syncs();
  static Result<bool> has_arrived(store::Replica& replica, SyncTier tier,
                                  const std::vector<std::int64_t>& awaited);
  Status check_not_stuck(store::Replica& replica);
  Status add_local_facts(SyncStatus& status, Detail detail);

  // Constant after construction.
  ClientOptions options_;
  client::Home home_;
  platform::PosixClock posix_clock_;
  platform::PosixRandom posix_random_;
  platform::CurlTransport curl_;
  platform::WebSocketClient web_sockets_;
  platform::FileSecretStore session_store_;
  base::Clock* clock_;
  base::Random* random_;
  net::HttpTransport* transport_;
  net::WebSocketConnector* sockets_;

  std::mutex opening_;
  std::optional<Database> database_;  // Guarded by opening_ until it is set; constant from then on.

  std::mutex leasing_;
  std::weak_ptr<platform::FileLock> lease_;  // Shared by all that sync in this process.
  std::mutex round_;

  client::StateBoard board_;
  std::mutex helpers_;                              // Guards the making of the two below.
  std::unique_ptr<client::StatusFeed> feed_;        // Made at the first observer.
  std::unique_ptr<client::Background> background_;  // Last: it uses all else.
};

}  // namespace convoy
