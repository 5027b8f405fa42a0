// The client's half that tells how things stand.
#include <sys/stat.h>

#include <utility>

#include "client/background.h"
#include "client/client_impl.h"
#include "client/status_feed.h"
#include "client/sync_state.h"

namespace convoy {
namespace {

// Another text whenever the file was replaced or written.
std::string mark_of(const std::string& path) {
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0) return "-;";
  return std::to_string(info.st_ino) + "." + std::to_string(info.st_mtim.tv_sec) + "." +
         std::to_string(info.st_mtim.tv_nsec) + ";";
}

std::string count_sql(const std::string& table) {
  return "select count(*) filter (where _status <> 'deleted'), count(*) filter (where _status <> "
         "'synced') from \"" +
         table + "\"";
}

Result<std::vector<TableStatus>> count_tables(Database& database) {
  std::vector<TableStatus> tables;
  for (const auto& table : database.schema().tables) {
    CONVOY_TRY(const auto counted, database.select(count_sql(table.name)));
    const auto number = [&](std::size_t column) {
      const auto* value = std::get_if<double>(&counted.rows.front()[column]);
      return value == nullptr ? 0 : static_cast<std::int64_t>(*value);
    };
    tables.push_back({.name = table.name, .rows = number(0), .unsent = number(1)});
  }
  return tables;
}

}  // namespace

Result<SyncStatus> ClientImpl::status(Detail detail) {
  CONVOY_TRY(const auto connection, home_.load());
  SyncStatus status{.user = connection.user};
  if (connection.project) status.project_url = connection.project->url;
  if (!connection.project || !connection.user) return status;
  status.database_path = home_.database_path(*connection.project, *connection.user);
  CONVOY_TRY(const auto opened, connect());
  CONVOY_TRY(const auto session, opened.auth->session());
  status.is_signed_in = session.has_value();

  auto state = board_.state().value_or(client::read_sync_state(status.database_path));
  status.connection = state.connection;
  status.realtime = state.realtime;
  status.is_metered = state.is_metered;
  status.syncing_process = state.process;
  status.activity = std::move(state.activity);
  status.next_attempt_ms = state.next_attempt_ms;
  CONVOY_CHECK_OK(add_local_facts(status, detail));
  return status;
}

Status ClientImpl::add_local_facts(SyncStatus& status, Detail detail) {
  CONVOY_TRY(auto* database, this->database());
  store::Replica replica(*database);
  CONVOY_TRY(const auto counts, replica.counts());
  status.rows = counts.rows;
  status.pending = counts.pending;
  status.parked = counts.parked;
  status.conflicts = counts.conflicts;
  status.conflicts_open = counts.conflicts_open;
  status.clock_offset_ms = counts.clock_offset_ms;
  status.oldest_pending_ms = counts.oldest_pending_ms;
  CONVOY_TRY(const auto last, replica.last_run(false));
  if (last) {
    status.last_sync = LastSync{.finished_at_ms = last->finished_at_ms,
                                .cause = last->cause,
                                .error_code = last->error_code,
                                .error_message = last->error_message,
                                .error_hint = last->error_hint};
  }
  CONVOY_TRY(const auto success, replica.last_run(true));
  if (success) status.last_success_ms = success->finished_at_ms;
  CONVOY_TRY(const auto traffic, replica.traffic());
  status.bytes_up = traffic.bytes_up;
  status.bytes_down = traffic.bytes_down;
  CONVOY_TRY(const auto verified, replica.last_verification());
  if (verified) {
    status.verification = VerificationStatus{.finished_at_ms = verified->finished_at_ms,
                                             .rows = verified->rows,
                                             .repaired = verified->repaired,
                                             .unrepaired = verified->unrepaired};
  }
  CONVOY_TRY(const auto books, replica.load());
  for (const auto& [name, problem] : books.stopped) {
    status.stopped.push_back({.name = name, .problem = problem});
  }
  for (const auto& [id, scope] : books.scopes) {
    // A round that went well has brought every scope up to date.
    status.scopes.push_back(
        {.id = id,
         .visibility = scope.visibility,
         .is_backfilling = scope.is_backfilling,
         .rows_received = scope.rows_received,
         .rows_expected = scope.rows_expected,
         .current_at_ms = scope.is_backfilling ? std::nullopt : status.last_success_ms});
  }
  if (detail == Detail::WithoutTables) return ok_status();
  CONVOY_TRY(status.tables, count_tables(*database));
  return ok_status();
}

StatusSubscription ClientImpl::observe_status(
    std::function<void(const Result<SyncStatus>&)> on_change, Executor* deliver_on) {
  client::StatusFeed* feed = nullptr;
  {
    const std::lock_guard lock(helpers_);
    if (!feed_) feed_ = std::make_unique<client::StatusFeed>(*this);
    feed = feed_.get();
  }
  return StatusSubscription(feed->add(std::move(on_change), deliver_on));
}

std::string ClientImpl::outside_signature() const {
  auto signature = mark_of(home_.path() + "/config.json") + mark_of(home_.session_path());
  if (const auto path = database_path()) {
    signature += mark_of(client::sync_state_path(*path));
    signature += platform::FileLock::is_held(client::sync_lock_path(*path)) ? "held" : "free";
  }
  return signature;
}

}  // namespace convoy
