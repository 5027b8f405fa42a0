// client.h: one device of one person: the local database, the session and sync, put together. Owned
// by the layer `client`.
//
// A client lives in a folder, its home: the project's address and key (config.json), the session
// (session.json, mode 0600), and one database file for each (project, user). Thread-safety:
// thread-compatible, except that what says so may be used from any thread while anything else runs
// in another. Several processes may share one home; one of them syncs at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "convoy/conflicts.h"
#include "convoy/database.h"
#include "convoy/migration.h"
#include "convoy/outbox.h"
#include "convoy/result.h"
#include "convoy/schema.h"
#include "convoy/server.h"
#include "convoy/status.h"

namespace convoy {

namespace base {
class Cancellation;
class Clock;
class Random;
}  // namespace base

namespace net {
class HttpTransport;
class WebSocketConnector;
}  // namespace net

class Executor;

struct ClientOptions {
  std::string home;  // Made with mode 0700 if it is not there.
  Schema schema;
  Migrations migrations;  // As DatabaseOptions has them.
  MissingMigration on_missing_migration = MissingMigration::Refuse;
  // Borrowed; null means the real one. Tests put simulated ones here.
  base::Clock* clock = nullptr;
  base::Random* random = nullptr;
  net::HttpTransport* transport = nullptr;
  net::WebSocketConnector* sockets = nullptr;
  // What the list of devices says this is: "convoy 0.1.0". Empty: nothing.
  std::string program;
};

struct ProjectInfo {
  std::string url;  // "https://<ref>.supabase.co", without a slash at the end.
  std::string
      api_key;  // The publishable key, or the legacy anon key. Never a secret or service_role key.
};

// Syncing in the background, see docs/design/scheduler.md.
struct BackgroundOptions {
  bool use_realtime = true;  // Where the project has it.
  bool is_metered = false;   // See set_metered().
  // Around these, ± 50 %, when nothing happens; longer when nothing has happened for a while.
  std::chrono::milliseconds poll_interval{60'000};
  std::chrono::milliseconds poll_interval_with_realtime{300'000};
  // How often what is here is compared with the server, see verify(): when a sync has found nothing
  // new. Not on a metered network. 0: never.
  std::chrono::milliseconds verify_interval{std::chrono::hours(24)};
};

// How far writes have come.
enum class SyncTier {
  Sent,       // The server has them.
  Confirmed,  // And a pull has shown them, together with whatever else there was by then.
};

struct AwaitOptions {
  SyncTier tier = SyncTier::Sent;
  std::chrono::milliseconds timeout{30'000};
  std::optional<std::int64_t> mutation;        // Only this one, see QueueEntry::number. Else all.
  base::Cancellation* cancellation = nullptr;  // Borrowed.
};

// Something out of the ordinary that a sync did to get on, and why: see docs/reference/cli.md.
struct SyncRecovery {
  std::string step;   // "start_over", "new_client_id", "back_fill_again", "repair" …
  std::string cause;  // "horizon", an SQLSTATE, a table …
};

// One sync of the past.
struct SyncLogEntry {
  std::int64_t started_at_ms = 0;
  std::int64_t finished_at_ms = 0;
  std::string cause;       // As SyncActivity has it.
  std::string error_code;  // Empty: it went well. Else an ErrorCode's name.
  std::string error_message;
  std::int64_t push_ms = 0;  // How long each phase took.
  std::int64_t pull_ms = 0;
  std::int64_t back_fill_ms = 0;
  std::vector<SyncRecovery> recoveries;
  std::int64_t rows_received = 0;
  std::int64_t mutations_sent = 0;
  std::int64_t bytes_up = 0;
  std::int64_t bytes_down = 0;
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

struct VerifyOptions {
  // Called from inside `verify`, on its thread: of the sync that comes first, then with
  // SyncPhase::Verifying. Null: nobody is told.
  std::function<void(const SyncProgress&)> on_progress;
  base::Cancellation* cancellation = nullptr;  // Borrowed.
};

// What a comparison with the server found, and did.
struct VerificationReport {
  struct Difference {
    std::string scope;
    std::string table;
    std::int64_t rows_here = 0;
    std::int64_t rows_there = 0;
    std::int64_t rows_repaired = 0;
    // False: the table differs still, because its values can't be kept as the server has them.
    bool is_repaired = false;
  };

  std::int64_t scopes = 0;          // Compared.
  std::int64_t scopes_skipped = 0;  // They kept changing; the next time, then.
  std::int64_t rows = 0;            // Compared.
  std::vector<Difference> differences;
  std::vector<std::string> tables_left_out;  // The server does not show them to this user.
  std::int64_t bytes_up = 0;                 // Of the comparison alone.
  std::int64_t bytes_down = 0;
};

enum class PendingWork {
  Refuse,   // Sign-out fails while writes wait to be sent.
  Discard,  // They are deleted with the database.
  Keep,     // The database stays for the next sign-in of the same user.
};

namespace client {
class StatusObserver;
}  // namespace client

// Keeps on telling; destroying it stops that: no callback begins afterwards, and one that runs on
// another thread is waited for. May outlive the client.
class [[nodiscard]] StatusSubscription {
 public:
  // To nothing.
  StatusSubscription() noexcept;
  explicit StatusSubscription(std::shared_ptr<client::StatusObserver> observer) noexcept;
  StatusSubscription(StatusSubscription&& other) noexcept;
  StatusSubscription& operator=(StatusSubscription&& other) noexcept;
  ~StatusSubscription();

  // As destroying it. Again: nothing.
  void stop() noexcept;

 private:
  std::shared_ptr<client::StatusObserver> observer_;
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

  // Whether this device holds what the server would show its user: syncs, compares hashes, and
  // fetches only what differs. What waits to be sent is not touched. In the background this happens
  // by itself, see BackgroundOptions. Errors: as sync().
  Result<VerificationReport> verify(VerifyOptions options = {});

  // Syncs in the background from now on, on threads of the client's own, whenever there is a reason
  // to; also when somebody signs in only later. If another process syncs this file, watches, and
  // takes over when that one ends, however it does. Errors: InvalidState if it was started already.
  Status start(BackgroundOptions options = {});
  // Ends that, in the middle of a request if need be; nothing is lost. Returns when all is quiet.
  // Without start(): nothing.
  void stop();

  // From any thread, with or without start(): a round as soon as can be, also while paused, by
  // whichever process syncs this file. Errors: InvalidState if none does.
  Status sync_now();
  // Thread-safe. No rounds until resume(), but those that somebody asks for. REQUIRES: start(), of
  // this process.
  void pause();
  void resume();
  // Thread-safe. A network that costs by the byte: local writes are sent, others' are fetched
  // rarely.
  void set_metered(bool is_metered);

  // Waits until all that is in the outbox now has come so far. Errors: Timeout, Cancelled; Rejected
  // if the server refused one of them; InvalidState if nobody syncs this file; and what keeps it
  // from syncing until somebody does something: SignInRequired …
  Status await_synced(const AwaitOptions& options = {});

  // Reads local data only.
  Result<SyncStatus> status();

  // Tells the status soon, and again after each change, whichever process made it (within a quarter
  // of a second). Changes that follow each other fast are told as one; the last is always told.
  // `deliver_on` is borrowed; null: a thread of the client's own. Callbacks run under no lock and
  // must not throw or destroy the client.
  StatusSubscription observe_status(std::function<void(const Result<SyncStatus>&)> on_change,
                                    Executor* deliver_on = nullptr);

  // As Outbox and ConflictLog have them.
  Result<std::vector<QueueEntry>> queue();
  Result<std::vector<ConflictInfo>> conflicts();
  // The latest syncs, newest first; some two hundred are kept.
  Result<std::vector<SyncLogEntry>> log(std::size_t count_max = 50);

  // --- The server. Each asks it once, as the user of this home. Errors: NotConfigured,
  // SignInRequired, Offline and its kin, NotInstalled, ProtocolMismatch, BadReply …

  // The synced tables as far as this user may see them: the reply of convoy_schema, as JSON.
  Result<std::string> describe_server();
  // Rows of a table as the user sees them now, past everything that is kept here, in PostgREST's
  // words: {"id", "eq.…"}, {"limit", "20"}. An array of objects, as JSON. Waits for a few seconds
  // at most. Errors: also NotInstalled if there is no such table.
  Result<std::string> read_rows(const std::string& table,
                                const std::vector<std::pair<std::string, std::string>>& parameters);
  // Tells the server of this device, under a new name unless that is empty.
  // Errors: also SignInRequired with the sqlstate CV012, if this device was signed out from another
  // one: signing in makes a new device of it.
  Result<ServerInfo> hello(const std::string& name = {});
  // The user's devices, the one seen last first. This one is among them after hello() or a push.
  Result<std::vector<DeviceInfo>> devices();
  // Signs a device out, for ever: its every sync is refused. What it holds stays there until its
  // program removes it. Errors: also NotFound.
  Status revoke_device(const std::string& id);
  // Whether a server with Convoy's SQL answers, whoever is signed in or nobody.
  Status reach_server();
  // What the server's own doctor finds, errors first. The key is a secret one; it is sent to the
  // project and kept nowhere. Errors: also InvalidArgument and InvalidApiKey.
  Result<std::vector<ServerFinding>> server_findings(const std::string& secret_key);

  // Looks through the local file; what is damaged, in SQLite's words. Reads all of it.
  Result<std::vector<std::string>> check_file();

 private:
  explicit Client(std::unique_ptr<ClientImpl> impl);
  std::unique_ptr<ClientImpl> impl_;
};

}  // namespace convoy
