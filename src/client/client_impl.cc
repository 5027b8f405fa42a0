#include "client/client_impl.h"

#include <chrono>
#include <utility>

#include "platform/posix/file_lock.h"
#include "platform/posix/secret_file.h"
#include "remote/supabase_remote.h"
#include "supabase/postgrest.h"
#include "supabase/project.h"
#include "sync/engine.h"

namespace convoy {
namespace {

Error not_configured() {
  return {.code = ErrorCode::NotConfigured,
          .message = "no Supabase project is set up here",
          .hint = "Run `convoy init --url https://<project>.supabase.co --key <publishable key>`."};
}

Error nobody_signed_in() {
  return {.code = ErrorCode::SignInRequired,
          .message = "nobody has signed in here yet",
          .hint = "Run `convoy login`."};
}

// One process at a time syncs a file. The lock goes with the process, however that ends.
Result<platform::FileLock> lock_sync(const std::string& database_path) {
  auto lock =
      platform::FileLock::acquire(database_path + ".sync.lock", std::chrono::milliseconds{0});
  if (lock.ok() || lock.error().code != ErrorCode::Busy) return lock;
  return Error{.code = ErrorCode::SyncRunning,
               .message = "another process is syncing this database",
               .hint = "It sends your writes too; try again when it has finished."};
}

SyncPhase phase_of(sync::machine::Progress::Phase phase) {
  using Phase = sync::machine::Progress::Phase;
  switch (phase) {
    case Phase::Pushing:
      return SyncPhase::Pushing;
    case Phase::Pulling:
      return SyncPhase::Pulling;
    case Phase::BackFilling:
      return SyncPhase::BackFilling;
    case Phase::Done:
      break;
  }
  return SyncPhase::Done;
}

}  // namespace

ClientImpl::ClientImpl(ClientOptions options, client::Home home)
    : options_(std::move(options)),
      home_(std::move(home)),
      session_store_(home_.session_path()),
      clock_(options_.clock != nullptr ? options_.clock : &posix_clock_),
      random_(options_.random != nullptr ? options_.random : &posix_random_),
      transport_(options_.transport != nullptr ? options_.transport : &curl_) {}

Result<std::unique_ptr<ClientImpl>> ClientImpl::open(ClientOptions options) {
  CONVOY_CHECK_OK(validate(options.schema));
  CONVOY_CHECK_OK(validate(options.migrations, options.schema));
  CONVOY_TRY(auto home, client::Home::open(options.home));
  CONVOY_CHECK_OK(home.load());  // A damaged configuration shows now, not at the first use.
  return std::unique_ptr<ClientImpl>(new ClientImpl(std::move(options), std::move(home)));
}

Result<ClientImpl::Connection> ClientImpl::connect() {
  CONVOY_TRY(auto config, home_.load());
  if (!config.project) return not_configured();
  CONVOY_TRY(auto project, supabase::Project::create(config.project->url, config.project->api_key));
  auto auth =
      std::make_unique<supabase::Auth>(std::move(project), *transport_, session_store_, *clock_);
  return Connection{.config = std::move(config), .auth = std::move(auth)};
}

Status ClientImpl::configure(const ProjectInfo& project) {
  CONVOY_TRY(auto checked, supabase::Project::create(project.url, project.api_key));
  CONVOY_TRY(auto config, home_.load());
  if (config.user && config.project && config.project->url != checked.url()) {
    return Error{.code = ErrorCode::AlreadyExists,
                 .message = home_.path() + " belongs to " + config.project->url +
                            " and holds data of " +
                            (config.user->email.empty() ? config.user->id : config.user->email),
                 .hint = "Run `convoy logout` first, or use another home: --home DIR."};
  }
  config.project = ProjectInfo{.url = checked.url(), .api_key = checked.api_key()};
  return home_.save(config);
}

Result<UserInfo> ClientImpl::adopt_session(Connection connection,
                                           const supabase::Session& session) {
  const UserInfo user{.id = session.user_id, .email = session.email};
  connection.config.user = user;
  CONVOY_CHECK_OK(home_.save(connection.config));
  return user;
}

Result<UserInfo> ClientImpl::sign_up(const std::string& email, const std::string& password) {
  CONVOY_TRY(auto connection, connect());
  if (connection.config.user) {
    return Error{.code = ErrorCode::WrongDatabase,
                 .message = "data of " + connection.config.user->email + " is here",
                 .hint = "Run `convoy logout` first, or use another home: --home DIR."};
  }
  CONVOY_TRY(auto session, connection.auth->sign_up(email, password));
  return adopt_session(std::move(connection), session);
}

Result<UserInfo> ClientImpl::sign_in(const std::string& email, const std::string& password) {
  CONVOY_TRY(auto connection, connect());
  const auto expected = connection.config.user ? connection.config.user->id : "";
  CONVOY_TRY(auto session,
             connection.auth->sign_in_with_password(email, password, {.user_id = expected}));
  return adopt_session(std::move(connection), session);
}

Status ClientImpl::sign_out(PendingWork pending) {
  CONVOY_TRY(auto connection, connect());
  if (!connection.config.user) return ok_status();
  CONVOY_TRY(auto lock,
             lock_sync(home_.database_path(*connection.config.project, *connection.config.user)));
  if (pending == PendingWork::Refuse) {
    CONVOY_TRY(auto replica, this->replica());
    CONVOY_TRY(const auto counts, replica.counts());
    if (counts.pending + counts.parked > 0) {
      return Error{
          .code = ErrorCode::Busy,
          .message = std::to_string(counts.pending + counts.parked) +
                     " writes have not reached the server",
          .hint = "Run `convoy sync` first, or sign out with --keep-data or --discard-pending."};
    }
  }
  auto told = connection.auth->sign_out();
  connection.config.user.reset();
  if (pending != PendingWork::Keep) CONVOY_CHECK_OK(remove_database());
  CONVOY_CHECK_OK(home_.save(connection.config));
  return told;
}

Status ClientImpl::remove_database() {
  CONVOY_TRY(auto config, home_.load());
  if (!config.project || !config.user) return ok_status();
  const std::lock_guard lock(opening_);
  database_.reset();
  const auto path = home_.database_path(*config.project, *config.user);
  // The lock's own file stays: removing it while we hold it would let two processes hold "the"
  // lock.
  for (const char* suffix : {"", "-wal", "-shm"}) {
    CONVOY_CHECK_OK(platform::remove_secret_file(path + suffix));
  }
  return ok_status();
}

Result<Database*> ClientImpl::database() {
  const std::lock_guard lock(opening_);
  if (!database_) {
    CONVOY_TRY(auto config, home_.load());
    if (!config.project) return not_configured();
    if (!config.user) return nobody_signed_in();
    CONVOY_TRY(database_,
               Database::open({.path = home_.database_path(*config.project, *config.user),
                               .schema = options_.schema,
                               .migrations = options_.migrations,
                               .on_missing_migration = options_.on_missing_migration,
                               .project = config.project->url,
                               .user = config.user->id,
                               .clock = clock_,
                               .random = random_}));
  }
  return &*database_;
}

Result<store::Replica> ClientImpl::replica() {
  CONVOY_TRY(auto* database, this->database());
  return store::Replica(*database);
}

Result<SyncReport> ClientImpl::sync(const SyncOptions& options) {
  CONVOY_TRY(auto connection, connect());
  if (!connection.config.user) return nobody_signed_in();
  CONVOY_TRY(auto* database, this->database());
  CONVOY_TRY(auto lock,
             lock_sync(home_.database_path(*connection.config.project, *connection.config.user)));

  supabase::Rest rest(connection.auth->project(), *transport_, connection.auth.get(), *clock_);
  remote::SupabaseRemote remote(rest, connection.config.user->id);
  store::Replica replica(*database);
  CONVOY_TRY(const auto before, replica.counts());
  sync::Engine engine(replica, options_.schema, remote, *clock_);
  sync::RunOptions run{.cancellation = options.cancellation};
  if (options.on_progress) {
    run.on_progress = [&](const sync::machine::Progress& progress) {
      options.on_progress({.phase = phase_of(progress.phase),
                           .rows_received = progress.rows_received,
                           .rows_expected = progress.rows_expected,
                           .mutations_sent = progress.mutations_sent,
                           .mutations_expected = before.pending});
    };
  }
  CONVOY_TRY(const auto progress, engine.run(run));
  const auto traffic = remote.traffic();
  return SyncReport{.rows_received = progress.rows_received,
                    .mutations_sent = progress.mutations_sent,
                    .conflicts = progress.conflicts,
                    .parked = progress.parked,
                    .scopes_gained = progress.scopes_gained,
                    .scopes_lost = progress.scopes_lost,
                    .bytes_up = traffic.bytes_up,
                    .bytes_down = traffic.bytes_down,
                    .requests = traffic.requests};
}

Result<SyncStatus> ClientImpl::status() {
  CONVOY_TRY(auto config, home_.load());
  SyncStatus status{.project = config.project, .user = config.user};
  if (!config.project || !config.user) return status;
  status.database_path = home_.database_path(*config.project, *config.user);
  CONVOY_TRY(auto connection, connect());
  CONVOY_TRY(const auto session, connection.auth->session());
  status.is_signed_in = session.has_value();
  CONVOY_TRY(auto replica, this->replica());
  CONVOY_TRY(const auto counts, replica.counts());
  status.rows = counts.rows;
  status.pending = counts.pending;
  status.parked = counts.parked;
  status.conflicts = counts.conflicts;
  status.oldest_pending_ms = counts.oldest_pending_ms;
  CONVOY_TRY(const auto state, replica.load());
  status.scopes = static_cast<std::int64_t>(state.scopes.size());
  for (const auto& [id, scope] : state.scopes) {
    if (scope.is_backfilling) ++status.scopes_backfilling;
  }
  CONVOY_TRY(const auto last, replica.last_run(false));
  if (last) {
    status.last_sync = LastSync{.finished_at_ms = last->finished_at_ms,
                                .error_code = last->error_code,
                                .error_message = last->error_message};
  }
  CONVOY_TRY(const auto success, replica.last_run(true));
  if (success) status.last_success_ms = success->finished_at_ms;
  return status;
}

}  // namespace convoy
