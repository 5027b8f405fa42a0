#include "client/client_impl.h"

#include <filesystem>
#include <utility>

#include "client/background.h"
#include "client/status_feed.h"
#include "platform/posix/secret_file.h"
#include "supabase/project.h"

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

}  // namespace

ClientImpl::ClientImpl(ClientOptions options, client::Home home)
    : options_(std::move(options)),
      home_(std::move(home)),
      session_store_(home_.session_path()),
      clock_(options_.clock != nullptr ? options_.clock : &posix_clock_),
      random_(options_.random != nullptr ? options_.random : &posix_random_),
      transport_(options_.transport != nullptr ? options_.transport : &curl_),
      sockets_(options_.sockets != nullptr ? options_.sockets : &web_sockets_),
      board_([this] {
        const std::lock_guard lock(helpers_);
        if (feed_) feed_->wake();
      }) {}

// The background tells the feed to its end.
ClientImpl::~ClientImpl() {
  stop();
  if (feed_) feed_->close();
}

Result<std::unique_ptr<ClientImpl>> ClientImpl::open(ClientOptions options) {
  CONVOY_CHECK_OK(validate(options.schema));
  CONVOY_CHECK_OK(validate(options.migrations, options.schema));
  CONVOY_TRY(auto home, client::Home::open(options.home));
  CONVOY_CHECK_OK(home.load());  // A damaged configuration shows now, not at the first use.
  return std::unique_ptr<ClientImpl>(new ClientImpl(std::move(options), std::move(home)));
}

Result<ClientImpl::Access> ClientImpl::connect() {
  CONVOY_TRY(auto config, home_.load());
  if (!config.project) return not_configured();
  CONVOY_TRY(auto project, supabase::Project::create(config.project->url, config.project->api_key));
  auto auth =
      std::make_unique<supabase::Auth>(std::move(project), *transport_, session_store_, *clock_);
  return Access{.config = std::move(config), .auth = std::move(auth)};
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

Result<UserInfo> ClientImpl::adopt_session(Access connection, const supabase::Session& session) {
  const UserInfo user{.id = session.user_id, .email = session.email};
  connection.config.user = user;
  CONVOY_CHECK_OK(home_.save(connection.config));
  // A device that was signed out from another one goes on as a new one.
  const auto path = home_.database_path(*connection.config.project, user);
  if (std::filesystem::exists(path)) {
    CONVOY_TRY(auto mine, replica());
    CONVOY_CHECK_OK(mine.renew_revoked());
  }
  if (background_) background_->signed_in();
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

// Our own threads let go of the file first, and look whose it is when they are let go on.
Status ClientImpl::sign_out(PendingWork pending) {
  if (background_) background_->suspend();
  if (feed_) feed_->suspend();
  auto status = sign_out_quietly(pending);
  if (feed_) feed_->resume();
  if (background_) background_->resume_tenure();
  return status;
}

Status ClientImpl::sign_out_quietly(PendingWork pending) {
  CONVOY_TRY(auto connection, connect());
  if (!connection.config.user) return ok_status();
  CONVOY_TRY(const auto lock,
             lease(home_.database_path(*connection.config.project, *connection.config.user)));
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

std::optional<std::string> ClientImpl::database_path() const {
  const auto config = home_.load();
  if (!config.ok() || !config->project || !config->user) return std::nullopt;
  return home_.database_path(*config->project, *config->user);
}

}  // namespace convoy
