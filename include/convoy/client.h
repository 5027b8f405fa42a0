// client.h: one device of one person: the local database, the session and sync, put together. Owned
// by the layer `client`.
//
// A client lives in a folder, its home: the project's address and key (config.json), the session
// (session.json, mode 0600), and one database file for each (project, user). Thread-safety:
// thread-compatible, except that `database()` may be used from any thread while `sync` runs in
// another. Several processes may share one home; one of them syncs at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "convoy/database.h"
#include "convoy/migration.h"
#include "convoy/result.h"
#include "convoy/schema.h"

namespace convoy {

namespace base {
class Cancellation;
class Clock;
class Random;
}  // namespace base

namespace net {
class HttpTransport;
}

struct ClientOptions {
  std::string home;  // Made with mode 0700 if it is not there.
  Schema schema;
  Migrations migrations;  // As DatabaseOptions has them.
  MissingMigration on_missing_migration = MissingMigration::Refuse;
  // Borrowed; null means the real one. Tests put simulated ones here.
  base::Clock* clock = nullptr;
  base::Random* random = nullptr;
  net::HttpTransport* transport = nullptr;
};

struct ProjectInfo {
  std::string url;  // "https://<ref>.supabase.co", without a slash at the end.
  std::string
      api_key;  // The publishable key, or the legacy anon key. Never a secret or service_role key.
};

struct UserInfo {
  std::string id;
  std::string email;
};

enum class SyncPhase { SigningIn, Pushing, Pulling, BackFilling, Done };

struct SyncProgress {
  SyncPhase phase = SyncPhase::SigningIn;
  std::int64_t rows_received = 0;
  std::int64_t rows_expected = 0;  // 0: not known. An upper bound.
  std::int64_t mutations_sent = 0;
  std::int64_t mutations_expected = 0;
};

struct SyncOptions {
  // Called from inside `sync`, on its thread, after every page and push. Null: nobody is told.
  std::function<void(const SyncProgress&)> on_progress;
  base::Cancellation* cancellation = nullptr;  // Borrowed.
};

// What one sync did.
struct SyncReport {
  std::int64_t rows_received = 0;  // Put in or removed.
  std::int64_t mutations_sent = 0;
  std::int64_t conflicts = 0;  // Settled by their rules in this sync; see `conflicts()`.
  std::int64_t parked = 0;     // Mutations refused in this sync; see `queue()`.
  std::int64_t scopes_gained = 0;
  std::int64_t scopes_lost = 0;
  std::int64_t bytes_up = 0;
  std::int64_t bytes_down = 0;
  std::int64_t requests = 0;
};

struct LastSync {
  std::int64_t finished_at_ms = 0;
  std::string error_code;  // Empty: it went well. Else an ErrorCode's name.
  std::string error_message;
};

// How things stand on this device. Reads local data only.
struct SyncStatus {
  std::optional<ProjectInfo> project;
  std::optional<UserInfo> user;  // Whose data is here; stays when the session ends, until sign-out.
  bool is_signed_in =
      false;  // There is a session; whether the server still honours it shows at the next sync.
  std::string database_path;
  std::int64_t rows = 0;
  std::int64_t pending = 0;  // Mutations that no pull has confirmed yet.
  std::int64_t parked = 0;
  std::int64_t conflicts = 0;
  std::int64_t scopes = 0;
  std::int64_t scopes_backfilling = 0;
  std::optional<std::int64_t> oldest_pending_ms;
  std::optional<LastSync> last_sync;
  std::optional<std::int64_t> last_success_ms;
};

// A local transaction that is not confirmed yet, or was refused.
struct QueueEntry {
  std::int64_t number = 0;  // Local order.
  std::string state;        // "pending", "sending", "sent" or "parked".
  std::int64_t created_at_ms = 0;
  int attempts = 0;
  std::string operations;  // JSON: [{"op","table","id","values","base"}].
  std::string
      code;  // Parked: the server's SQLSTATE or CV code, its words, and the row it is about.
  std::string message;
  std::string table;
  std::string id;
};

// A column on which this device and the server disagreed, and what became of it. Values are JSON.
struct ConflictInfo {
  std::int64_t number = 0;
  std::int64_t at_ms = 0;
  std::string table;
  std::string id;
  std::string column;
  std::string base;
  std::string client;
  std::string server;
  std::string kept;  // "server" or "client".
  std::string rule;
};

enum class PendingWork {
  Refuse,   // Sign-out fails while writes wait to be sent.
  Discard,  // They are deleted with the database.
  Keep,     // The database stays for the next sign-in of the same user.
};

class ClientImpl;

class Client {
 public:
  // Opens a home. Reads no network. Errors: InvalidSchema, Io, Corrupt (config.json can't be read).
  static Result<Client> open(ClientOptions options);

  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();

  // Says which project this home belongs to. Reads no network.
  // Errors: InvalidArgument (URL or key; says why), AlreadyExists if another project is set up and
  // somebody's data is here.
  Status configure(const ProjectInfo& project);

  // Errors: NotConfigured, InvalidCredentials, AlreadyExists (sign-up), InvalidApiKey, Refused
  // (sign-ups closed, e-mail not confirmed), Offline and its kin; WrongDatabase if another user's
  // data is here.
  Result<UserInfo> sign_up(const std::string& email, const std::string& password);
  Result<UserInfo> sign_in(const std::string& email, const std::string& password);

  // Ends the session here and on the server. An unreachable server does not keep anybody signed in:
  // the session is forgotten all the same, and the error (Offline) says that the server could not
  // be told. With PendingWork::Keep the data is in reach again when the same user signs in again.
  // Errors: Busy with PendingWork::Refuse and unsent writes, SyncRunning: nothing is changed.
  Status sign_out(PendingWork pending);

  // The database of the user of this home; opened at the first call, the same ever after.
  // Errors: NotConfigured, SignInRequired if nobody has ever signed in here, and those of
  // Database::open.
  Result<Database*> database();

  // One round: send what waits, fetch what changed, until both sides agree. Interrupted at any
  // point it loses nothing, and the next call goes on. Errors: Offline and its kin, SignInRequired,
  // Refused, NotInstalled, ProtocolMismatch, SchemaMismatch, ServerRestored, SyncRunning, DiskFull
  // … A mutation that the server refuses is not an error of the sync: it is parked and counted in
  // the report.
  Result<SyncReport> sync(SyncOptions options = {});

  Result<SyncStatus> status();
  Result<std::vector<QueueEntry>> queue();
  Result<std::vector<ConflictInfo>> conflicts();

 private:
  explicit Client(std::unique_ptr<ClientImpl> impl);
  std::unique_ptr<ClientImpl> impl_;
};

}  // namespace convoy
