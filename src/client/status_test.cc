// The status as JSON, and what processes tell each other.
#include "convoy/status.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "client/sync_state.h"
#include "platform/posix/file_lock.h"

namespace convoy {
namespace {

TEST(StatusJson, HasNullsForWhatIsNotThere) {
  EXPECT_EQ(
      to_json(SyncStatus{}),
      R"({"version":1,"project":null,"user":null,"signed_in":false,"database_path":null,)"
      R"("connection":"off","realtime":"off","metered":false,"syncing_process":null,)"
      R"("activity":null,"next_attempt_at":null,"last_sync":null,"last_success_at":null,)"
      R"("bytes_up":0,"bytes_down":0,"pending":0,"oldest_pending_at":null,"parked":0,)"
      R"("conflicts":0,"conflicts_open":0,"clock_offset_ms":0,"rows":0,"scopes":[],"tables":[],"stopped":[],"verification":null})");
}

TEST(StatusJson, SaysEverything) {
  const SyncStatus status{
      .project_url = "https://p",
      .user = UserInfo{.id = "u", .email = "ada@example.com"},
      .is_signed_in = true,
      .database_path = "/p.db",
      .connection = Connection::NeedsSignIn,
      .realtime = Realtime::Connecting,
      .is_metered = true,
      .syncing_process = 7,
      .activity = SyncActivity{.cause = "commit",
                               .started_at_ms = 1000,
                               .progress = {.phase = SyncPhase::BackFilling,
                                            .rows_received = 1,
                                            .rows_expected = 2,
                                            .mutations_sent = 3,
                                            .mutations_expected = 4},
                               .eta_ms = 5},
      .next_attempt_ms = 2000,
      .last_sync = LastSync{.finished_at_ms = 1000,
                            .cause = "timer",
                            .error_code = "Offline",
                            .error_message = "no route",
                            .error_hint = "wait"},
      .last_success_ms = 3000,
      .bytes_up = 6,
      .bytes_down = 7,
      .pending = 8,
      .oldest_pending_ms = 4000,
      .parked = 9,
      .conflicts = 10,
      .conflicts_open = 3,
      .clock_offset_ms = -7,
      .rows = 11,
      .scopes = {{.id = "s",
                  .visibility = "owner",
                  .is_backfilling = true,
                  .rows_received = 12,
                  .rows_expected = 13}},
      .tables = {{.name = "tasks", .rows = 14, .unsent = 15}},
      .stopped = {{.name = "marks", .problem = "gone"}},
      .verification =
          VerificationStatus{.finished_at_ms = 5000, .rows = 16, .repaired = 17, .unrepaired = 18}};
  EXPECT_EQ(
      to_json(status),
      R"({"version":1,"project":{"url":"https://p"},"user":{"id":"u","email":"ada@example.com"},)"
      R"("signed_in":true,"database_path":"/p.db","connection":"needs_sign_in",)"
      R"("realtime":"connecting","metered":true,"syncing_process":7,"activity":{)"
      R"("phase":"back_filling","cause":"commit","started_at":"1970-01-01T00:00:01+00:00",)"
      R"("rows_received":1,"rows_expected":2,"mutations_sent":3,"mutations_expected":4,"eta_ms":5},)"
      R"("next_attempt_at":"1970-01-01T00:00:02+00:00","last_sync":{)"
      R"("finished_at":"1970-01-01T00:00:01+00:00","cause":"timer","error":{"code":"Offline",)"
      R"("message":"no route","hint":"wait"}},"last_success_at":"1970-01-01T00:00:03+00:00",)"
      R"("bytes_up":6,"bytes_down":7,"pending":8,"oldest_pending_at":"1970-01-01T00:00:04+00:00",)"
      R"("parked":9,"conflicts":10,"conflicts_open":3,"clock_offset_ms":-7,"rows":11,"scopes":[{"id":"s","visibility":"owner",)"
      R"("backfilling":true,"rows_received":12,"rows_expected":13,"current_at":null}],)"
      R"("tables":[{"name":"tasks","rows":14,"unsent":15}],)"
      R"("stopped":[{"name":"marks","problem":"gone"}],"verification":{)"
      R"("finished_at":"1970-01-01T00:00:05+00:00","rows":16,"repaired":17,"unrepaired":18}})");
}

TEST(SyncState, ComesBackAsItWas) {
  const client::SyncState state{.connection = Connection::Offline,
                                .realtime = Realtime::On,
                                .is_metered = true,
                                .process = 42,
                                .activity = SyncActivity{.cause = "user",
                                                         .started_at_ms = 1,
                                                         .progress = {.phase = SyncPhase::Pulling,
                                                                      .rows_received = 2,
                                                                      .rows_expected = 3,
                                                                      .mutations_sent = 4,
                                                                      .mutations_expected = 5},
                                                         .eta_ms = 6},
                                .next_attempt_ms = 7};
  const auto back = client::decode_sync_state(client::encode(state));
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(client::encode(*back), client::encode(state));
  EXPECT_EQ(back->connection, Connection::Offline);
  EXPECT_EQ(back->activity->progress.phase, SyncPhase::Pulling);
  EXPECT_FALSE(client::decode_sync_state(R"({"version":2})").has_value());
  EXPECT_FALSE(client::decode_sync_state("{").has_value());
}

TEST(SyncState, CountsForAsLongAsItsWriterHoldsTheLock) {
  std::string folder = std::filesystem::temp_directory_path() / "convoy-state-XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const auto path = folder + "/p.db";
  EXPECT_EQ(client::read_sync_state(path).connection, Connection::Off);
  {
    const auto lock =
        platform::FileLock::acquire(client::sync_lock_path(path), platform::kFileLockLookMax);
    ASSERT_TRUE(lock.ok());
    EXPECT_EQ(client::read_sync_state(path).connection, Connection::Connecting)
        << "it has said nothing yet";
    ASSERT_TRUE(client::write_sync_state(path, {.connection = Connection::Online}).ok());
    EXPECT_EQ(client::read_sync_state(path).connection, Connection::Online);
  }
  EXPECT_EQ(client::read_sync_state(path).connection, Connection::Off) << "its writer has died";
  std::filesystem::remove_all(folder);
}

TEST(Remaining, FollowsThePaceSoFar) {
  const SyncProgress half{.phase = SyncPhase::Pulling, .rows_received = 500, .rows_expected = 1000};
  EXPECT_EQ(client::remaining_ms(half, 2000), 2000);
  EXPECT_EQ(client::remaining_ms(half, 10), std::nullopt) << "too early to tell";
  EXPECT_EQ(client::remaining_ms({.phase = SyncPhase::Pulling, .rows_received = 5}, 2000),
            std::nullopt);
  EXPECT_EQ(client::remaining_ms({.phase = SyncPhase::Pushing,
                                  .rows_received = 9,
                                  .mutations_sent = 3,
                                  .mutations_expected = 4},
                                 3000),
            1000);
  EXPECT_EQ(client::remaining_ms(
                {.phase = SyncPhase::Pulling, .rows_received = 20, .rows_expected = 10}, 2000),
            0);
}

}  // namespace
}  // namespace convoy
